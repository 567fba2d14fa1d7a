import type { Values } from "../../../provider/resource/values.ts";
import { AkkerisSimulator } from "../../../simulators/akkeris.ts";
import { AntflySimulator } from "../../../simulators/antfly.ts";
import { CitusSimulator } from "../../../simulators/citus.ts";
import { CrunchyBridgeSimulator } from "../../../simulators/crunchybridge.ts";
import type { Simulator } from "../../../simulators/kit/simulator.ts";
import { running } from "../../simulators/kit/testing.ts";
import { formationInputs as formationArgs } from "../../support/formation-inputs.ts";
import { primaryId } from "../world.ts";

/** What is done to a resource, in the order in which it is done. */
export const verbs = ["create", "read", "update", "delete"] as const;
export type Verb = (typeof verbs)[number];

/** A request, as a fault is ordered for it. */
interface Target {
  method: string;
  path: string | RegExp;
}

/** The request of a verb that a fault strikes. */
export interface Strike extends Target {
  /** The request right before it; absent where it is the verb's first. */
  after?: Target;
}

/** One resource of the matrix, alone on its simulator. */
export interface Row {
  /** Its logical name: the resource's type, and where it is struck if not where something changes. */
  name: string;
  type: string;
  simulator: Simulator;
  /** As it is created, and as it is changed. */
  inputs: readonly [Values, Values];
  /** By verb; absent: the verb sends nothing, or another row has it. */
  strikes: Partial<Record<Verb, Strike>>;
  /** What the server has, in the words of the inputs, with the ID; absent where it has nothing of it. */
  exists?(): Values[];
}

/** The systems of an account, one simulator for each resource. */
export interface Account {
  citus: CitusSimulator;
  bridge: CrunchyBridgeSimulator;
  akkeris: AkkerisSimulator;
  antfly: AntflySimulator;
  /** Another server, for schedules. */
  backups: AntflySimulator;
}

const app = "shop-dev";

/** Starts an account's systems; they end with the test. */
export async function account(): Promise<Account> {
  // A simulated hour, for which keys are remembered, is 3.6 s.
  const speed = 1000;
  const unlimited = { requestsPerMinute: Number.POSITIVE_INFINITY };
  const systems = {
    citus: await running(new CitusSimulator({ speed, ...unlimited })),
    bridge: await running(new CrunchyBridgeSimulator({ speed })),
    akkeris: await running(new AkkerisSimulator()),
    antfly: await running(new AntflySimulator()),
    backups: await running(new AntflySimulator()),
  };
  systems.bridge.addCluster({ id: primaryId, name: "orders" });
  systems.akkeris.addApp(app);
  return systems;
}

/** A provider's configuration for an account, tokens included. */
export function accessTo({ citus, bridge, akkeris, antfly }: Account) {
  return {
    citusUrl: citus.url,
    // Waiting looks every 10 ms then.
    citusRequestsPerMinute: "6000",
    crunchyBridgeUrl: bridge.url,
    akkerisUrl: akkeris.url,
    // With the base path, nothing is asked about the dialect.
    antflyUrl: `${antfly.url}/db/v1`,
    citusToken: { secret: citus.token },
    crunchyBridgeApiKey: { secret: bridge.token },
    akkerisToken: { secret: akkeris.token },
    antflyApiKey: { secret: antfly.token },
  };
}

const formations = "/api/v1/formations/";
const formation = /^\/api\/v1\/formations\/\w+$/;
const cluster = /^\/clusters\/(?!rvf73a77)\w+$/;
const replicas = `/clusters/${primaryId}/replicas`;
const appFormations = `/apps/${app}/formation`;
const web = `${appFormations}/web`;
const secrets = "/db/v1/secrets";

/** Each resource, struck at the request by which a verb changes something, else at its read. */
export function changingRows(account: Account): Row[] {
  const list = { method: "GET", path: formations };
  const created = { method: "POST", path: formations, after: list };
  return [
    {
      ...formationRow("Formation", account),
      strikes: {
        create: created,
        read: { method: "GET", path: formation },
        // The API updates nothing: a change is another creation, and then a deletion.
        update: created,
        delete: { method: "DELETE", path: formation },
      },
    },
    {
      ...replicaRow("Replica", account),
      inputs: [
        { clusterId: primaryId, maintenanceWindowStart: 3 },
        { clusterId: primaryId, maintenanceWindowStart: 5 },
      ],
      strikes: {
        create: { method: "POST", path: replicas },
        read: { method: "GET", path: cluster },
        update: {
          ...{ method: "PATCH", path: cluster },
          after: { method: "GET", path: /^\/clusters\/\w+\/status$/ },
        },
        delete: { method: "DELETE", path: cluster },
      },
    },
    {
      ...appFormationRow("AppFormation", account),
      inputs: [
        { app, type: "web", size: "gp1", quantity: 1 },
        { app, type: "web", size: "gp2", quantity: 2 },
      ],
      strikes: {
        create: { method: "POST", path: appFormations },
        read: { method: "GET", path: web },
        update: { method: "PATCH", path: appFormations },
        delete: { method: "DELETE", path: web },
      },
    },
    {
      name: "AntflyBackupSchedule",
      type: "AntflyBackupSchedule",
      simulator: account.backups,
      inputs: [scheduled(account, "0 3 * * *"), scheduled(account, "0 4 * * *")],
      strikes: { create: { method: "GET", path: "/db/v1/backups" } },
    },
    {
      ...secretRow("AntflySecret", account),
      strikes: {
        create: {
          ...{ method: "PUT", path: `${secrets}/openai.api_key` },
          after: { method: "GET", path: secrets },
        },
        read: { method: "GET", path: secrets },
        update: { method: "PUT", path: `${secrets}/openai.api_key` },
        delete: { method: "DELETE", path: `${secrets}/openai.api_key` },
      },
    },
  ];
}

/** The same, struck at the look before, at the first poll or at a further step of a verb. */
export function lookingRows(account: Account): Row[] {
  const destroyed = { method: "DELETE", path: cluster };
  return [
    {
      ...formationRow("Formation-looks", account),
      strikes: {
        create: { method: "GET", path: formations },
        update: {
          ...{ method: "GET", path: formation },
          after: { method: "POST", path: formations },
        },
        delete: {
          ...{ method: "GET", path: formation },
          after: { method: "DELETE", path: formation },
        },
      },
    },
    {
      ...replicaRow("Replica-looks", account),
      inputs: [
        { clusterId: primaryId, storage: 100 },
        { clusterId: primaryId, storage: 200 },
      ],
      strikes: {
        create: {
          ...{ method: "GET", path: /^\/clusters\/\w+\/status$/ },
          after: { method: "POST", path: replicas },
        },
        update: {
          ...{ method: "POST", path: /^\/clusters\/\w+\/upgrade$/ },
          after: { method: "GET", path: cluster },
        },
        delete: { method: "GET", path: cluster, after: destroyed },
      },
    },
    {
      ...appFormationRow("AppFormation-looks", account),
      inputs: [
        { app, type: "web", size: "gp1", quantity: 2 },
        { app, type: "web", size: "gp1", quantity: 3 },
      ],
      strikes: {
        create: {
          ...{ method: "PATCH", path: appFormations },
          after: { method: "POST", path: appFormations },
        },
        update: {
          ...{ method: "GET", path: web },
          after: { method: "PATCH", path: appFormations },
        },
      },
    },
    {
      ...secretRow("AntflySecret-looks", account),
      strikes: { create: { method: "GET", path: secrets } },
    },
  ];
}

type Described = Omit<Row, "strikes">;

function formationRow(name: string, { citus }: Account): Described {
  return {
    ...{ name, type: "Formation", simulator: citus },
    inputs: [formationArgs, { ...formationArgs, workerCount: 3 }],
    exists: () =>
      [...citus.formations.values()]
        .filter(({ state }) => state !== "archived")
        .map(({ id, region, tune_attributes: tune }) => ({
          id,
          region,
          coordinatorTune: tune.coordinator_tune,
          coordinatorDiskSize: Number(tune.coordinator_disk_size),
          workerTune: tune.worker_tune,
          workerCount: Number(tune.worker_count),
          workerDiskSize: Number(tune.worker_disk_size),
        })),
  };
}

function replicaRow(name: string, { bridge }: Account): Omit<Described, "inputs"> {
  return {
    ...{ name, type: "Replica", simulator: bridge },
    exists: () =>
      [...bridge.clusters.values()]
        .filter(({ id }) => id !== primaryId)
        .map(({ id, parent_id, maintenance_window_start, storage }) => {
          return {
            id,
            clusterId: parent_id,
            maintenanceWindowStart: maintenance_window_start,
            storage,
          };
        }),
  };
}

function appFormationRow(name: string, { akkeris }: Account): Omit<Described, "inputs"> {
  return {
    ...{ name, type: "AppFormation", simulator: akkeris },
    exists: () =>
      akkeris.formations(app).map(({ type, size, quantity }) => {
        const runs = akkeris.running(app, type);
        return {
          ...{ id: `${app}/${type}`, app, type },
          size: runs?.size === size ? size : `${size}, and ${runs?.size} runs`,
          quantity:
            runs?.instances === quantity ? quantity : `${quantity}, and ${runs?.instances} run`,
        };
      }),
  };
}

function secretRow(name: string, { antfly }: Account): Described {
  const key = "openai.api_key";
  return {
    ...{ name, type: "AntflySecret", simulator: antfly },
    inputs: [
      { key, value: "sk-first-6b1e09" },
      { key, value: "sk-second-20f7ac" },
    ],
    exists: () => [...antfly.secrets].map(([id, { value }]) => ({ id, key: id, value })),
  };
}

function scheduled({ backups }: Account, schedule: string): Values {
  const url = `${backups.url}/db/v1`;
  return { schedule, location: "file:///backups", connection: "bk", url };
}
