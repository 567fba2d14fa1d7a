import type { Command } from "commander";
import { z } from "zod";
import type { AntflyApi } from "../../../provider/antfly/api";
import { backupIdPrefix } from "../../../provider/antfly/backup-schedule/schema";
import {
  type BackupFormat,
  type BackupRequest,
  backupFormats,
} from "../../../provider/antfly/endpoints";
import { FormationsError } from "../../../provider/errors";
import { systemClock } from "../../../provider/process/clock";
import { complain, print } from "../../../provider/process/output";
import { duration } from "../../../provider/resource/wait";
import {
  addedTable,
  backupId,
  by,
  type PlaceOptions,
  placeOf,
  timeLimit,
  withPlace,
} from "../place";
import { takeSlot } from "../runner/slot-backup";
import { backupIdOf } from "../runner/slots";

/** A backup that did not come about, or of which nobody knows. */
export class BackupFailed extends FormationsError {
  readonly code = "BACKUP_FAILED";
}

interface Options extends PlaceOptions {
  backupIdPrefix: string;
  table?: string[];
  format?: BackupFormat;
  timeout: number;
  json?: boolean;
}

/** Adds `take`: one backup, now. */
export function describeTake(backups: Command): void {
  withPlace(backups.command("take"))
    .argument("[backup-id]", "the backup's ID; default: the prefix and the time", by(backupId))
    .description("takes one backup now, whatever the schedules say")
    .option(
      "--prefix, --backup-id-prefix <prefix>",
      "what the ID begins with where none is given; the time follows",
      by(backupIdPrefix()),
      "manual",
    )
    .option("--table <name>", "only this table; repeatable; default: all", addedTable)
    .option("--format <format>", "native or portable; default: the server's", by(formats))
    .addOption(timeLimit("how long the backup may take"))
    .option("--json", "prints the result as JSON")
    .action(run);
}

const formats = z.enum(backupFormats, { error: `it must be one of ${backupFormats.join(", ")}` });

async function run(id: string | undefined, options: Options): Promise<void> {
  const { format, timeout } = options;
  const { servers, url, location, connection } = await placeOf(options);
  const started = systemClock.now();
  const request: BackupRequest = {
    backupId: id ?? backupIdOf(options.backupIdPrefix, started),
    tableNames: options.table,
    ...{ location, connection, format },
  };
  const say = (line: string) => complain(line);
  const tables = await take(servers.at(url), request, { timeout, say });
  const ms = systemClock.now() - started;
  const { backupId } = request;
  if (options.json) {
    print(JSON.stringify({ backupId, location, seconds: Math.round(ms / 1000), tables }));
    return;
  }
  print(`${backupId}: taken in ${duration(ms)} at ${location}, with ${tables.join(", ")}.`);
}

/**
 * Takes a backup to its end, as the runner takes a slot. v0.1 overwrites one of the same ID, so the list
 * is looked at first.
 *
 * @returns the tables that are in it
 * @throws BackupFailed where the ID is taken, and where the backup is not whole, with its tables and why
 */
export async function take(
  api: AntflyApi,
  request: BackupRequest,
  { timeout, say }: { timeout: number; say: (line: string) => void },
): Promise<readonly string[]> {
  const { backupId, location, connection } = request;
  const signal = new AbortController().signal;
  const listed = await api.backups({ location, connection }, { signal, onWait: say });
  if (listed.some((one) => one.backupId === backupId)) {
    throw new BackupFailed(
      `There is a backup ${backupId} at ${location} already: nothing was taken. Give another ID.`,
    );
  }
  const patience = { clock: systemClock, signal, deadlineMs: timeout, graceMs, onWait: say };
  const ending = await takeSlot(api, request, patience);
  if (ending.kind === "taken" || ending.kind === "found") return ending.tables;
  throw new BackupFailed(`${backupId} at ${location}: ${ending.reason}`);
}

/** How long the list is looked at after a call that was given up: a server finishes it all the same. */
const graceMs = 10 * 60_000;
