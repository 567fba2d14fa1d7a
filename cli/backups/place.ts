import { type Command, InvalidArgumentError, Option } from "commander";
import { z } from "zod";
import type { AntflyApi } from "../../provider/antfly/api";
import { backupLocation, tableNames } from "../../provider/antfly/backup-schedule/schema";
import type { AntflyServers } from "../../provider/antfly/system";
import { FormationsError } from "../../provider/errors";
import type { SendOptions } from "../../provider/http/client";
import { type Clock, systemClock } from "../../provider/process/clock";
import { complain } from "../../provider/process/output";
import { environmentVariable, fileVariable } from "../../provider/resource/config";
import { sourcesOf, timeSpan, withSchedules } from "./schedules/flags";
import { connect, loadSchedules, titleOf } from "./schedules/schedule";

/** Where backups lie, and the server that reaches them: a schedule's, or as flags say. */
export interface PlaceOptions {
  stack?: string[];
  cwd?: string;
  file?: string[];
  of?: string;
  /** Default: `FORMATIONS_ANTFLY_URL`. */
  url?: string;
  location?: string;
  connection?: string;
}

/** What {@link PlaceOptions} mean. */
export interface Place {
  servers: AntflyServers;
  url?: string;
  location: string;
  connection?: string;
  /** The prefix of the schedule's series, where it is a schedule's. */
  prefix?: string;
}

/** The flags do not say where the backups are, or say it twice. */
export class WrongPlace extends FormationsError {
  readonly code = "WRONG_PLACE";
}

/** Adds the flags of {@link PlaceOptions}; keys come from the stack, the file or the environment. */
export function withPlace(command: Command): Command {
  return withSchedules(command)
    .option(
      "--of <schedule>",
      "which schedule's backups, by its name or prefix; default: the only one",
    )
    .optionsGroup("Without a schedule:")
    .option("--url <url>", "the server's root; default: FORMATIONS_ANTFLY_URL")
    .option(
      "--location <url>",
      "where the backups lie: file:///path, s3://bucket/path or gs://bucket/path",
      by(backupLocation()),
    )
    .option(
      "--connection <name>",
      "a connection of the server's configuration; servers of version 0.2 demand one",
    )
    .optionsGroup("How:");
}

/**
 * Finds the place that flags mean.
 *
 * @throws WrongPlace where they mean none, or several
 */
export async function placeOf(options: PlaceOptions): Promise<Place> {
  const { stack, cwd, file, of, url, location, connection } = options;
  if (!stack && !file) {
    if (location === undefined) {
      throw new WrongPlace("Say where the backups are: --stack or --file, or --location.");
    }
    return { servers: connect(), url, location, connection };
  }
  if (url ?? location ?? connection) {
    throw new WrongPlace("--url, --location and --connection go without --stack and --file.");
  }
  const { schedules, failures } = await loadSchedules(sourcesOf({ stack, cwd, file }));
  const [failure] = failures;
  if (failure) throw failure;
  const meant = schedules.filter(
    (one) => of === undefined || [one.name, titleOf(one), one.backupIdPrefix].includes(of),
  );
  const [one] = meant;
  if (one && meant.length === 1) return { ...one, prefix: one.backupIdPrefix };
  const names = schedules.map(titleOf).join(", ") || "none";
  throw new WrongPlace(`--of says which schedule; it must mean one of them. There are: ${names}.`);
}

/** Reads a flag by a schema; what is wrong with it is said in the schema's words. */
export function by<T>(schema: z.ZodType<T>): (given: unknown) => T {
  return (given) => {
    const read = schema.safeParse(given);
    if (read.success) return read.data;
    throw new InvalidArgumentError(read.error.issues.map(({ message }) => message).join("; "));
  };
}

/** The flag `--timeout`. */
export function timeLimit(what: string, text = "2h"): Option {
  return new Option("--timeout <time>", `${what}: 90s, 15m, 2h`)
    .argParser(timeSpan)
    .default(timeSpan(text), text);
}

/** Reads `--table`, which may be given several times. */
export function addedTable(text: string, before: readonly string[] = []): string[] {
  return by(tableNames())([...before, text]);
}

/** A backup's ID, as 0.2 takes them. */
export const backupId = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,128}$/, "a backup's ID has 1 to 128 letters, digits, ., _ and -");

/**
 * The other server of a command. It has the first one's key, unless the environment has one for it:
 * `FORMATIONS_INTO_ANTFLY_API_KEY`, or the file that `FORMATIONS_INTO_ANTFLY_API_KEY_FILE` names.
 */
export function otherServer(
  { servers }: Place,
  url: string,
  environment: NodeJS.ProcessEnv = process.env,
): AntflyApi {
  const own = [environmentVariable("antflyApiKey"), fileVariable("antflyApiKey")];
  const other = [environmentVariable("intoAntflyApiKey"), fileVariable("intoAntflyApiKey")];
  if (other.every((name) => !environment[name])) return servers.at(url);
  const keys = own.map((name, index) => [name, environment[other[index] ?? ""]]);
  return connect(undefined, { ...environment, ...Object.fromEntries(keys) }).at(url);
}

/** A call under way: its time limit, and who is told why it waits. */
export interface Call {
  clock: Clock;
  /** Milliseconds since the epoch. */
  deadline: number;
  signal: AbortSignal;
  /** Told how it goes, a line at a time. */
  say(line: string): void;
}

/**
 * A command's call: it ends with its time limit, and tells on standard error how it goes.
 *
 * @param timeout in milliseconds
 */
export function newCall(timeout: number, clock: Clock = systemClock): Call {
  return {
    clock,
    deadline: clock.now() + timeout,
    signal: new AbortController().signal,
    say: (line) => complain(line),
  };
}

/** What a request of a call is sent with. */
export function sending({ deadline, signal, say }: Call): SendOptions {
  return { deadline, signal, onWait: say };
}
