import { randomUUID } from "node:crypto";
import type { HttpClient, SendOptions } from "../http/client";
import { Conflict, Forbidden, Gone, unlessGone } from "../http/errors";
import { type Clock, systemClock } from "../process/clock";
import { canonical } from "./eid";
import type {
  Cluster,
  ClusterPatch,
  ListedCluster,
  NewReplica,
  Operation,
  Provider,
  Upgrade,
} from "./endpoints";
import * as endpoints from "./endpoints";
import { allOf, nextOf } from "./paging";

/** A cluster whose state is known. */
export type ClusterWithState = Cluster & {
  state: string;
  /** When the upgrade that this resource scheduled may switch over: RFC 3339; null: none is pending. */
  upgrade_scheduled_for?: string | null;
};

/** What a cluster is doing. */
export interface Status {
  /** For instance `ready`, `creating`, `creation_failed`; open. */
  state: string;
  /** Upgrades and changes of HA that have not ended. */
  operations: Operation[];
}

/** Not a state that the server reports: the cluster existed and no longer does. */
export const destroyed = "destroyed";

/** States in which a cluster stays until somebody changes it. */
const settledStates = ["ready", "suspended"];

/** Whether a cluster is at rest: ready, or suspended by somebody. */
export function isSettled(state: string): boolean {
  return settledStates.includes(state);
}

/** Whether a cluster is broken and does not recover without help. */
export function hasFailed(state: string): boolean {
  return state === "creation_failed" || state === "failed";
}

/** The cluster API of Crunchy Bridge. IDs may be EIDs or UUIDs. */
export class CrunchyBridgeApi {
  readonly #client: HttpClient;

  /** The session's, for the age of what it shows. */
  readonly clock: Clock;

  constructor(client: HttpClient, clock: Clock = systemClock) {
    this.#client = client;
    this.clock = clock;
  }

  /**
   * Creates a replica of a cluster. Costs money from here on.
   *
   * @param key a random UUID that identifies the creation: for an hour the server answers a repeated
   * key with the replica that it created first
   */
  createReplica(
    parentId: string,
    replica: NewReplica,
    key: string,
    options: SendOptions,
  ): Promise<Cluster> {
    return this.#client.send(
      endpoints.createReplica,
      { parentId, replica },
      { ...options, headers: idempotent(key) },
    );
  }

  /** The cloud providers, with the prices of their plans. */
  async providers(options: SendOptions): Promise<Provider[]> {
    return (await this.#client.send(endpoints.listProviders, undefined, options)).providers;
  }

  /** A cluster's own response; undefined: gone. The server may leave out `state`. */
  read(id: string, options: SendOptions): Promise<Cluster | undefined> {
    return unlessGone(this.#client.send(endpoints.readCluster, { id }, options));
  }

  /** A cluster with its state, which takes a second request where the first response lacks it; undefined: gone. */
  get(id: string, options: SendOptions): Promise<ClusterWithState | undefined> {
    return unlessGone(this.#get(id, options));
  }

  /** {@link get}, which tells a cluster that was destroyed (410) from one that the server does not know. */
  look(id: string, options: SendOptions): Promise<ClusterWithState | typeof destroyed | undefined> {
    return unlessGone(unlessDestroyed(this.#get(id, options), destroyed));
  }

  async #get(id: string, options: SendOptions): Promise<ClusterWithState> {
    const cluster = await this.#client.send(endpoints.readCluster, { id }, options);
    if (cluster.state !== undefined) return { ...cluster, state: cluster.state };
    const status = await this.#client.send(endpoints.readStatus, { id }, options);
    return { ...cluster, state: status.state ?? presumedState(cluster) };
  }

  /**
   * State and pending operations; undefined: gone. For a cluster that seems to be at rest the pending
   * upgrades are read too, since only that list says that there are none.
   */
  status(id: string, options: SendOptions): Promise<Status | undefined> {
    return unlessGone(this.#status(id, options));
  }

  async #status(id: string, options: SendOptions): Promise<Status | undefined> {
    const status = await this.#client.send(endpoints.readStatus, { id }, options);
    const cluster = status.state === undefined ? await this.read(id, options) : undefined;
    const state = status.state ?? (cluster && (cluster.state ?? presumedState(cluster)));
    if (state === undefined) return undefined;
    const operations = status.ongoing_upgrade?.operations ?? [];
    if (operations.length > 0 || !isSettled(state)) return { state, operations };
    const pending = await this.operations(id, options);
    return pending && { state, operations: pending };
  }

  /**
   * {@link status} of a cluster that was created a moment ago; undefined: it is not visible yet, for which
   * the server answers 404 or 403. A 410 says that it existed: its state is `destroyed`.
   */
  statusOfNew(id: string, options: SendOptions): Promise<Status | undefined> {
    const ended = { state: destroyed, operations: [] };
    return unlessForbidden(unlessGone(unlessDestroyed(this.#status(id, options), ended)));
  }

  /** {@link read}, likewise; undefined: not visible yet. */
  readNew(id: string, options: SendOptions): Promise<Cluster | undefined> {
    return unlessForbidden(this.read(id, options));
  }

  /** Pending upgrades and changes of HA; undefined: the cluster is gone. */
  async operations(id: string, options: SendOptions): Promise<Operation[] | undefined> {
    const pending = await unlessGone(this.#client.send(endpoints.readUpgrade, { id }, options));
    return pending?.operations;
  }

  /**
   * All primaries of a team, on every page, with their replicas nested in them.
   *
   * @param teamId default: the personal team
   */
  async list(options: SendOptions, teamId?: string): Promise<ListedCluster[]> {
    return await allOf(async (cursor) => {
      const { clusters, next } = await this.page({ teamId, cursor }, options);
      return { items: clusters, next };
    });
  }

  /** A page of that list, of up to a hundred primaries; `next` is the cursor of the one that follows. */
  async page(
    at: { teamId?: string; cursor?: string },
    options: SendOptions,
  ): Promise<{ clusters: ListedCluster[]; next?: string }> {
    const { clusters, ...paging } = await this.#client.send(endpoints.listClusters, at, options);
    return { clusters, next: nextOf(paging, at.cursor) };
  }

  /** The IDs of all teams that the key's owner is in; undefined: the server does not list teams. */
  async teams(options: SendOptions): Promise<string[] | undefined> {
    const all = allOf(async (cursor) => {
      const { teams, ...paging } = await this.#client.send(
        endpoints.listTeams,
        { cursor },
        options,
      );
      return { items: teams.map(({ id }) => canonical(id)), next: nextOf(paging, cursor) };
    });
    return await unlessGone(all);
  }

  /** The replicas of a cluster, nested in each other, in one request; undefined: the cluster is gone. */
  async replicas(id: string, options: SendOptions): Promise<ListedCluster[] | undefined> {
    const seen = await unlessGone(this.#client.send(endpoints.readReplicas, { id }, options));
    return seen && (seen.replicas ?? []);
  }

  /** Changes settings; they hold at once. */
  patch(id: string, patch: ClusterPatch, options: SendOptions): Promise<Cluster> {
    return this.#client.send(
      endpoints.patchCluster,
      { id, patch },
      { ...options, headers: idempotent() },
    );
  }

  /** Starts a change of plan or storage. It has ended when {@link operations} no longer lists it. */
  upgrade(id: string, upgrade: Upgrade, options: SendOptions): Promise<undefined> {
    return this.#client.send(
      endpoints.startUpgrade,
      { id, upgrade },
      { ...options, headers: idempotent() },
    );
  }

  /** Cancels a change of plan or storage that has not switched over. Success when none is pending. */
  async cancelUpgrade(id: string, options: SendOptions): Promise<void> {
    await unlessGone(this.#client.send(endpoints.cancelUpgrade, { id }, options));
  }

  /** Starts a change of HA. It has ended when {@link operations} no longer lists it. */
  setHa(id: string, enabled: boolean, options: SendOptions): Promise<undefined> {
    return this.#client.send(enabled ? endpoints.enableHa : endpoints.disableHa, { id }, options);
  }

  /** Starts to make a replica an independent primary. It has ended when the cluster has no parent. */
  detach(id: string, options: SendOptions): Promise<undefined> {
    return this.#client.send(endpoints.detachReplica, { id }, options);
  }

  /** Starts to destroy a cluster with its data. @returns whether it was gone already */
  async destroy(id: string, options: SendOptions): Promise<boolean> {
    const sent = this.#client.send(endpoints.destroyCluster, { id }, options);
    return (await unlessGone(sent.then(() => "destroying"))) === undefined;
  }

  /**
   * Whether a cluster that was destroyed is gone by now. A GET may get a 403 for a cluster that does not
   * exist; a repeated DELETE tells that apart from a missing permission.
   */
  async isGone(id: string, options: SendOptions): Promise<boolean> {
    try {
      return (await this.read(id, options)) === undefined;
    } catch (error) {
      if (!(error instanceof Forbidden)) throw error;
      return await this.destroy(id, options);
    }
  }
}

/** The state of a cluster of which no response says it. */
function presumedState({ is_suspended, host }: Cluster): string {
  if (is_suspended) return "suspended";
  return host ? "ready" : "creating";
}

/** A response, or what stands for a 410, which says that the cluster existed. */
async function unlessDestroyed<T, D>(response: Promise<T>, ended: D): Promise<T | D> {
  try {
    return await response;
  } catch (error) {
    if (error instanceof Gone) return ended;
    throw error;
  }
}

async function unlessForbidden<T>(response: Promise<T>): Promise<T | undefined> {
  try {
    return await response;
  } catch (error) {
    if (error instanceof Forbidden) return undefined;
    throw error;
  }
}

/** Finds a cluster by its name in a list, replicas of replicas included. */
export function findByName(
  clusters: readonly ListedCluster[],
  name: string,
): ListedCluster | undefined {
  for (const cluster of clusters) {
    const found = cluster.name === name ? cluster : findByName(cluster.replicas ?? [], name);
    if (found) return { ...found, id: canonical(found.id) };
  }
  return undefined;
}

/**
 * Whether a creation was refused because its name is taken, or because the first request under its
 * idempotency key is still being handled.
 */
export function isNameTaken(error: unknown): boolean {
  return error instanceof Conflict;
}

function idempotent(key: string = randomUUID()): Record<string, string> {
  return { "idempotency-key": key };
}
