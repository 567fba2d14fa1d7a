import { backupSchedule } from "../../provider/antfly/backup-schedule/resource.ts";
import type { Definition } from "../../provider/resource/definition.ts";

/** The definition as a host has it. */
export const definition: Definition = backupSchedule;

/** The least that a program gives, and the prefix that the host fills in. */
export const nightly = {
  schedule: "0 3 * * *",
  location: "s3://bucket/backups",
  backupIdPrefix: "nightly",
};

/** Every input. */
export const full = {
  ...nightly,
  timezone: "Europe/Berlin",
  connection: "bk",
  tableNames: ["t1", "t2"],
  format: "native",
  suspend: true,
  skipImmediately: true,
  url: "https://antfly.example.com",
};
