import type { Found } from "../../cli/discover/model.ts";
import { resources } from "../../provider/index.ts";
import * as lifecycle from "../../provider/resource/lifecycle.ts";
import { createSession, type Session } from "../../provider/resource/session.ts";
import { AkkerisSimulator } from "../../simulators/akkeris.ts";
import { AntflySimulator } from "../../simulators/antfly.ts";
import { CitusSimulator } from "../../simulators/citus.ts";
import { CrunchyBridgeSimulator } from "../../simulators/crunchybridge.ts";
import type { Simulator } from "../../simulators/kit/simulator.ts";
import { accessTo } from "../scenarios/world.ts";
import { running } from "../simulators/kit/testing.ts";

/** The four systems, with what nobody's stack has yet. */
export interface Fleet {
  citus: CitusSimulator;
  bridge: CrunchyBridgeSimulator;
  akkeris: AkkerisSimulator;
  antfly: AntflySimulator;
  systems: readonly Simulator[];
  /** Everything that is to be found: kinds and IDs. */
  ids: [kind: string, id: string][];
  /** The values of the secrets, which no server returns, by key. */
  secretValues: Record<string, string>;
  /** A stack's configuration by which they are reached, without the namespace. */
  config: ReturnType<typeof accessTo>;
  /** How many requests all of them have had since the last {@link forget}. */
  requests(): number;
  forget(): void;
}

/** Starts the four systems without anything; they end with the running test. */
export async function emptyFleet(): Promise<Fleet> {
  const unhurried = { speed: 5000, requestsPerMinute: Number.POSITIVE_INFINITY };
  const citus = await running(new CitusSimulator(unhurried));
  const bridge = await running(new CrunchyBridgeSimulator({ speed: 5000 }));
  const akkeris = await running(new AkkerisSimulator());
  const antfly = await running(new AntflySimulator());
  const systems = [citus, bridge, akkeris, antfly];
  return {
    ...{ citus, bridge, akkeris, antfly, systems },
    ids: [],
    secretValues: {},
    config: accessTo(...systems),
    requests: () => systems.reduce((sum, { requests }) => sum + requests.length, 0),
    forget: () => {
      for (const system of systems) system.clearRequests();
    },
  };
}

/** One resource of each kind. */
export async function smallFleet(): Promise<Fleet> {
  const fleet = await emptyFleet();
  addFormation(fleet, { name: "events" });
  const primary = fleet.bridge.addCluster({ name: "orders" });
  addReplica(fleet, primary, { name: "orders-reports" });
  fleet.akkeris.addApp("shop-dev");
  addAppFormation(fleet, "shop-dev", { type: "worker", command: "node worker.js" });
  addSecret(fleet, "openai.api_key");
  return fleet;
}

/**
 * 12 formations, 8 replicas (two of them nested, one suspended), 40 app formations in 9 apps, and 6 secrets.
 */
export async function largeFleet(): Promise<Fleet> {
  const fleet = await emptyFleet();
  const regions = ["us-east-1", "eu-west-1", "ap-south-1"];
  for (let at = 0; at < 12; at++) {
    const tune = at % 2 === 1 ? { tune_attributes: largeTune } : {};
    addFormation(fleet, { name: `events-${at + 1}`, region: regions[at % 3], ...tune });
  }
  const orders = fleet.bridge.addCluster({ name: "orders" });
  const users = fleet.bridge.addCluster({ name: "users" });
  const first = addReplica(fleet, orders, { name: "orders-reports", is_ha: true });
  const second = addReplica(fleet, first, { name: "orders-reports-eu" });
  addReplica(fleet, second, { name: "orders-reports-eu-west" });
  addReplica(fleet, orders, { name: "orders-standby", is_suspended: true, state: "suspended" });
  addReplica(fleet, orders, { name: "orders-audit", environment: "production" });
  for (const name of ["users-one", "users-two", "users-three"]) addReplica(fleet, users, { name });
  const types = ["web", "worker", "jobs", "mailer", "cron"];
  for (let at = 0; at < 9; at++) {
    const app = `shop${at + 1}-production`;
    fleet.akkeris.addApp(app);
    // 4 × 5 + 5 × 4 = 40
    for (const type of types.slice(0, at < 4 ? 5 : 4)) {
      addAppFormation(fleet, app, { type, quantity: at % 4, size: `gp${(at % 3) + 1}` });
    }
  }
  for (const key of ["openai", "anthropic", "cohere", "s3", "smtp", "pager"]) {
    addSecret(fleet, `${key}.api_key`);
  }
  return fleet;
}

const largeTune = {
  ...{ coordinator_tune: "r5.large", coordinator_disk_size: "512", coordinator_ha: true },
  ...{ worker_tune: "r5.xlarge", worker_disk_size: "1024", worker_count: 4, worker_ha: true },
};

/** Adds a formation. */
export function addFormation(
  { citus, ids }: Fleet,
  partial: Parameters<CitusSimulator["addFormation"]>[0],
): ReturnType<CitusSimulator["addFormation"]> {
  const formation = citus.addFormation(partial);
  ids.push(["Formation", formation.id]);
  return formation;
}

/** Adds a formation of an app that is there. */
export function addAppFormation(
  { akkeris, ids }: Fleet,
  app: string,
  partial: Parameters<AkkerisSimulator["addFormation"]>[1],
): void {
  const { type } = akkeris.addFormation(app, partial);
  ids.push(["AppFormation", `${app}/${type}`]);
}

type Cluster = ReturnType<CrunchyBridgeSimulator["addCluster"]>;

/** Adds a replica beside its parent. */
export function addReplica(
  { bridge, ids }: Fleet,
  parent: Pick<Cluster, "id" | "network_id">,
  partial: Partial<Cluster> & { name: string },
): Cluster {
  const { network_id } = parent;
  // Older than a creation can take: of a younger one a list may not say whether it is ready.
  const created_at = "2026-01-01T00:00:00Z";
  const replica = bridge.addCluster({ network_id, created_at, parent_id: parent.id, ...partial });
  ids.push(["Replica", replica.id]);
  return replica;
}

/** Adds a secret, whose value no server returns. */
export function addSecret({ antfly, ids, secretValues }: Fleet, key: string): void {
  ids.push(["AntflySecret", key]);
  secretValues[key] = `value-of-${key}`;
  const now = Date.parse("2026-01-01T00:00:00Z");
  antfly.secrets.set(key, { value: `value-of-${key}`, createdAt: now, updatedAt: now });
}

/** The session of a command with the fleet's configuration. */
export function sessionOf({ config }: Fleet): Session {
  const plain = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "object" ? value?.secret : value,
  ]);
  const values: Record<string, unknown> = Object.fromEntries(plain);
  return createSession((key) => values[key], {});
}

/** Everything that the fleet has, read as an import reads it, nobody's yet. */
export async function foundIn(fleet: Fleet): Promise<Found[]> {
  const session = sessionOf(fleet);
  const found: Found[] = [];
  for (const [kind, id] of fleet.ids) found.push(await foundAs(session, kind, id));
  return found;
}

/** One resource as a command finds it. */
export async function foundAs(session: Session, kind: string, id: string): Promise<Found> {
  const definition = resources.find(({ name }) => name === kind);
  if (!definition) throw new Error(`there is no ${kind}`);
  const { signal } = new AbortController();
  const call = { signal, progress: () => {}, onWait: () => {}, warn: () => {} };
  const read = await lifecycle.read(definition, session, { id, state: {}, marks: {} }, call);
  if (!read) throw new Error(`there is no ${kind} ${id}`);
  const { system } = definition;
  return {
    ...{ definition, id: read.id, name: String(read.state.name ?? read.state.key ?? read.id) },
    account: { system, session, title: system.title, config: {}, server: "" },
    ...{ state: read.state, marks: read.marks },
    pending: lifecycle.pendingOf(definition, read),
    isLeaving: lifecycle.isLeaving(definition, read.state),
    managers: [],
  };
}
