import { z } from "zod";
import { Refused, ServerFailure } from "../../http/errors";
import { type Context, defineResource } from "../../resource/definition";
import { flag } from "../../resource/property";
import { show } from "../../resource/values";
import { backupFormats } from "../endpoints";
import { LocationUnusable, NotImportable } from "../errors";
import { serverUrl, serverUrlRule } from "../server-url";
import { type AntflyServers, antfly } from "../system";
import { backupIdPrefix, backupLocation, cronExpression, tableNames, timeZone } from "./schema";

const inputs = z.object({
  schedule: cronExpression().meta({
    description:
      "When to take backups: a cron expression of five fields (minute, hour, day of month, month, day of week), for instance `0 3 * * *`. A change is recorded in the state.",
  }),
  location: backupLocation().meta({
    description:
      "Where backups go: `file:///path`, `s3://bucket/path` or `gs://bucket/path`, without a trailing slash. A change begins a new series; the old backups stay where they are.",
  }),
  timezone: timeZone().optional().meta({
    description:
      "Time zone of `schedule`, from the IANA database, for instance `Europe/Berlin`. Default: `UTC`. A change is recorded in the state.",
  }),
  connection: z.string().min(1).optional().meta({
    description:
      "Name of a connection in the server's configuration that may write to `location`. Servers of version 0.2 demand one; those of v0.1 have none and ignore it. A change begins a new series.",
  }),
  tableNames: tableNames().optional().meta({
    description:
      "The tables to back up, 1 to 256, each once. Default: all tables. A change is recorded in the state.",
  }),
  format: z.enum(backupFormats).optional().meta({
    title: "BackupFormat",
    description:
      "`native` (a physical snapshot: fast, for the same storage engine) or `portable` (a logical backup that every Antfly server can restore). Default: the server's, `portable`. Servers of v0.1 ignore it. A change is recorded in the state.",
  }),
  backupIdPrefix: backupIdPrefix().optional().meta({
    description:
      "What the IDs of this schedule's backups begin with: up to 111 letters, digits, dots, hyphens and underscores, a letter or digit first. The time of each slot follows in UTC: `nightly-20250115T030000Z`. No other schedule may have it at this location. Default: the resource's logical name and a short hash. A change begins a new series.",
  }),
  suspend: flag().optional().meta({
    description: "Whether the schedule pauses. Default: false. A change is recorded in the state.",
  }),
  url: serverUrl().optional().meta({
    description:
      "The server's root, where it is not the configured `antflyUrl`; the configured API key is sent to it. A change begins a new series.",
  }),
});

/** None: what a server has at a location changes with each backup, and `getAntflyBackups` reads it. */
const outputs = z.object({});

type Inputs = z.output<typeof inputs>;

/** The message that a deletion leaves, and the reference. */
const backupsStay =
  "its backups stay where they are. Antfly's API deletes no backup: the bucket's lifecycle rules do that";

/**
 * A backup schedule. It is state in the stack, for Antfly can schedule nothing: a runner reads it from
 * there and takes the backups.
 */
export const backupSchedule = defineResource({
  name: "AntflyBackupSchedule",
  description:
    "A schedule of backups of an Antfly cluster.\n\n" +
    "Antfly cannot schedule backups itself. The schedule is a record in the stack; the runner, `formations backups run`, reads it there and takes the backups that are due (docs/backups.md). Creating the schedule lists the backups at `location`, to check that server, location and connection answer, and changes nothing on the server; no later change sends anything.\n\n" +
    `Deleting the schedule ends the series; ${backupsStay}. A schedule cannot be imported: declare it with the \`backupIdPrefix\` of the backups that are there, and it goes on with their series.`,
  id: "the prefix of its backups' IDs",
  example: {
    schedule: "0 3 * * *",
    timezone: "Europe/Berlin",
    location: "s3://example-backups/nightly",
    connection: "backups",
  },
  system: antfly,
  inputs,
  outputs,
  plan: {
    autoname: "backupIdPrefix",
    defaults: { timezone: "UTC", suspend: false },
    same: { tableNames: sameTables },
    properties: [
      {
        change: "schedule, timezone, tables, format, suspend",
        properties: ["schedule", "timezone", "tableNames", "format", "suspend"],
        on: ["changed", "removed"],
        becomes: "update",
        why: "recorded in the state; nothing is sent",
      },
      {
        change: "location, connection, url, prefix",
        properties: ["location", "connection", "url", "backupIdPrefix"],
        becomes: "replace",
        order: "new first",
        why: "a new series begins; old backups stay",
      },
    ],
  },
  constraints: [serverUrlRule],

  foresee({ backupIdPrefix, timezone, connection, tableNames, format, suspend, url }) {
    const state = { timezone, connection, tableNames, format, suspend, url };
    return { id: backupIdPrefix, state };
  },

  /** Lists what is there already, and sends nothing else. */
  async create(wanted, context) {
    const id = prefixOf(wanted);
    await look(id, wanted, context);
    await warnOfIgnored(wanted, context);
    return { id, state: wanted };
  },

  /**
   * What a schedule is stands in the state only, and no server could say otherwise: a refresh asks
   * none. So neither a server that is down nor a key that has expired stops one; the runner, which
   * needs both, notices.
   */
  async read(id, known) {
    const { schedule, location } = known;
    if (schedule === undefined || location === undefined) {
      throw new NotImportable(
        `AntflyBackupSchedule ${id}: a schedule is state in the stack, so there is nothing on the server to import. ` +
          `Declare it in the program, with backupIdPrefix ${show(id)} to go on with that series: creating it changes nothing on the server.`,
      );
    }
    return { id, state: { ...known, schedule, location } };
  },

  async update({ id, state, changes }) {
    return { id, state: { ...state, ...changes } };
  },

  async delete(_id, { location }, { warn }) {
    warn(`It is gone from the stack; at ${location} ${backupsStay}.`);
  },
});

/** The host fills it in where the program does not. */
function prefixOf({ backupIdPrefix }: Inputs): string {
  if (backupIdPrefix === undefined) throw new TypeError("A schedule has no backupIdPrefix.");
  return backupIdPrefix;
}

/** Looks whether server, location and connection answer, as the runner will need them to. */
async function look(
  id: string,
  { location, connection, url }: Inputs,
  context: Context<AntflyServers>,
): Promise<void> {
  try {
    await context.api.at(url).tryLocation({ location, connection }, context);
  } catch (error) {
    if (!(error instanceof Refused || error instanceof ServerFailure)) throw error;
    const through = connection === undefined ? "" : ` through the connection ${show(connection)}`;
    throw new LocationUnusable(
      `AntflyBackupSchedule ${id} at ${location}${through}: ${error.message}`,
      { cause: error },
    );
  }
}

/** v0.1 takes no notice of what it does not know, so nobody else would say so. */
async function warnOfIgnored(
  { connection, format, url }: Inputs,
  context: Context<AntflyServers>,
): Promise<void> {
  if ((await context.api.at(url).dialect(context)) !== "v0.1") return;
  for (const [name, value] of Object.entries({ connection, format })) {
    if (value === undefined) continue;
    context.warn(
      `${name} ${show(value)} has no effect: the server is of version 0.1, which knows no ${name}.`,
    );
  }
}

/** Tables are a set: their order means nothing. */
function sameTables(a: unknown, b: unknown): boolean {
  const set = (value: unknown) => JSON.stringify(Array.isArray(value) ? value.toSorted() : value);
  return set(a) === set(b);
}
