import type { Operation } from "../../../cli/explain/model.ts";
import type { Effect } from "../../../provider/resource/plan-rules.ts";
import type { Change } from "./previews.ts";

/** A row of a plan table: a change, and what a reviewer has to read of it. */
export interface Row extends Change {
  /** The row's left column. */
  row: string;
  /** Undefined: nothing happens, and nothing is to be said. */
  becomes?: Operation;
  effect?: Effect["kind"];
  /** Of a replacement. */
  order?: "new first" | "old first";
  /** What is to be read, word for word. */
  says?: string;
}

const formation = {
  ...{ name: "events", region: "us-east-1", coordinatorTune: "r5.large", coordinatorDiskSize: 512 },
  ...{ workerTune: "r5.large", workerCount: 2, workerDiskSize: 512 },
};
const formationRow = { type: "Formation", applied: formation, observed: { state: "steady" } };

const formations: Row[] = [
  {
    ...formationRow,
    row: "tune, disk size, worker count, HA, name or region **changed in the program**",
    ...{ op: "replace", desired: { ...formation, workerCount: 4, name: "events2" } },
    ...{ becomes: "replace", effect: "data loss", order: "new first" },
    says: "the new formation starts EMPTY, and the old one is destroyed with its data",
  },
  {
    ...formationRow,
    row: "`allowDuplicateName`",
    ...{ op: "same", desired: { ...formation, allowDuplicateName: true } },
  },
  {
    ...formationRow,
    row: "a replacement that keeps an explicit `name`",
    ...{ op: "replace", desired: { ...formation, workerCount: 4 } },
    ...{ becomes: "replace", effect: "data loss", order: "new first" },
    says: "two formations may have one name, and the old one is known to the run that replaces it",
  },
];

const replica = { clusterId: "rvf73a77ozfsvcttryebfrnlem", planId: "standard-8", storage: 200 };
const seen = { ...replica, name: "copy", state: "ready", isProtected: false };
const replicaRow = { type: "Replica", applied: replica, observed: seen };
const other = "aaaaaaaaaaaaaaaaaaaaaaaaaa";

const replicas: Row[] = [
  {
    ...replicaRow,
    row: "`storage` less than the program asked and the server has",
    ...{ op: "update", desired: { ...replica, storage: 100 }, becomes: "refuse", effect: "none" },
    says: "storage can't shrink: create a replica with less, or keep its size",
  },
  {
    ...replicaRow,
    row: "`storage` that autoresize raised above what the program asks",
    ...{ op: "same", observed: { ...seen, storage: 300 }, desired: replica },
  },
  {
    ...replicaRow,
    row: "`storage` more than the program asked, less than the server has",
    ...{ op: "same", observed: { ...seen, storage: 400 }, desired: { ...replica, storage: 300 } },
    ...{ becomes: "keep", effect: "none" },
    says: "storage is already 400 GB on the server and can't shrink to 300.",
  },
  {
    ...replicaRow,
    row: '`planId`, `storage` up, with `upgradeTiming: "window"` and a maintenance window',
    op: "update",
    observed: { ...seen, maintenanceWindowStart: 3 },
    desired: {
      ...replica,
      planId: "standard-16",
      upgradeTiming: "window",
      maintenanceWindowStart: 3,
    },
    ...{ becomes: "update", effect: "interruption" },
    says: "an upgrade in the next maintenance window, from 3:00 UTC",
  },
  {
    ...replicaRow,
    row: "`planId`, `storage` up",
    ...{ op: "update", desired: { ...replica, storage: 300 } },
    ...{ becomes: "update", effect: "interruption", says: "an upgrade that starts now" },
  },
  {
    ...replicaRow,
    row: "`upgradeTiming` while an upgrade is scheduled",
    op: "update",
    applied: { ...replica, upgradeTiming: "window" },
    observed: { ...seen, upgradeTiming: "window", upgradeScheduledFor: "2030-01-01T03:00:00Z" },
    ...{ desired: { ...replica, upgradeTiming: "now" }, becomes: "update", effect: "in place" },
    says: "upgradeTiming: the upgrade that is scheduled for",
  },
  {
    ...replicaRow,
    row: "`upgradeTiming`",
    ...{ op: "same", desired: { ...replica, upgradeTiming: "window" } },
  },
  {
    ...replicaRow,
    row: "`isHa`",
    ...{ op: "update", desired: { ...replica, isHa: true }, becomes: "update", effect: "in place" },
    says: "enabled or disabled in place",
  },
  {
    ...replicaRow,
    row: "`name`, `environment`, `isProtected`, `maintenanceWindowStart`",
    ...{ op: "update", desired: { ...replica, environment: "prod" } },
    ...{ becomes: "update", effect: "in place", says: "changed in place, with one request" },
  },
  {
    ...replicaRow,
    row: "`isHa`, `isProtected`, `environment`, `maintenanceWindowStart` removed from the program",
    ...{ op: "update", applied: { ...replica, isHa: true }, observed: { ...seen, isHa: true } },
    ...{ desired: replica, becomes: "update", effect: "in place" },
    says: "absent means false, or none",
  },
  {
    ...replicaRow,
    row: "`detached` true → false, or removed from the program",
    op: "update",
    ...{ applied: { ...replica, detached: true }, observed: { ...seen, detached: true } },
    ...{ desired: replica, becomes: "refuse", effect: "none" },
    says: "an independent primary can't become a replica again: create another replica",
  },
  {
    ...replicaRow,
    row: "`detached` false → true",
    ...{ op: "update", desired: { ...replica, detached: true } },
    ...{ becomes: "update", effect: "interruption", says: "This cannot be undone" },
  },
  {
    ...replicaRow,
    row: "`clusterId` once detached",
    op: "same",
    ...{ applied: { ...replica, detached: true }, observed: { ...seen, detached: true } },
    desired: { ...replica, detached: true, clusterId: other },
  },
  {
    ...replicaRow,
    row: "`clusterId`, `networkId`, `providerId`, `regionId`",
    ...{ op: "replace", desired: { ...replica, clusterId: other } },
    ...{ becomes: "replace", effect: "interruption", order: "new first" },
    says: "a new replica is built, then the old one is destroyed",
  },
  {
    ...replicaRow,
    row: "detached outside the program",
    ...{ op: "same", observed: { ...seen, detached: true }, desired: replica },
    ...{ becomes: "keep", effect: "none" },
    says: "The replica was detached outside the program and is now an independent primary.",
  },
  {
    ...replicaRow,
    row: "state `creation_failed`",
    ...{ op: "replace", observed: { ...seen, state: "creation_failed" }, desired: replica },
    ...{ replaceReasons: ["state"], differs: ["state"] },
    ...{ becomes: "replace", effect: "deletion", order: "old first" },
    says: "the server could not create it",
  },
  {
    ...replicaRow,
    row: "state `creation_failed` while protected, `isProtected` true → false",
    op: "update",
    applied: { ...replica, isProtected: true },
    observed: { ...seen, state: "creation_failed", isProtected: true },
    desired: { ...replica, isProtected: false },
    ...{ becomes: "update", effect: "in place" },
    says: "this `pulumi up` unprotects it, the next one replaces it",
  },
  {
    ...replicaRow,
    row: "a replacement that keeps an explicit `name`",
    op: "replace",
    applied: { ...replica, name: "copy" },
    desired: { ...replica, name: "copy", clusterId: other },
    ...{ becomes: "replace", effect: "interruption", order: "old first" },
    says: "The replica keeps its name, so it is destroyed before the new one is created.",
  },
  {
    ...replicaRow,
    row: "a replacement once detached",
    op: "replace",
    ...{ applied: { ...replica, detached: true }, observed: { ...seen, detached: true } },
    desired: { ...replica, detached: true, providerId: "gcp" },
    ...{ becomes: "replace", effect: "data loss", order: "new first" },
    says: "everything written to it since then is LOST",
  },
  {
    ...replicaRow,
    row: "any replacement while protected",
    ...{ op: "replace", observed: { ...seen, isProtected: true } },
    ...{ desired: { ...replica, clusterId: other }, becomes: "refuse", effect: "none" },
    says: "set isProtected to false in a separate `pulumi up` first",
  },
];

const web = { app: "shop-default", type: "web", size: "gp1", quantity: 2 };
const webRow = { type: "AppFormation", applied: web, observed: { serverSize: "gp1" } };
const worker = { ...web, type: "worker", command: "work" };
const job = { ...web, type: "job", oneoff: true };

const appFormations: Row[] = [
  {
    ...webRow,
    row: "`size` changed in the program between `gp2` and the server's own `gp2-prod`",
    ...{ op: "same", applied: { ...web, size: "gp2-prod" } },
    ...{ observed: { serverSize: "gp2-prod" }, desired: { ...web, size: "gp2" } },
    ...{ becomes: "keep", effect: "none" },
    says: 'size "gp2" is treated as equal to "gp2-prod" and kept.',
  },
  {
    ...webRow,
    row: "`size` `gp2` while the server says `gp2-prod`",
    ...{ op: "same", applied: { ...web, size: "gp2" }, desired: { ...web, size: "gp2" } },
    observed: { size: "gp2-prod", serverSize: "gp2-prod" },
  },
  {
    ...webRow,
    row: "`size`, `port`, `command` or `healthcheck` set or changed",
    ...{
      op: "update",
      desired: { ...web, size: "gp2" },
      becomes: "update",
      effect: "redeployment",
    },
    says: "Akkeris then redeploys every formation of the app",
  },
  {
    ...webRow,
    row: "`quantity` from 0",
    ...{ op: "update", applied: { ...web, quantity: 0 }, desired: web },
    ...{ becomes: "update", effect: "in place" },
    says: "quantity is 0 on the server: this starts 2 instances.",
  },
  {
    ...webRow,
    row: "`quantity`",
    ...{ op: "update", desired: { ...web, quantity: 3 }, becomes: "update", effect: "in place" },
    says: "instances start or stop, and nothing is redeployed",
  },
  {
    ...webRow,
    row: "`command` of a `web`, or `healthcheck`, removed from the program",
    ...{ op: "update", applied: { ...web, healthcheck: "/h" }, desired: web },
    ...{ becomes: "update", effect: "redeployment" },
    says: "cleared: the image's own command runs, or no healthcheck",
  },
  {
    ...webRow,
    row: "`command` of a type other than `web` removed from the program",
    ...{ op: "update", applied: worker, desired: { ...web, type: "worker" } },
    ...{ becomes: "refuse", effect: "none" },
    says: "the API can clear only the command of a `web`; give the formation a command",
  },
  {
    ...webRow,
    row: "`app` changed between an app's name and its UUID",
    ...{ op: "replace", desired: { ...web, app: "0a1b2c3d-0000-4000-8000-000000000001" } },
    ...{ becomes: "refuse", effect: "none", says: "both may be the same app" },
  },
  {
    ...webRow,
    row: "`app`, `type`",
    ...{ op: "replace", desired: { ...web, app: "other-default" } },
    ...{ becomes: "replace", effect: "deletion", order: "new first" },
    says: "the formation starts in its new place, and ends in the old one",
  },
  {
    ...webRow,
    row: "`oneoff`, `options`",
    ...{ op: "replace", applied: job, desired: { ...job, options: { image: "jobs:2" } } },
    ...{ becomes: "replace", effect: "interruption", order: "old first" },
    says: "its processes stop in between",
  },
];

const nightly = {
  ...{ schedule: "0 3 * * *", location: "s3://backups/nightly", connection: "bk" },
  backupIdPrefix: "nightly",
};
const key = { key: "openai.api_key", value: "sk-before-5b1e" };
const stored = { status: "configured_keystore" };

const ofAntfly: Row[] = [
  {
    ...{ type: "AntflyBackupSchedule", applied: nightly },
    row: "`schedule`, `timezone`, `tableNames`, `format`, `suspend`, `skipImmediately`",
    ...{ op: "update", desired: { ...nightly, schedule: "0 4 * * *" } },
    ...{ becomes: "update", effect: "in place", says: "recorded in the state; nothing is sent" },
  },
  {
    ...{ type: "AntflyBackupSchedule", applied: nightly },
    row: "`location`, `connection`, `url`, `backupIdPrefix`",
    ...{ op: "replace", desired: { ...nightly, connection: "other" } },
    ...{ becomes: "replace", effect: "none", order: "new first" },
    says: "a new series of backups starts; the old backups stay",
  },
  {
    ...{ type: "AntflySecret", applied: key, observed: stored },
    row: "`value`",
    ...{ op: "update", desired: { ...key, value: "sk-after-77aa" }, becomes: "update" },
    ...{ effect: "in place", says: "overwritten in place, with one request" },
  },
  {
    ...{ type: "AntflySecret", applied: key, observed: stored },
    row: "`key`, `url`",
    ...{ op: "replace", desired: { ...key, key: "other.api_key" } },
    ...{ becomes: "replace", effect: "deletion", order: "new first" },
    says: "the secret is stored in its new place, and the old one is deleted",
  },
  {
    ...{ type: "AntflySecret", applied: key, observed: { status: "configured_env" } },
    row: "a secret of which only an environment variable is left",
    ...{ op: "update", desired: key, marks: { unfinished: ["value"] }, differs: ["value"] },
    ...{ becomes: "update", effect: "in place" },
    says: "stored again, which takes precedence over the variable",
  },
  {
    ...{
      type: "AntflySecret",
      applied: key,
      observed: { status: "configured_file", managed: false },
    },
    row: "a secret that only a file mounted into the server provides",
    ...{ op: "update", desired: key, marks: { unfinished: ["value"] }, differs: ["value"] },
    ...{ becomes: "update", effect: "in place" },
    says: "stored, which takes precedence over the file",
  },
];

/** Every row of every plan table. */
export const rows: readonly Row[] = [...formations, ...replicas, ...appFormations, ...ofAntfly];
