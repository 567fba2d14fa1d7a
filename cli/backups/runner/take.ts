import type { AntflyApi } from "../../../provider/antfly/api";
import type { BackupRequest } from "../../../provider/antfly/endpoints";
import { FormationsError } from "../../../provider/errors";
import { systemClock } from "../../../provider/process/clock";
import { takeSlot } from "./slot-backup";

/** A backup that was not taken, or whose outcome is unknown. */
export class BackupFailed extends FormationsError {
  readonly code = "BACKUP_FAILED";
}

/** How long to keep checking the list after the time limit, in milliseconds: the server may finish. */
const graceMs = 10 * 60_000;

/**
 * Takes one backup, as the runner takes a slot. v0.1 would overwrite a backup with the same ID, so this
 * checks the list first.
 *
 * @param timeoutMs time limit for the backup, in milliseconds
 * @param say told why and how long the backup waits
 * @returns the tables in the backup
 * @throws BackupFailed if the ID is taken, or if the backup is not whole, with its tables and why
 */
export async function takeOne(
  api: AntflyApi,
  request: BackupRequest,
  timeoutMs: number,
  say: (line: string) => void,
): Promise<readonly string[]> {
  const { backupId, location, connection } = request;
  const { signal } = new AbortController();
  const listed = await api.backups({ location, connection }, { signal, onWait: say });
  if (listed.some((one) => one.backupId === backupId)) {
    throw new BackupFailed(
      `Backup ${backupId} already exists at ${location}. Nothing was taken. Choose another ID.`,
    );
  }
  const limits = { clock: systemClock, signal, deadlineMs: timeoutMs, graceMs, onWait: say };
  const outcome = await takeSlot(api, request, limits);
  if (outcome.kind === "taken" || outcome.kind === "found") return outcome.tables;
  throw new BackupFailed(`${backupId} at ${location}: ${outcome.reason}`);
}
