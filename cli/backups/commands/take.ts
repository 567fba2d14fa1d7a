import { type Command, Option } from "commander";
import { z } from "zod";
import {
  type BackupFormat,
  type BackupRequest,
  backupFormats,
} from "../../../provider/antfly/endpoints";
import { systemClock } from "../../../provider/process/clock";
import { duration } from "../../../provider/resource/wait";
import { addDetails } from "../../details";
import { jsonFlag, timeoutFlag } from "../../flags";
import { printJson, tell } from "../../say";
import { watching } from "../../terminal/progress";
import { Connections } from "../connections";
import { addedTable, backupId, by, prefixFlag } from "../flags";
import { type PlaceFlags, placeOf, withPlace } from "../place";
import { backupIdOf } from "../runner/slots";
import { takeOne } from "../runner/take";

interface Flags extends PlaceFlags {
  backupIdPrefix: string;
  table?: string[];
  format?: BackupFormat;
  timeout: number;
  json?: boolean;
}

const formats = z.enum(backupFormats, { error: `use one of ${backupFormats.join(", ")}` });

/** Adds `formations backups take`. */
export function addTake(backups: Command): void {
  const command = withPlace(backups.command("take"))
    .argument("[backup-id]", "the backup's ID; default: the prefix and the time", by(backupId))
    .description("take one backup now, whatever the schedules say")
    .addOption(prefixFlag("prefix of the default ID, followed by the time").default("manual"))
    .option("--table <name>", "a table to back up; repeatable; default: all", addedTable)
    .addOption(
      new Option("--format <format>", "the backup's format; default: the server's")
        .choices(backupFormats)
        .argParser(by(formats)),
    )
    .addOption(timeoutFlag("time limit for the backup"))
    .addOption(jsonFlag())
    .action(action);
  addDetails(command, {
    examples: [
      "formations backups take --stack production",
      "formations backups take before-upgrade --table orders --timeout 30m",
    ],
    exitCodes: { "0": "the backup was taken, with every table" },
    page: "restoring",
  });
}

async function action(id: string | undefined, flags: Flags): Promise<void> {
  const { servers, url, location, connection } = await placeOf(flags, new Connections());
  const started = systemClock.now();
  const request: BackupRequest = {
    backupId: id ?? backupIdOf(flags.backupIdPrefix, started),
    tableNames: flags.table,
    format: flags.format,
    location,
    connection,
  };
  const tables = await watching(`Taking ${request.backupId}`, ({ onWait }) =>
    takeOne(servers.at(url), request, flags.timeout, onWait),
  );
  const ms = systemClock.now() - started;
  const { backupId } = request;
  if (flags.json) {
    printJson({ backupId, location, seconds: Math.round(ms / 1000), tables });
    return;
  }
  tell(`${backupId}: taken in ${duration(ms)} at ${location}, with ${tables.join(", ")}.`);
}
