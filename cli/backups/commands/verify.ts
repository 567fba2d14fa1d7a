import type { Command } from "commander";
import { backupIdPrefix, backupLocation } from "../../../provider/antfly/backup-schedule/schema";
import { splitUrl } from "../../../provider/antfly/dialect";
import type { RestoreMode } from "../../../provider/antfly/endpoints";
import { print } from "../../../provider/process/output";
import {
  addedTable,
  backupId,
  by,
  type Call,
  newCall,
  otherServer,
  type PlaceOptions,
  placeOf,
  sending,
  timeLimit,
  withPlace,
} from "../place";
import { drawTable } from "../reporting/table";
import {
  chooseBackup,
  isDoubtful,
  planRehearsal,
  type Rehearsal,
  type Verdict,
  verify,
} from "../restoring/rehearsal";
import { RestoreFailed } from "../restoring/restore";
import { demandConsent, modeOption } from "./restore";

interface Options extends PlaceOptions {
  backupIdPrefix?: string;
  intoUrl: string;
  intoLocation?: string;
  intoConnection?: string;
  table?: string[];
  mode: RestoreMode;
  allowChanges?: boolean;
  cleanUp?: boolean;
  timeout: number;
  yes?: boolean;
  json?: boolean;
}

const help = `
A rehearsal. It restores a backup into another server and compares the documents there with those that
the source has now, one by one. The source is only read. What was written to it since the backup differs
too, for no call reads the documents of a backup itself: verify a fresh backup, or one of tables at rest,
to have them all the same. Schemas and indexes are not compared.

The other server takes FORMATIONS_INTO_ANTFLY_API_KEY, or the file that
FORMATIONS_INTO_ANTFLY_API_KEY_FILE names, and without them the same key as the source.

Ends with 0 when the documents are the same, with 2 when they differ, with 1 when a table did not come
back or something failed.`;

/** Adds `verify`: a rehearsal of a restore. */
export function describeVerify(backups: Command): void {
  withPlace(backups.command("verify"))
    .argument("[backup-id]", "the backup; default: the newest", by(backupId))
    .description("restores a backup into another server and compares the documents")
    .requiredOption("--into-url <url>", "the root of the server to restore into, never the source")
    .option(
      "--into-location <url>",
      "where that server finds the backup; default: --location",
      by(backupLocation()),
    )
    .option("--into-connection <name>", "that server's connection; default: --connection")
    .option(
      "--prefix, --backup-id-prefix <prefix>",
      "the newest backup of this schedule, by the prefix of its IDs",
      by(backupIdPrefix()),
    )
    .option("--table <name>", "only this table; repeatable; default: all of the backup", addedTable)
    .addOption(modeOption())
    .option(
      "--allow-changes",
      "ends with 0 though documents differ; not when a table came back empty",
    )
    .option("--clean-up", "drops the tables that came back from the other server in the end")
    .addOption(timeLimit("how long everything may take"))
    .option("-y, --yes", "overwrites the other server's tables without asking")
    .option("--json", "prints the result as JSON")
    .addHelpText("after", help)
    .action(run);
}

async function run(id: string | undefined, options: Options): Promise<void> {
  const call = newCall(options.timeout);
  const rehearsal = await prepare(id, options, call);
  const plan = await planRehearsal(rehearsal, call);
  if (!options.yes) await demandConsent(plan);
  const verdicts = await verify(rehearsal, plan, call);
  const { backupId, timestamp } = rehearsal.backup;
  const left = options.cleanUp ? [] : plan.tables;
  if (options.cleanUp) {
    for (const table of plan.tables) await rehearsal.into.dropTable(table, sending(call));
  }
  const isInDoubt = verdicts.some((one) => isDoubtful(one, options.allowChanges ?? false));
  if (isInDoubt) process.exitCode = 2;
  if (options.json) {
    print(JSON.stringify({ backupId, timestamp, tables: verdicts, left }, undefined, 2));
    return;
  }
  print(`Backup ${backupId} of ${timestamp}:`);
  print(tableOf(verdicts));
  print(isInDoubt ? doubt : "Every table came back.");
  print(
    left.length > 0
      ? `Left on ${options.intoUrl}: ${left.join(", ")}. Drop them before the next rehearsal, or let --clean-up do it.`
      : `Dropped from ${options.intoUrl}: ${plan.tables.join(", ")}.`,
  );
}

const doubt =
  "Documents differ. Those that were written or deleted since the backup do; any others were lost.";

async function prepare(id: string | undefined, options: Options, call: Call): Promise<Rehearsal> {
  const { intoUrl, cleanUp, mode } = options;
  if (cleanUp && mode !== "fail_if_exists") {
    throw new RestoreFailed(
      "--clean-up drops what came back, and so goes with tables that were not there before: leave --mode out.",
    );
  }
  const from = await placeOf(options);
  const { servers, url, location, connection, prefix } = from;
  if (servers.rootOf(url) === splitUrl(intoUrl).root) {
    throw new RestoreFailed(
      "--into-url is the source itself. A backup of a cluster comes back under its tables' own names, so a rehearsal needs another server.",
    );
  }
  const source = servers.at(url);
  const into = otherServer(from, intoUrl);
  const place = { location, connection };
  const series = { id, prefix: options.backupIdPrefix ?? prefix };
  const backup = await chooseBackup(source, place, series, call);
  const intoPlace = {
    location: options.intoLocation ?? location,
    connection: options.intoConnection ?? connection,
  };
  return { source, into, place, intoPlace, backup, tableNames: options.table, mode };
}

function tableOf(verdicts: readonly Verdict[]): string {
  const head = ["table", "source", "came back", "missing", "extra", "different"];
  const rows = verdicts.map(({ inSource, ...one }) => {
    const rest = inSource ? [one.missing, one.extra, one.different] : ["", "", ""];
    return [one.table, inSource ? one.source : "no such table", one.restored, ...rest];
  });
  return drawTable(head, rows);
}
