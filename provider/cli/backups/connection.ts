import { type Command, InvalidArgumentError } from "commander";
import { z } from "zod";
import { backupLocation, tableNames } from "../../antfly/schedule-inputs";
import { type AntflyServers, antfly } from "../../antfly/system";
import { type Clock, systemClock } from "../../clock";
import type { SendOptions } from "../../http/client";
import { environmentVariable, fileVariable, resolveConfig } from "../../resource/config";

/** Where backups lie, and the server that reaches them. */
export interface PlaceOptions {
  /** Default: `FORMATIONS_ANTFLY_URL`. */
  url?: string;
  location: string;
  connection?: string;
}

/** Adds the flags of {@link PlaceOptions}; keys come from the environment only. */
export function withPlace(command: Command): Command {
  return command
    .option("--url <url>", "the server's root; default: FORMATIONS_ANTFLY_URL")
    .requiredOption(
      "--location <url>",
      "where the backups lie: file:///path, s3://bucket/path or gs://bucket/path",
      by(backupLocation()),
    )
    .option(
      "--connection <name>",
      "a connection of the server's configuration; servers of version 0.2 demand one",
    );
}

/** Reads a flag by a schema; what is wrong with it is said in the schema's words. */
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

/** A time limit in minutes. */
export function minutes() {
  return z.coerce.number({ error: "it must be a number of minutes" }).positive();
}

/** A backup's ID, as 0.2 takes them. */
export const backupId = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,128}$/, "a backup's ID has 1 to 128 letters, digits, ., _ and -");

/**
 * The servers that the environment's configuration describes: `FORMATIONS_ANTFLY_URL`,
 * `FORMATIONS_ANTFLY_API_KEY` or `FORMATIONS_ANTFLY_API_KEY_FILE`, `FORMATIONS_ALLOW_HTTP`.
 *
 * @param read gives values that go before the environment's
 * @throws ConfigurationError where something of it is malformed
 */
export function connect(
  read: (key: string) => unknown = () => undefined,
  environment: NodeJS.ProcessEnv = process.env,
  clock: Clock = systemClock,
): AntflyServers {
  return antfly.connect(resolveConfig(antfly, read, environment), clock);
}

/** The environment of the other server of a command: its key, where it has one of its own. */
export function environmentOfOther(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = [environmentVariable("antflyApiKey"), fileVariable("antflyApiKey")];
  const other = [environmentVariable("intoAntflyApiKey"), fileVariable("intoAntflyApiKey")];
  if (other.every((name) => !environment[name])) return environment;
  const keys = own.map((name, index) => [name, environment[other[index] ?? ""]]);
  return { ...environment, ...Object.fromEntries(keys) };
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

/** A command's call: it ends with its time limit, and tells on standard error how it goes. */
export function newCall(minutes: number, clock: Clock = systemClock): Call {
  return {
    clock,
    deadline: clock.now() + minutes * 60_000,
    signal: new AbortController().signal,
    say: (line) => console.error(line),
  };
}

/** What a request of a call is sent with. */
export function sending({ deadline, signal, say }: Call): SendOptions {
  return { deadline, signal, onWait: say };
}
