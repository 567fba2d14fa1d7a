import { inUtc } from "../../terminal/time";
import type { UnendedBackup } from "./memory";

/** What 0.2 does: a reservation, then a lease, whose file is stored beside the backups. */
const whatFreesIt =
  "a killed server leaves its location locked: for 5 minutes by a reservation, then for 24 hours by a lease, the file at the location whose name ends in `-writer-lease`. If no backup is running there, set the expiry in that file to a time in the past";

/** What 0.2 does when it runs out of executors: the backup never ends, and a stop waits for it. */
const whatEndsIt =
  "A backup that hangs never ends, and a plain stop of the server waits for it: kill and restart the server. Afterwards the location is still locked:";

/**
 * Why a location is busy, as far as it is known here: a backup that began from this machine tells one that
 * runs or hangs from a lock that a killed server left.
 *
 * @param serverSays the server's words
 */
export function busyText(
  location: string,
  serverSays: string,
  unended: UnendedBackup | undefined,
): string {
  const busy = `${location} is busy ("${serverSays}").`;
  if (!unended) {
    return `${busy} Another backup is running there, or one hangs, or a lock was left: ${whatFreesIt}.`;
  }
  const backup = `Backup ${unended.backupId}, begun from here at ${inUtc(unended.startedAt)},`;
  if (unended.how === "lost") {
    return `${busy} The connection broke during ${backup.replace(/^B/, "b")} so the server was probably killed or restarted, and left a lock: ${whatFreesIt}.`;
  }
  return `${busy} ${backup} has not ended: it is still running, or hangs. ${whatEndsIt} ${whatFreesIt}.`;
}

/** What to make of a server that accepted a backup and did not respond in time. */
export const silence = `It is still working on the backup, or hangs; the location stays busy meanwhile. ${whatEndsIt} ${whatFreesIt}.`;
