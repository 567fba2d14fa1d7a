import { type Command, InvalidArgumentError } from "commander";
import { fileSource } from "./file";
import { connect, readInputs, type ScheduleSource, WrongSchedule } from "./schedule";
import { stackSource } from "./stack";

/** Where a command takes its schedules from. */
export interface SourceOptions {
  stack?: string[];
  cwd?: string;
  file?: string[];
  schedule?: string;
  timezone?: string;
  location?: string;
  connection?: string;
  table?: string[];
  format?: string;
  backupIdPrefix?: string;
  url?: string;
}

/** Adds the flags of {@link SourceOptions}. */
export function withSources(command: Command): Command {
  return withSchedules(command)
    .optionsGroup("One schedule, given by flags:")
    .option("--schedule <cron>", "when to take backups: five fields, for instance '0 3 * * *'")
    .option("--timezone <zone>", "time zone of the schedule; default: UTC")
    .option("--location <url>", "where the backups go: file:///…, s3://… or gs://…")
    .option("--connection <name>", "a connection of the server's, which 0.2 demands")
    .option("--table <name>", "a table to back up; repeatable; default: all", collected)
    .option("--format <format>", "native or portable; default: the server's")
    .option("--prefix, --backup-id-prefix <prefix>", "what the backups' IDs begin with")
    .option("--url <url>", "the server's root; default: FORMATIONS_ANTFLY_URL");
}

/** Adds the flags that name stacks and files. */
export function withSchedules(command: Command): Command {
  return withStacks(command).option(
    "-f, --file <path>",
    "schedules that `formations backups export` wrote; repeatable",
    collected,
  );
}

/** Adds the flags that name stacks. */
export function withStacks(command: Command): Command {
  return command
    .option("-s, --stack <name>", "a stack that declares schedules; repeatable", collected)
    .option("-C, --cwd <folder>", "the stacks' project; default: this folder");
}

/**
 * The sources that the flags name.
 *
 * @throws WrongSchedule where they name none, or where the schedule of the flags is wrong
 */
export function sourcesOf(options: SourceOptions): ScheduleSource[] {
  const { stack: stacks = [], cwd, file: files = [] } = options;
  const sources = [
    ...[...new Set(stacks)].map((stack) => stackSource({ stack, cwd })),
    ...[...new Set(files)].map((path) => fileSource(path)),
    ...flagSource(options),
  ];
  if (sources.length > 0) return sources;
  throw new WrongSchedule(
    "Say where the schedules are: --stack, --file, or --schedule with --location and --prefix.",
  );
}

/** What the flags are called that are not named as their inputs. */
const flagNames: Partial<Record<string, string>> = {
  tableNames: "table",
  backupIdPrefix: "prefix",
};

function flagSource(options: SourceOptions): ScheduleSource[] {
  const { schedule, timezone, location, connection, table, format, backupIdPrefix, url } = options;
  const given = {
    ...{ schedule, timezone, location, connection, format, backupIdPrefix, url },
    tableNames: table,
  };
  if (Object.values(given).every((value) => value === undefined)) return [];
  const inputs = readInputs(given, "The schedule of the flags", (property) => {
    const [, name = property, rest = ""] = /^(\w+)(.*)$/s.exec(property) ?? [];
    return `--${flagNames[name] ?? name}${rest}`;
  });
  const servers = connect();
  return [{ load: async () => [{ ...inputs, name: inputs.backupIdPrefix, servers }] }];
}

/** Timers hold no more than 24 days. */
const longestSpan = 7 * 86_400_000;

/** Reads a time span, of a week at most: `90s`, `15m`, `2h`, `1d`; in milliseconds. */
export function timeSpan(text: string): number {
  const [, count, unit = ""] = /^(\d+)(s|m|h|d)$/.exec(text) ?? [];
  const ms = Number(count) * ({ s: 1, m: 60, h: 3_600, d: 86_400 }[unit] ?? Number.NaN) * 1_000;
  if (ms > 0 && ms <= longestSpan) return ms;
  throw new InvalidArgumentError("It is a number and a unit: 90s, 15m, 2h, 1d; at most 7d.");
}

/** Reads a whole number of at least 1. */
export function count(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is a whole number of at least 1.");
}

/** Reads a flag that may be given several times. */
export function collected(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
