import { type Command, Option } from "commander";
import { backupFormats } from "../../../provider/antfly/endpoints";
import { collected, cwdFlag, stacksFlag } from "../../flags";
import { hasProject, withoutProject } from "../../stack/project";
import type { Connections } from "../connections";
import { fileSource } from "./file";
import {
  readInputs,
  type Schedule,
  type ScheduleSource,
  seriesOf,
  WrongSchedule,
} from "./schedule";
import { stackSource } from "./stack";

/** Flags that say where a command takes its schedules from. */
export interface SourceFlags {
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

/** Adds {@link SourceFlags}. */
export function withSources(command: Command): Command {
  return withSchedules(command.optionsGroup("Schedules:"))
    .optionsGroup("One schedule, given by flags:")
    .option("--schedule <cron>", "when to take backups: five fields, for instance '0 3 * * *'")
    .option("--timezone <zone>", "the schedule's time zone; default: UTC")
    .option("--location <url>", "where backups are stored: file:///…, s3://… or gs://…")
    .option(
      "--connection <name>",
      "a connection in the server's configuration; required by servers of version 0.2",
    )
    .option("--table <name>", "a table to back up; repeatable; default: all", collected)
    .addOption(
      new Option("--format <format>", "the backups' format; default: the server's").choices(
        backupFormats,
      ),
    )
    .option("--prefix, --backup-id-prefix <prefix>", "prefix of the backup IDs")
    .option("--url <url>", "the server's root URL; default: FORMATIONS_ANTFLY_URL")
    .optionsGroup("Behaviour:");
}

/** Adds the flags that name stacks and files. */
export function withSchedules(command: Command): Command {
  return withStacks(command).option(
    "-f, --file <file>",
    "schedules written by `formations backups export`; repeatable",
    collected,
  );
}

/** Adds the flags that name stacks. */
export function withStacks(command: Command): Command {
  return command.addOption(stacksFlag()).addOption(cwdFlag());
}

/**
 * The sources that the flags name; without any, the project's selected stack.
 *
 * @throws WrongSchedule if there is none, or if the schedule given by flags is invalid
 */
export function sourcesOf(flags: SourceFlags, connections: Connections): ScheduleSource[] {
  const { stack: stacks = [], cwd, file: files = [] } = flags;
  const sources = [
    ...[...new Set(stacks)].map((stack) => stackSource({ stack, cwd }, connections)),
    ...[...new Set(files)].map((path) => fileSource(path, connections)),
    ...flagSource(flags, connections),
  ];
  if (sources.length > 0) return sources;
  if (hasProject(cwd ?? ".")) return [stackSource({ cwd }, connections)];
  throw new WrongSchedule(
    "Say where the schedules are with --stack, --file, or --schedule with --location and --prefix. " +
      withoutProject(cwd),
  );
}

/** Flags that are not named after their input. */
const flagNames: Partial<Record<string, string>> = {
  tableNames: "table",
  backupIdPrefix: "prefix",
};

function flagSource(flags: SourceFlags, connections: Connections): ScheduleSource[] {
  const { schedule, timezone, location, connection, table, format, backupIdPrefix, url } = flags;
  const given = {
    schedule,
    timezone,
    location,
    connection,
    tableNames: table,
    format,
    backupIdPrefix,
    url,
  };
  if (Object.values(given).every((value) => value === undefined)) return [];
  const inputs = readInputs(given, "The schedule given by flags", (property) => {
    const [, name = property, rest = ""] = /^(\w+)(.*)$/s.exec(property) ?? [];
    return `--${flagNames[name] ?? name}${rest}`;
  });
  const servers = connections.to();
  const one: Schedule = { ...inputs, name: inputs.backupIdPrefix, servers };
  return [{ title: "--schedule", key: `series ${seriesOf(one)}`, load: async () => [one] }];
}
