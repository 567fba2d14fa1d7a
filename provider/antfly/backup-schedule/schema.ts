import { Cron } from "croner";
import { z } from "zod";
import type { Observed } from "../../resource/definition";
import { flag } from "../../resource/property";
import type { Constraint } from "../../resource/validation";
import { show } from "../../resource/values";
import { backupFormats } from "../endpoints";
import { serverUrl, serverUrlDescription, serverUrlRule } from "../server-url";

/** A backup's ID has at most 128 characters, of which the slot takes 17: `-YYYYMMDDTHHMMSSZ`. */
const longestPrefix = 128 - 17;

/** The largest number of tables that a server accepts by name. */
const mostTables = 256;

/** A cron expression of five fields, with normalised spaces. */
export function cronExpression() {
  return z
    .string()
    .overwrite((text) => text.trim().replaceAll(/\s+/g, " "))
    .superRefine(report(cronProblem));
}

/** A time zone in the IANA database. */
export function timeZone() {
  return z
    .string()
    .refine(
      isTimeZone,
      "it must be a time zone of the IANA database, for instance UTC or Europe/Berlin",
    );
}

/** A location for backups. */
export function backupLocation() {
  return z.string().superRefine(report(locationProblem));
}

/** A location in the one spelling of its scheme: servers read `gcs://` as `gs://`. */
export function canonicalLocation(location: string): string {
  return location.replace(/^gcs:\/\//, "gs://");
}

/** Names of tables, without duplicates. */
export function tableNames() {
  return z
    .array(z.string().min(1))
    .min(1)
    .max(mostTables)
    .superRefine((names, context) => {
      const twice = names.find((name, index) => names.indexOf(name) !== index);
      if (twice === undefined) return;
      context.addIssue({ code: "custom", message: `it names ${show(twice)} more than once` });
    });
}

/** The prefix of backup IDs. */
export function backupIdPrefix() {
  return z
    .string()
    .max(longestPrefix)
    .regex(/^[A-Za-z0-9]/, "it must begin with a letter or a digit")
    .regex(
      /^[A-Za-z0-9._-]*$/,
      "it must be made of letters, digits, dots, hyphens and underscores",
    );
}

const whenChanged = "A change is recorded in the state.";

/** What the program gives. */
export const inputs = z.object({
  schedule: cronExpression().meta({
    description:
      "When backups are taken: a cron expression of five fields (minute, hour, day of month, month, day of week), for instance `0 3 * * *`.",
    whenChanged,
  }),
  location: backupLocation().meta({
    description: "Where backups are stored, for instance `s3://bucket/path`.",
    given:
      "`file:///path`, `s3://bucket/path` or `gs://bucket/path` (also spelt `gcs://`), without a trailing slash.",
    whenChanged: "A new series starts; the old backups stay where they are.",
  }),
  timezone: timeZone().optional().meta({
    description: "Time zone of `schedule`, as in the IANA database, for instance `Europe/Berlin`.",
    whenAbsent: "`UTC`",
    whenChanged,
  }),
  connection: z.string().min(1).optional().meta({
    description: "Name of a connection in the server's configuration that can write to `location`.",
    given: "Version 0.2 requires one; v0.1 has no connections and ignores it.",
    whenAbsent: "none",
  }),
  tableNames: tableNames().optional().meta({
    description: "The tables that are backed up.",
    given: "1 to 256, without duplicates.",
    whenAbsent: "all tables",
    whenChanged,
  }),
  format: z.enum(backupFormats).optional().meta({
    title: "BackupFormat",
    description:
      "`native` (a physical snapshot: fast, for the same storage engine) or `portable` (a logical backup that every Antfly server can restore).",
    given: "Version 0.1 ignores it.",
    whenAbsent: "the server's own, `portable`",
    whenChanged,
  }),
  backupIdPrefix: backupIdPrefix().optional().meta({
    description:
      "Prefix of the backups' IDs. The time of the slot in UTC follows it: `nightly-20250115T030000Z`.",
    given:
      "Up to 111 letters, digits, dots, hyphens and underscores, starting with a letter or digit. Each schedule at a location needs its own prefix.",
    whenAbsent: "the resource's logical name and a short hash",
  }),
  suspend: flag().optional().meta({
    description: "Whether the schedule is paused.",
    whenAbsent: "false",
    whenChanged,
  }),
  skipImmediately: flag().optional().meta({
    description:
      "Whether the runner waits for the next slot after the schedule was created, changed (`schedule`, `timezone`) or resumed (`suspend`). `true`: always. `false`: never; it takes the last slot's backup at once.",
    whenAbsent: "it waits after a change, and takes the first backup of a new schedule at once",
    whenChanged,
  }),
  url: serverUrl().optional().meta({
    description: serverUrlDescription,
  }),
});

/** Inputs that decide which slots there are. */
export const timetable = ["schedule", "timezone", "suspend"] as const;

/** Not the backups: their list changes with each backup, and `getAntflyBackups` reads it. */
export const outputs = z.object({
  changedAt: z.string().optional().meta({
    description:
      "When `schedule`, `timezone` or `suspend` last changed (RFC 3339, UTC); absent until then. Slots before that time belong to the earlier schedule.",
    changesWith: timetable,
  }),
});

export type Inputs = z.output<typeof inputs>;
export type State = Observed<Inputs> & z.output<typeof outputs>;

/** Rules between inputs. */
export const constraints: readonly Constraint<Inputs>[] = [serverUrlRule];

function report(problemOf: (text: string) => string | undefined) {
  return (text: string, context: z.RefinementCtx): void => {
    const message = problemOf(text);
    if (message) context.addIssue({ code: "custom", message });
  };
}

function cronProblem(expression: string): string | undefined {
  // croner also accepts dates and nicknames, which not all CronJobs and crontabs accept.
  if (expression.split(" ").length !== 5) {
    return "it must have five fields: minute, hour, day of month, month, day of week";
  }
  try {
    const cron = new Cron(expression, { mode: "5-part", timezone: "UTC", paused: true });
    // A fixed day, so that the result does not depend on today. A leap day comes within eight years.
    return cron.nextRun(new Date("2000-01-01T00:00:00Z"))
      ? undefined
      : "it never fires: no month has such a day";
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return `it is not a valid cron expression: ${words.replace(/^CronPattern: /, "")}`;
  }
}

function isTimeZone(name: string): boolean {
  // Intl also accepts offsets such as +02:00, which have no daylight saving time.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function locationProblem(location: string): string | undefined {
  const [, scheme, rest = ""] = /^(file|s3|gs|gcs):\/\/(.*)$/s.exec(location) ?? [];
  if (scheme === undefined) return "it must begin with file://, s3:// or gs://";
  if (scheme === "file" && !rest.startsWith("/")) {
    return "it must be an absolute path: file:///path/to/backups";
  }
  if (scheme !== "file" && !/^[^/]/.test(rest))
    return `it must name a bucket: ${scheme}://bucket/path`;
  // 0.2 answers both with a 500 that gives no reason.
  if (rest.endsWith("/")) return "it must not end with a slash";
  if (rest.split("/").includes("..")) return 'it must not have a segment ".."';
  return undefined;
}
