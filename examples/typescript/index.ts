import * as pulumi from "@pulumi/pulumi";
import { AntflyBackupSchedule, AppFormation, Formation, Replica } from "pulumi-formations";

// Pulumi.<stack>.yaml has what differs between environments; the rest is the same.
const config = new pulumi.Config();
const formation = config.requireObject<{
  region: string;
  tune: string;
  diskSize: number;
  workerCount: number;
  ha: boolean;
}>("formation");
const replica = config.requireObject<{
  clusterId: string;
  planId: string;
  storage: number;
  isHa: boolean;
  environment?: string;
}>("replica");
const app = config.requireObject<{
  name: string;
  size: string;
  webQuantity: number;
  workerQuantity: number;
  autoscaled: boolean;
}>("app");
const backups = config.requireObject<{
  location: string;
  connection: string;
  schedule: string;
}>("backups");
// Protects databases that must not be lost: Pulumi refuses to delete them, and so does the server.
const protect = config.getBoolean("protect") ?? false;

// The shop's events, spread over workers. Any change to its hardware creates a new, empty database; the
// preview says so before anything happens.
const events = new Formation(
  "events",
  {
    region: formation.region,
    coordinatorTune: formation.tune,
    coordinatorDiskSize: formation.diskSize,
    coordinatorHa: formation.ha,
    workerTune: formation.tune,
    workerDiskSize: formation.diskSize,
    workerCount: formation.workerCount,
    workerHa: formation.ha,
  },
  { protect },
);

// Reports read from a replica of the shop's Postgres, so that they never slow down a customer.
const reports = new Replica(
  "reports",
  {
    clusterId: replica.clusterId,
    planId: replica.planId,
    storage: replica.storage,
    isHa: replica.isHa,
    isProtected: protect,
    environment: replica.environment,
    maintenanceWindowStart: 3,
  },
  { protect },
);

const web = new AppFormation("web", {
  app: app.name,
  type: "web",
  size: app.size,
  quantity: app.webQuantity,
  port: 9000,
  healthcheck: "/health",
});

// If an autoscaler changes the worker's quantity, its value stays.
const worker = new AppFormation(
  "worker",
  {
    app: app.name,
    type: "worker",
    size: app.size,
    quantity: app.workerQuantity,
    command: "node worker.js",
  },
  { dependsOn: web, ignoreChanges: app.autoscaled ? ["quantity"] : [] },
);

// Prepares each new database once. The URL contains a password, so it stays secret all the way.
const migration = new AppFormation(
  "migration",
  {
    app: app.name,
    type: "migration",
    size: "gp1",
    quantity: 1,
    oneoff: true,
    options: {
      image: "registry.example.com/shop-migrations:1.4.0",
      env: { EVENTS_URL: events.databaseUrl.apply((url) => url ?? "") },
    },
  },
  { dependsOn: web },
);

const nightly = new AntflyBackupSchedule("nightly", {
  location: backups.location,
  connection: backups.connection,
  schedule: backups.schedule,
  timezone: "Europe/Berlin",
});

export const eventsState = events.state;
export const eventsUrl = events.databaseUrl;
export const reportsHost = reports.host;
export const processes = pulumi.all([web.id, worker.id, migration.id]);
export const backupPrefix = nightly.id;
