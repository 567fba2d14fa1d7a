import type { Command } from "commander";
import type { RestoreMode } from "../../../provider/antfly/endpoints";
import { newCall } from "../../call";
import { addDetails, type Details } from "../../details";
import { jsonFlag, timeoutFlag } from "../../flags";
import { printJson, tell } from "../../say";
import { watching } from "../../terminal/progress";
import { Connections } from "../connections";
import { addedTable, backupId, by, modeFlag } from "../flags";
import { type PlaceFlags, placeOf, withPlace } from "../place";
import { demandConsent } from "../restoring/consent";
import { planRestore, restore } from "../restoring/restore";

interface Flags extends PlaceFlags {
  mode: RestoreMode;
  table?: string[];
  timeout: number;
  idempotencyKey?: string;
  yes?: boolean;
  json?: boolean;
}

const details: Details = {
  text: [
    "By default, nothing is restored if one of the tables exists. --mode skip-if-exists leaves existing tables unchanged. --mode overwrite replaces them: all changes since the backup are lost.",
    "While a restore is running, the same command waits for the same job.",
  ],
  examples: [
    "formations backups restore nightly-20310115T030000Z --table orders",
    "formations backups restore manual-1 --mode overwrite --yes",
  ],
  exitCodes: {
    "0": "every table was restored",
    "1": "a table was not restored, which the output names with the reason, or something failed",
  },
  page: "restoring",
};

/** Adds `formations backups restore`. */
export function addRestore(backups: Command): void {
  const command = withPlace(backups.command("restore"))
    .argument("<backup-id>", "the backup, as `list` shows it", by(backupId))
    .description("restore tables from a backup, and wait for the end")
    .addOption(modeFlag())
    .option("--table <name>", "a table to restore; repeatable; default: all", addedTable)
    .addOption(timeoutFlag("how long to wait for the restore"))
    .option("--idempotency-key <key>", "return the job that this key started, even one that ended")
    .option("-y, --yes", "overwrite tables without asking")
    .addOption(jsonFlag())
    .action(action);
  addDetails(command, details);
}

async function action(id: string, flags: Flags): Promise<void> {
  const { mode, table, timeout, idempotencyKey, yes, json } = flags;
  const { servers, url, location, connection } = await placeOf(flags, new Connections());
  const api = servers.at(url);
  const request = { backupId: id, location, connection, tableNames: table, mode };
  const plan = await watching("Looking at the backup and the tables", (watch) =>
    planRestore(api, request, { ...newCall(timeout), ...watch }),
  );
  if (!yes) await demandConsent(plan);
  if (plan.tables.length === 0) {
    if (json) printJson({ backupId: id, tables: [] });
    else tell("All tables exist. Nothing was restored.");
    return;
  }
  const restored = await watching(`Restoring ${id}`, (watch) =>
    restore(api, plan, { ...newCall(timeout), ...watch }, idempotencyKey),
  );
  if (json) {
    printJson({ backupId: id, ...restored });
    return;
  }
  for (const { name, status, error } of restored.tables) {
    tell(`${name}: ${status}${error ? `: ${error}` : ""}`);
  }
}
