import type { Values } from "../../../provider/resource/values.ts";
import { backupSchedule } from "../../antfly/subjects.ts";
import type { Declared } from "../lifecycle/program.ts";
import type { Rows } from "./row.ts";

function schedule(change: Values = {}): Declared {
  return { type: "AntflyBackupSchedule", properties: { ...backupSchedule.inputs, ...change } };
}

function secret(key: string, value = "value-old-91c4"): Declared {
  return { type: "AntflySecret", properties: { key, value } };
}

/** The rules of backup schedules. */
export const scheduleRows: Rows = {
  retimed: {
    change: "`schedule`, `timezone`, `tableNames`, `format`, `suspend`, `skipImmediately`",
    before: schedule({ tableNames: ["orders", "people"] }),
    after: schedule({ schedule: "*/15 2-4 * * 1-5", timezone: "Europe/Berlin", suspend: true }),
    op: "update",
    effect: "in place",
    says: "recorded in the state; nothing is sent",
  },
  relocated: {
    change: "`location`, `connection`, `url`, `backupIdPrefix`",
    before: schedule({ backupIdPrefix: "nightly" }),
    after: schedule({ backupIdPrefix: "nightly", location: "file:///elsewhere" }),
    op: "replace",
    order: "new first",
    effect: "none",
    says: "a new series of backups starts; the old backups stay",
  },
  newSchedule: { after: schedule(), op: "create", effect: "none" },
  removedSchedule: {
    before: schedule(),
    op: "delete",
    effect: "deletion",
    says: "no further backups are taken; those that exist stay",
  },
};

/** The rules of secrets. */
export const secretRows: Rows = {
  rotated: {
    change: "`value`",
    before: secret("rotated"),
    after: secret("rotated", "value-new-17d2"),
    op: "update",
    effect: "in place",
    says: "overwritten in place, with one request",
  },
  rekeyed: {
    change: "`key`, `url`",
    before: secret("rekeyed"),
    after: secret("rekeyed.other"),
    op: "replace",
    order: "new first",
    effect: "deletion",
    says: "the secret is stored in its new place, and the old one is deleted",
  },
  leftInEnvironment: {
    change: "a secret of which only an environment variable is left",
    before: secret("leftInEnvironment"),
    meanwhile: ({ antfly }) => {
      antfly.secrets.delete("leftInEnvironment");
      antfly.environmentSecrets.add("leftInEnvironment");
    },
    after: secret("leftInEnvironment"),
    op: "update",
    effect: "in place",
    says: "stored again, which takes precedence over the variable",
  },
  leftInFile: {
    change: "a secret that only a file mounted into the server provides",
    before: secret("leftInFile"),
    meanwhile: ({ antfly }) => {
      antfly.secrets.delete("leftInFile");
      antfly.mountedSecrets.add("leftInFile");
    },
    after: secret("leftInFile"),
    op: "update",
    effect: "in place",
    says: "stored, which takes precedence over the file",
  },
  newSecret: { after: secret("newSecret"), op: "create", effect: "none" },
  removedSecret: {
    before: secret("removedSecret"),
    op: "delete",
    effect: "deletion",
    says: "the secret is deleted, and no call returns its value",
  },
};
