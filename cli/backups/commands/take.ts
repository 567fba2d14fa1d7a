import type { Command } from "commander";
import { z } from "zod";
import {
  type BackupFormat,
  type BackupRequest,
  backupFormats,
} from "../../../provider/antfly/endpoints";
import { systemClock } from "../../../provider/process/clock";
import { complain, print } from "../../../provider/process/output";
import { duration } from "../../../provider/resource/wait";
import { timeoutFlag } from "../../flags";
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
  withPlace(backups.command("take"))
    .argument("[backup-id]", "the backup's ID; default: the prefix and the time", by(backupId))
    .description("take one backup now, whatever the schedules say")
    .addOption(prefixFlag("prefix of the default ID, followed by the time").default("manual"))
    .option("--table <name>", "a table to back up; repeatable; default: all", addedTable)
    .option("--format <format>", "native or portable; default: the server's", by(formats))
    .addOption(timeoutFlag("time limit for the backup"))
    .option("--json", "print JSON")
    .action(action);
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
  const tables = await takeOne(servers.at(url), request, flags.timeout, complain);
  const ms = systemClock.now() - started;
  const { backupId } = request;
  if (flags.json) {
    print(JSON.stringify({ backupId, location, seconds: Math.round(ms / 1000), tables }));
    return;
  }
  print(`${backupId}: taken in ${duration(ms)} at ${location}, with ${tables.join(", ")}.`);
}
