import type { Command } from "commander";
import { z } from "zod";
import type { AntflyApi, BackupResult } from "../../antfly/api";
import { type BackupFormat, type BackupRequest, backupFormats } from "../../antfly/endpoints";
import { backupIdPrefix } from "../../antfly/schedule-inputs";
import { FormationsError } from "../../errors";
import { HttpError } from "../../http/errors";
import { duration, waitUntil } from "../../resource/wait";
import {
  addedTable,
  backupId,
  by,
  type Call,
  connect,
  minutes,
  newCall,
  type PlaceOptions,
  sending,
  withPlace,
} from "./connection";

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
      "--backup-id-prefix <prefix>",
      "what the ID begins with where none is given; the time follows",
      by(backupIdPrefix()),
      "manual",
    )
    .option("--table <name>", "only this table; repeatable; default: all", addedTable)
    .option("--format <format>", "native or portable; default: the server's", by(formats))
    .option("--timeout <minutes>", "how long the backup may take", by(minutes()), 120)
    .option("--json", "prints the result as JSON")
    .action(run);
}

const formats = z.enum(backupFormats, { error: `it must be one of ${backupFormats.join(", ")}` });

async function run(id: string | undefined, options: Options): Promise<void> {
  const call = newCall(options.timeout);
  const { location, connection, format } = options;
  const request: BackupRequest = {
    backupId: id ?? `${options.backupIdPrefix}-${compact(call.clock.now())}`,
    tableNames: options.table,
    ...{ location, connection, format },
  };
  const started = call.clock.now();
  const { tables } = await take(connect().at(options.url), request, call);
  const seconds = Math.round((call.clock.now() - started) / 1000);
  if (options.json) {
    console.log(JSON.stringify({ backupId: request.backupId, location, seconds, tables }));
    return;
  }
  const names = tables.map(({ name }) => name).join(", ");
  console.log(
    `${request.backupId}: taken in ${duration(seconds * 1000)} at ${location}, with ${names}.`,
  );
}

/**
 * Takes a backup to its end. v0.1 overwrites one of the same ID, so the list is looked at first. One whose answer was lost, or came too late, goes on at the server: so the
 * list is looked at until the backup is there.
 *
 * @throws BackupFailed where it is not whole, with the tables and why; where the ID or the location is
 * taken; where nobody knows
 */
export async function take(
  api: AntflyApi,
  request: BackupRequest,
  call: Call,
): Promise<Pick<BackupResult, "tables">> {
  const { backupId, location, connection } = request;
  const what = `backup ${backupId} at ${location}`;
  const exists = `There is a ${what} already: nothing was taken. Give another ID.`;
  const listed = await api.backups({ location, connection }, sending(call));
  if (listed.some((one) => one.backupId === backupId)) throw new BackupFailed(exists);
  const result = await api.takeBackup(request, sending(call)).catch((error: unknown) => {
    if (error instanceof HttpError && error.mayHaveTakenEffect) return { doubt: error };
    throw error;
  });
  if ("doubt" in result) return look(api, request, call, result.doubt.message);
  const { outcome, tables, serverSays } = result;
  switch (outcome) {
    case "completed":
      return { tables };
    case "ambiguous":
      return look(api, request, call, `The server does not know how it ended: ${serverSays}.`);
    case "exists":
      throw new BackupFailed(exists);
    case "busy":
      throw new BackupFailed(
        `Another backup is being written to ${location}: nothing was taken (${serverSays}). ` +
          "Try again when it has ended. A server that was killed leaves the location like this for up to 24 hours: the file there whose name ends in `-writer-lease` says until when.",
      );
    default: {
      const failed = tables.filter(({ status }) => !/^(completed|successful)$/.test(status));
      const lines = failed.map(({ name, status, error }) => `\n  ${name}: ${error ?? status}`);
      throw new BackupFailed(`The ${what} is not whole (${serverSays}):${lines.join("")}`);
    }
  }
}

async function look(
  api: AntflyApi,
  { backupId, location, connection }: BackupRequest,
  call: Call,
  doubt: string,
): Promise<Pick<BackupResult, "tables">> {
  call.say(`${doubt} Looking whether the list has it.`);
  const patience = { ...call, deadline: call.clock.now() + 10 * 60_000 };
  const found = await waitUntil({
    what: `backup ${backupId} to be listed at ${location}`,
    poll: async () => {
      const all = await api.backups({ location, connection }, sending(patience));
      return all.find((one) => one.backupId === backupId);
    },
    verdict: (seen) => (seen ? "done" : "waiting"),
    describe: () => "not listed",
    ...patience,
    afterwards: "`formations backups list` shows whether it did",
  });
  return {
    tables: (found?.tables ?? []).map((name) => ({ name, status: "completed", error: undefined })),
  };
}

/** A time as backup IDs have it: `20250115T030000Z`. */
function compact(time: number): string {
  return new Date(time).toISOString().replaceAll(/[-:]|\.\d+/g, "");
}
