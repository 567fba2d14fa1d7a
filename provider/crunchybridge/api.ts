import { randomUUID } from "node:crypto";
import type { HttpClient, SendOptions } from "../http/client";
import { Forbidden, unlessGone } from "../http/errors";
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

/** A cluster whose state is known. */
export type ClusterWithState = Cluster & { state: string };

/** What a cluster is doing. */
export interface Status {
  /** For instance `ready`, `creating`, `creation_failed`; open. */
  state: string;
  /** Upgrades and changes of HA that have not ended. */
  operations: Operation[];
}

/** States in which a cluster stays until somebody changes it. */
const settledStates = ["ready", "suspended"];

/** Whether a cluster is at rest: ready, or suspended by somebody. */
export function isSettled(state: string): boolean {
  return settledStates.includes(state);
}

/** Whether a cluster is in a state that it does not leave by itself, and is of no use in. */
export function hasFailed(state: string): boolean {
  return state === "creation_failed" || state === "failed";
}

/** The cluster API of Crunchy Bridge. IDs may be EIDs or UUIDs. */
export class CrunchyBridgeApi {
  private readonly client: HttpClient;

  constructor(client: HttpClient) {
    this.client = client;
  }

  /**
   * Creates a replica of a cluster. Costs money from here on.
   *
   * @param key a random UUID for the one replica that is meant: the server keeps it for an hour and
   * answers a repetition with what it made at first
   */
  createReplica(
    parentId: string,
    replica: NewReplica,
    key: string,
    options: SendOptions,
  ): Promise<Cluster> {
    return this.client.send(
      endpoints.createReplica,
      { parentId, replica },
      { ...options, headers: idempotent(key) },
    );
  }

  /** A cluster's own answer; undefined: gone. Whether it has `state` is the server's choice. */
  read(id: string, options: SendOptions): Promise<Cluster | undefined> {
    return unlessGone(this.client.send(endpoints.readCluster, { id }, options));
  }

  /** A cluster with its state, for which a second request goes out where its answer lacks it; undefined: gone. */
  async get(id: string, options: SendOptions): Promise<ClusterWithState | undefined> {
    const cluster = await this.read(id, options);
    if (!cluster) return undefined;
    const state =
      cluster.state ??
      (await unlessGone(this.client.send(endpoints.readStatus, { id }, options)))?.state;
    return state === undefined ? undefined : { ...cluster, state };
  }

  /**
   * State and pending operations; undefined: gone. A cluster that seems to be at rest is asked for
   * its pending upgrades too, since only that list says that there are none.
   */
  async status(id: string, options: SendOptions): Promise<Status | undefined> {
    const status = await unlessGone(this.client.send(endpoints.readStatus, { id }, options));
    if (!status) return undefined;
    const { state, ongoing_upgrade } = status;
    const operations = ongoing_upgrade?.operations ?? [];
    if (operations.length > 0 || !isSettled(state)) return { state, operations };
    const pending = await this.operations(id, options);
    return pending && { state, operations: pending };
  }

  /** Pending upgrades and changes of HA; undefined: the cluster is gone. */
  async operations(id: string, options: SendOptions): Promise<Operation[] | undefined> {
    const pending = await unlessGone(this.client.send(endpoints.readUpgrade, { id }, options));
    return pending?.operations;
  }

  /** All primaries that the key may see, on every page, with their replicas nested in them. */
  async list(options: SendOptions, teamId?: string): Promise<ListedCluster[]> {
    const clusters: ListedCluster[] = [];
    let cursor: string | undefined;
    for (;;) {
      const page = await this.client.send(endpoints.listClusters, { teamId, cursor }, options);
      clusters.push(...page.clusters);
      const next = page.next_cursor ?? undefined;
      // A cursor that stays would ask for the same page for ever.
      if (!page.has_more || next === undefined || next === cursor) return clusters;
      cursor = next;
    }
  }

  /** Changes what can be changed at once. */
  patch(id: string, patch: ClusterPatch, options: SendOptions): Promise<Cluster> {
    return this.client.send(
      endpoints.patchCluster,
      { id, patch },
      { ...options, headers: idempotent() },
    );
  }

  /** Starts a change of plan or storage. It is done when {@link operations} lists it no more. */
  upgrade(id: string, upgrade: Upgrade, options: SendOptions): Promise<undefined> {
    return this.client.send(
      endpoints.startUpgrade,
      { id, upgrade },
      { ...options, headers: idempotent() },
    );
  }

  /** Cancels an upgrade that has not begun. */
  cancelUpgrade(id: string, options: SendOptions): Promise<undefined> {
    return this.client.send(endpoints.cancelUpgrade, { id }, options);
  }

  /** Starts a change of HA. It is done when {@link operations} lists it no more. */
  setHa(id: string, enabled: boolean, options: SendOptions): Promise<undefined> {
    return this.client.send(enabled ? endpoints.enableHa : endpoints.disableHa, { id }, options);
  }

  /** Starts to make a replica an independent primary. It is done when it has no parent. */
  detach(id: string, options: SendOptions): Promise<undefined> {
    return this.client.send(endpoints.detachReplica, { id }, options);
  }

  /** Starts to destroy a cluster, with its data. @returns whether it is gone already */
  async destroy(id: string, options: SendOptions): Promise<boolean> {
    const sent = this.client.send(endpoints.destroyCluster, { id }, options);
    return (await unlessGone(sent.then(() => "destroying"))) === undefined;
  }

  /**
   * Whether a cluster that was destroyed is gone by now. A GET may answer 403 for a cluster that does
   * not exist; a repeated DELETE tells that from a missing permission.
   */
  async isGone(id: string, options: SendOptions): Promise<boolean> {
    try {
      return (await this.read(id, options)) === undefined;
    } catch (error) {
      if (!(error instanceof Forbidden)) throw error;
      return await this.destroy(id, options);
    }
  }

  /** Cloud providers with their plans and regions. */
  async providers(options: SendOptions): Promise<Provider[]> {
    return (await this.client.send(endpoints.listProviders, {}, options)).providers;
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

function idempotent(key: string = randomUUID()): Record<string, string> {
  return { "idempotency-key": key };
}
