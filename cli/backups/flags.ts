import { existsSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { z } from "zod";
import { backupIdPrefix, tableNames } from "../../provider/antfly/backup-schedule/schema";
import { restoreModes } from "../../provider/antfly/endpoints";
import { userFolder } from "../../provider/process/private-folder";
import { longSpan, timeFlag } from "../flags";
import { fillIn } from "./reporting/ping-url";

/** Reads a whole number of at least 1. */
export function count(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Use a whole number of at least 1.");
}

/** Reads an http or https URL. */
export function httpUrl(text: string): URL {
  const read = URL.parse(text);
  if (read && /^https?:$/.test(read.protocol)) return read;
  throw new InvalidArgumentError("Use an http or https URL.");
}

/** Reads an http or https URL that may have placeholders for a schedule's own. */
export function pingUrl(text: string): string {
  httpUrl(fillIn(text, undefined));
  return text;
}

/** Reads a flag by a schema; errors have the schema's words. */
export function by<T>(schema: z.ZodType<T>): (given: unknown) => T {
  return (given) => {
    const read = schema.safeParse(given);
    if (read.success) return read.data;
    throw new InvalidArgumentError(read.error.issues.map(({ message }) => message).join("; "));
  };
}

/** Reads `--table`, which may be given several times. */
export function addedTable(text: string, before: readonly string[] = []): string[] {
  return by(tableNames())([...before, text]);
}

/** A backup's ID, as servers of version 0.2 accept it. */
export const backupId = z
  .string()
  .regex(
    /^[A-Za-z0-9._-]{1,128}$/,
    "a backup ID has 1 to 128 characters: letters, digits, dots, underscores and hyphens",
  );

/** `--overdue-after`. */
export function overdueAfterFlag(): Option {
  return timeFlag(
    "--overdue-after <time>",
    "how long after it became due a missing backup counts as overdue",
    "1h",
  );
}

/** `--catch-up`, `--state-dir`: what decides whether a slot that is not listed was taken. */
export function withMemory(command: Command): Command {
  return command
    .option(
      "--catch-up <time>",
      "take a missed backup only so long after it was due; default: as long as it is certain that it was not taken and removed",
      longSpan,
    )
    .option(
      "--state-dir <folder>",
      "where runners of this machine remember slots and failures; default: $STATE_DIRECTORY, or the user's folder for temporary files",
    );
}

/** The folder of `--state-dir`. */
export function stateFolder(given: string | undefined): string {
  // systemd sets the variable; with a dynamic user it names a link.
  const folder = given ?? process.env.STATE_DIRECTORY?.split(":")[0];
  if (!folder) return userFolder();
  return existsSync(folder) ? realpathSync(folder) : resolve(folder);
}

/** `--prefix`, which names a series of backups. */
export function prefixFlag(description: string): Option {
  return new Option("--prefix, --backup-id-prefix <prefix>", description).argParser(
    by(backupIdPrefix()),
  );
}

/** `--mode`, with hyphens. */
export function modeFlag(): Option {
  const modes = restoreModes.map((one) => one.replaceAll("_", "-"));
  const error = `use one of ${modes.join(", ")}`;
  const mode = z
    .string()
    .transform((text) => text.replaceAll("-", "_"))
    .pipe(z.enum(restoreModes, { error }));
  return new Option("--mode <mode>", "what to do with tables that exist")
    .choices(modes)
    .argParser(by(mode))
    .default("fail_if_exists", "fail-if-exists");
}
