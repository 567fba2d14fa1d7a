import { Simulator, type SimulatorOptions } from "../kit/simulator.ts";
import { findPlan } from "./catalogue.ts";
import type { PendingOperation, PlatformFlavor, SimCluster, Underway } from "./cluster.ts";
import { newEid, toEid } from "./eid.ts";
import { defaultTeam, type SimTeam } from "./team.ts";

/** What the Crunchy Bridge simulator can be told; each is a public field too. */
export interface CrunchyBridgeOptions extends SimulatorOptions {
  /** Simulated seconds until a new replica is ready (300): half creating, half finalizing. */
  provisioningSeconds?: number;
  /** Simulated seconds that an upgrade or a change of HA runs (120). */
  operationSeconds?: number;
}

/** A network that clusters are in. */
export interface SimNetwork {
  id: string;
  provider_id: string;
  region_id: string;
}

/** Postgres's major versions by ID. */
export const postgresVersions = new Map([
  ["6ibnzig5avgutdgdzei2jwvvt4", 15],
  ["v3eygkynpfb7xjxpclzvkhnwxe", 16],
  ["zj2rq6wqrzf4bfybcwxsgsfopm", 17],
]);

/** States in which a cluster has no running Postgres to change or to replicate. */
export const notRunning = ["creating", "creation_failed", "destroying", "failed", "finalizing"];

/** The clusters and what goes on with them; tests change it directly to make drift. */
export abstract class CrunchyBridgeWorld extends Simulator {
  provisioningSeconds: number;
  operationSeconds: number;
  /** Simulated seconds until a detach takes effect. */
  detachSeconds = 60;
  /** Simulated seconds from DELETE until the cluster is gone. */
  destroyingSeconds = 30;
  /** Whether a cluster shows its new plan as soon as an upgrade is asked for; else when that ends. */
  showsPlanAtOnce = true;
  /** Makes the next replica end as creation_failed; false again once it is asked for. */
  failCreation = false;
  /** The EID of a cluster that a client creates under this name: a random one, unless told. */
  idOf: (name: string) => string = newEid;
  /** Networks by ID. */
  readonly networks = new Map<string, SimNetwork>();
  /** The teams of the key's owner by ID; at first, the personal one. */
  readonly teams = new Map<string, SimTeam>([
    [defaultTeam, { id: defaultTeam, name: "", is_personal: true }],
  ]);
  /** IDs of clusters that are gone: 410, where an unknown one is 404. */
  readonly destroyed = new Set<string>();

  private readonly world = new Map<string, SimCluster>();
  private readonly underway = new Map<string, Underway>();

  constructor(options: CrunchyBridgeOptions = {}) {
    super(options, "cbkey_simulated5d2e8a417c903b6f");
    this.provisioningSeconds = options.provisioningSeconds ?? 300;
    this.operationSeconds = options.operationSeconds ?? 120;
  }

  /** All clusters by EID, as they are now; destroyed ones are not among them. */
  get clusters(): Map<string, SimCluster> {
    for (const cluster of [...this.world.values()]) this.settle(cluster);
    return this.world;
  }

  /**
   * Adds a ready cluster that no client created: a primary, unless `parent_id` is given. Its team is added
   * too.
   * @param partial what differs from a standard-8 with 100 GB at aws in us-east-1.
   */
  addCluster(partial: Partial<SimCluster> = {}): SimCluster {
    const id = partial.id ?? newEid();
    const now = this.second();
    const provider_id = partial.provider_id ?? "aws";
    const region_id = partial.region_id ?? "us-east-1";
    const plan_id = partial.plan_id ?? "standard-8";
    const cluster: SimCluster = {
      id,
      name: `cluster ${id.slice(0, 6)}`,
      team_id: defaultTeam,
      parent_id: null,
      plan_id,
      provider_id,
      region_id,
      network_id: partial.network_id ?? this.addNetwork({ provider_id, region_id }).id,
      storage: 100,
      cpu: 0,
      memory: 0,
      is_ha: false,
      is_protected: false,
      is_suspended: false,
      environment: null,
      maintenance_window_start: null,
      major_version: 16,
      postgres_version_id: "v3eygkynpfb7xjxpclzvkhnwxe",
      host: hostOf(id),
      created_at: now,
      updated_at: now,
      state: "ready",
      ...this.planSize(provider_id, plan_id),
      ...partial,
    };
    this.world.set(id, cluster);
    this.underway.set(id, { operations: [] });
    if (!this.teams.has(cluster.team_id)) this.addTeam({ id: cluster.team_id });
    return cluster;
  }

  /** Adds a team that the key's owner is in. */
  addTeam(partial: Partial<SimTeam> = {}): SimTeam {
    const team = { id: newEid(), name: "another team", is_personal: false, ...partial };
    this.teams.set(team.id, team);
    return team;
  }

  /** Adds a network; at aws in us-east-1 unless told. */
  addNetwork(partial: Partial<SimNetwork> = {}): SimNetwork {
    const network = { id: newEid(), provider_id: "aws", region_id: "us-east-1", ...partial };
    this.networks.set(network.id, network);
    return network;
  }

  /** Grows the storage, as the service does automatically. @param storage GB. */
  autoresize(id: string, storage: number): void {
    this.known(id).storage = storage;
  }

  /** Schedules what the platform starts on its own. @param inSeconds simulated seconds from now. */
  schedule(id: string, flavor: PlatformFlavor, inSeconds: number): void {
    const nothing = { finish: () => {}, cancel: () => {} };
    const startsAt = this.clock.now() + inSeconds * 1000;
    this.beginOperation(this.known(id), { flavor, ...nothing }, startsAt);
  }

  /** The cluster is gone at once, outside the API. */
  destroyOutOfBand(id: string): void {
    this.remove(this.known(id));
  }

  /** The replica is an independent primary at once, outside the API. */
  detachOutOfBand(id: string): void {
    this.known(id).parent_id = null;
  }

  /** Puts a cluster into a state, where it stays. */
  setState(id: string, state: string): void {
    this.known(id).state = state;
    this.underwayWith(id).creatingSince = undefined;
  }

  /** The replicas of a cluster, direct ones only. */
  replicasOf(id: string): SimCluster[] {
    return [...this.clusters.values()].filter((cluster) => cluster.parent_id === id);
  }

  /** CPU and memory (GB) of a plan; nothing where the provider lacks it. */
  planSize(providerId: string, planId: string): { cpu?: number; memory?: number } {
    const plan = findPlan(providerId, planId);
    return plan === undefined ? {} : { cpu: plan.cpu, memory: plan.memory };
  }

  /** Adds a cluster that is being created. */
  protected beginCreation(partial: Partial<SimCluster> & Pick<SimCluster, "name">): SimCluster {
    const id = this.idOf(partial.name);
    const cluster = this.addCluster({ ...partial, id, state: "creating", host: "" });
    const underway = this.underwayWith(cluster.id);
    underway.creatingSince = this.clock.now();
    underway.fails = this.failCreation;
    this.failCreation = false;
    return cluster;
  }

  protected beginDetach(cluster: SimCluster): void {
    this.underwayWith(cluster.id).detachesAt ??= this.clock.now() + this.detachSeconds * 1000;
  }

  protected beginDestruction(cluster: SimCluster): void {
    const underway = this.underwayWith(cluster.id);
    underway.creatingSince = undefined;
    underway.goneAt ??= this.clock.now() + this.destroyingSeconds * 1000;
    cluster.state = "destroying";
  }

  /** Starts an operation, at once or at a simulated time in milliseconds. */
  beginOperation(
    cluster: SimCluster,
    operation: Pick<PendingOperation, "flavor" | "finish" | "cancel">,
    startsAt: number = this.clock.now(),
  ): void {
    const endsAt = startsAt + this.operationSeconds * 1000;
    this.underwayWith(cluster.id).operations.push({ ...operation, startsAt, endsAt });
    this.touch(cluster);
  }

  /** What is under way with a cluster of this world. */
  underwayWith(id: string): Underway {
    const underway = this.underway.get(id);
    if (underway === undefined) throw new Error(`the simulator has no cluster ${id}`);
    return underway;
  }

  protected touch(cluster: SimCluster): void {
    cluster.updated_at = this.second();
  }

  private known(id: string): SimCluster {
    const cluster = this.clusters.get(toEid(id) ?? "");
    if (cluster === undefined) throw new Error(`the simulator has no cluster ${id}`);
    return cluster;
  }

  private remove(cluster: SimCluster): void {
    this.world.delete(cluster.id);
    this.underway.delete(cluster.id);
    this.destroyed.add(cluster.id);
  }

  /** Brings a cluster up to the simulated time. */
  private settle(cluster: SimCluster): void {
    const now = this.clock.now();
    const underway = this.underwayWith(cluster.id);
    if (underway.goneAt !== undefined && underway.goneAt <= now) {
      this.remove(cluster);
      return;
    }
    this.settleCreation(cluster, underway, now);
    const ended = underway.operations.filter(({ endsAt }) => endsAt <= now);
    underway.operations = underway.operations.filter(({ endsAt }) => endsAt > now);
    for (const operation of ended) operation.finish();
    if (underway.detachesAt !== undefined && underway.detachesAt <= now) {
      underway.detachesAt = undefined;
      cluster.parent_id = null;
    }
  }

  private settleCreation(cluster: SimCluster, underway: Underway, now: number): void {
    if (underway.creatingSince === undefined) return;
    const seconds = (now - underway.creatingSince) / 1000;
    if (seconds >= this.provisioningSeconds) {
      underway.creatingSince = undefined;
      cluster.state = underway.fails ? "creation_failed" : "ready";
      cluster.host = underway.fails ? "" : hostOf(cluster.id);
    } else if (seconds >= this.provisioningSeconds / 2) {
      cluster.state = "finalizing";
    }
  }

  /** Now, in RFC 3339 to the second, as the page's examples have it. */
  private second(): string {
    return this.clock.timestamp().replace(/\.\d+Z$/, "Z");
  }
}

function hostOf(id: string): string {
  return `p.${id}.crunchybridge.com`;
}
