import { Cron } from "croner";
import { z } from "zod";
import { show } from "../../resource/values";

/** A backup's ID may be 128 characters long, and a slot takes 17: `-YYYYMMDDTHHMMSSZ`. */
const longestPrefix = 128 - 17;

/** The most tables that a server takes a backup of by name. */
const mostTables = 256;

/** A cron expression of five fields, its spaces normalised. */
export function cronExpression() {
  return z
    .string()
    .overwrite((text) => text.trim().replaceAll(/\s+/g, " "))
    .superRefine(report(cronProblem));
}

/** A time zone of the IANA database. */
export function timeZone() {
  return z
    .string()
    .refine(
      isTimeZone,
      "it must be a time zone of the IANA database, for instance UTC or Europe/Berlin",
    );
}

/** A location of backups. */
export function backupLocation() {
  return z.string().superRefine(report(locationProblem));
}

/** Names of tables, each once. */
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

/** What backup IDs begin with. */
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

function report(problemOf: (text: string) => string | undefined) {
  return (text: string, context: z.RefinementCtx): void => {
    const message = problemOf(text);
    if (message) context.addIssue({ code: "custom", message });
  };
}

function cronProblem(expression: string): string | undefined {
  // croner takes dates and nicknames too; the operator's CronJobs and crontabs take neither everywhere.
  if (expression.split(" ").length !== 5) {
    return "it must have five fields: minute, hour, day of month, month, day of week";
  }
  try {
    const cron = new Cron(expression, { mode: "5-part", timezone: "UTC", paused: true });
    // A fixed day: the answer must not depend on when it is asked. A leap day comes within eight years.
    return cron.nextRun(new Date("2000-01-01T00:00:00Z"))
      ? undefined
      : "it never fires: no month has such a day";
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return `it is no cron expression: ${words.replace(/^CronPattern: /, "")}`;
  }
}

function isTimeZone(name: string): boolean {
  // Intl takes offsets such as +02:00, which are no zones: they know no daylight saving time.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function locationProblem(location: string): string | undefined {
  const [, scheme, rest = ""] = /^(file|s3|gs):\/\/(.*)$/s.exec(location) ?? [];
  if (scheme === undefined) return "it must begin with file://, s3:// or gs://";
  if (scheme === "file" && !rest.startsWith("/")) {
    return "it must be an absolute path: file:///path/to/backups";
  }
  if (scheme !== "file" && !/^[^/]/.test(rest))
    return `it must name a bucket: ${scheme}://bucket/path`;
  // 0.2 answers both with a 500 that says nothing.
  if (rest.endsWith("/")) return "it must not end with a slash";
  if (rest.split("/").includes("..")) return 'it must not have a segment ".."';
  return undefined;
}
