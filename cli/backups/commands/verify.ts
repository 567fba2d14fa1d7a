import type { Command } from "commander";
import { backupLocation } from "../../../provider/antfly/backup-schedule/schema";
import { splitUrl } from "../../../provider/antfly/dialect";
import type { RestoreMode } from "../../../provider/antfly/endpoints";
import { print } from "../../../provider/process/output";
import { type CommandCall, newCall } from "../../call";
import { addDetails, type Details } from "../../details";
import { jsonFlag, timeoutFlag } from "../../flags";
import { printJson, tell } from "../../say";
import { watching } from "../../terminal/progress";
import { drawTable } from "../../terminal/table";
import { inUtcIfTime } from "../../terminal/time";
import { tableWidth } from "../../terminal/width";
import { Connections } from "../connections";
import { addedTable, backupId, by, modeFlag, prefixFlag } from "../flags";
import { otherServer, type PlaceFlags, placeOf, withPlace } from "../place";
import { demandConsent } from "../restoring/consent";
import {
  type ComparedTable,
  chooseBackup,
  isDoubtful,
  planRehearsal,
  type Rehearsal,
  rehearse,
} from "../restoring/rehearsal";
import { RestoreFailed } from "../restoring/restore";

interface Flags extends PlaceFlags {
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

const details: Details = {
  text: [
    "This is a rehearsal. It restores a backup into another server and compares each document with the source's current one. The source is only read. No request reads a backup's documents directly, so later changes at the source count as differences: verify a fresh backup, or tables that nobody is writing to. Schemas and indexes are not compared.",
    "The other server's key is FORMATIONS_INTO_ANTFLY_API_KEY, or in the file that FORMATIONS_INTO_ANTFLY_API_KEY_FILE names; by default it is the source's key.",
  ],
  examples: [
    "formations backups verify --into-url https://rehearsal.example.com",
    "formations backups verify nightly-20310115T030000Z --stack production \\",
    "  --into-url https://rehearsal.example.com --clean-up",
  ],
  exitCodes: {
    "0": "the documents are the same",
    "1": "a table was not restored, or something failed",
    "2": "documents differ",
  },
  page: "restoring",
};

/** Adds `formations backups verify`. */
export function addVerify(backups: Command): void {
  const command = withPlace(backups.command("verify"))
    .argument("[backup-id]", "the backup; default: the newest", by(backupId))
    .description("restore a backup into another server and compare the documents")
    .requiredOption("--into-url <url>", "root URL of the server to restore into; not the source")
    .option(
      "--into-location <url>",
      "where that server finds the backup; default: --location",
      by(backupLocation()),
    )
    .option("--into-connection <name>", "that server's connection; default: --connection")
    .addOption(prefixFlag("verify the newest backup with this prefix"))
    .option("--table <name>", "a table to verify; repeatable; default: all", addedTable)
    .addOption(modeFlag())
    .option(
      "--allow-changes",
      "exit 0 even if documents differ (but not if a table came back empty)",
    )
    .option("--clean-up", "afterwards, drop the restored tables from the other server")
    .addOption(timeoutFlag("time limit"))
    .option("-y, --yes", "overwrite the other server's tables without asking")
    .addOption(jsonFlag())
    .action(action);
  addDetails(command, details);
}

async function action(id: string | undefined, flags: Flags): Promise<void> {
  const call = newCall(flags.timeout);
  const [rehearsal, plan] = await watching(
    "Looking at the backup and the tables",
    async (watch) => {
      const found = await rehearsalOf(id, flags, { ...call, ...watch });
      return [found, await planRehearsal(found, { ...call, ...watch })] as const;
    },
  );
  if (!flags.yes) await demandConsent(plan);
  const tables = await watching(`Restoring ${rehearsal.backup.backupId} and comparing`, (watch) =>
    rehearse(rehearsal, plan, { ...call, ...watch }),
  );
  const left = flags.cleanUp ? [] : plan.tables;
  if (flags.cleanUp) {
    for (const table of plan.tables) await rehearsal.into.dropTable(table, call);
  }
  const isInDoubt = tables.some((one) => isDoubtful(one, flags.allowChanges ?? false));
  if (isInDoubt) process.exitCode = 2;
  const { backupId, timestamp } = rehearsal.backup;
  if (flags.json) {
    printJson({ backupId, timestamp, tables, left });
    return;
  }
  tell(`Backup ${backupId} of ${inUtcIfTime(timestamp ?? "an unknown time")}:`);
  print(tableOf(tables));
  tell(isInDoubt ? doubt : "Every table was restored.");
  tell(
    left.length > 0
      ? `Left on ${flags.intoUrl}: ${left.join(", ")}. Drop them before the next rehearsal, or use --clean-up.`
      : `Dropped from ${flags.intoUrl}: ${plan.tables.join(", ")}.`,
  );
}

const doubt =
  "Documents differ. Expect that for documents written or deleted since the backup; any others were lost.";

async function rehearsalOf(
  id: string | undefined,
  flags: Flags,
  call: CommandCall,
): Promise<Rehearsal> {
  const { intoUrl, cleanUp, mode } = flags;
  if (cleanUp && mode !== "fail_if_exists") {
    throw new RestoreFailed(
      "--clean-up cannot be combined with --mode: it would drop tables that existed before.",
    );
  }
  const connections = new Connections();
  const from = await placeOf(flags, connections);
  const { servers, url, location, connection, prefix } = from;
  if (servers.rootOf(url) === splitUrl(intoUrl).root) {
    throw new RestoreFailed(
      "--into-url is the source itself. A cluster's backup is restored under its tables' own names, so a rehearsal needs another server.",
    );
  }
  const source = servers.at(url);
  const into = otherServer(from, intoUrl, connections);
  const place = { location, connection };
  const series = { id, prefix: flags.backupIdPrefix ?? prefix };
  const backup = await chooseBackup(source, place, series, call);
  const intoPlace = {
    location: flags.intoLocation ?? location,
    connection: flags.intoConnection ?? connection,
  };
  return { source, into, place, intoPlace, backup, tableNames: flags.table, mode };
}

function tableOf(tables: readonly ComparedTable[]): string {
  const head = ["table", "source", "restored", "missing", "extra", "different"];
  const rows = tables.map(({ inSource, ...one }) => {
    const rest = inSource ? [one.missing, one.extra, one.different] : ["", "", ""];
    return [one.table, inSource ? one.source : "no such table", one.restored, ...rest];
  });
  return drawTable(head, rows, { width: tableWidth() });
}
