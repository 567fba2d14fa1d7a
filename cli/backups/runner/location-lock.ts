import { createHash } from "node:crypto";
import { join } from "node:path";
import { lockFile } from "../../../provider/process/file-lock";
import { preparePrivateFolder, userFolder } from "../../../provider/process/private-folder";

/** An attempt to hold a location. */
export interface LocationLock {
  /** False: another runner holds it. */
  isOurs: boolean;
  release(): Promise<void>;
}

/**
 * Tries to hold a location among the runners of one user on this machine: a server of v0.1 would start
 * a backup over a running one, where 0.2 answers that it is busy.
 *
 * @param store the location, with its server if it is on that server's own disk
 * @param warn told if locking is impossible here; the runner then continues without a lock
 */
export async function lockLocation(
  store: string,
  warn: (text: string) => void,
): Promise<LocationLock> {
  const folder = userFolder();
  const name = createHash("sha256").update(store).digest("hex");
  try {
    await preparePrivateFolder(folder);
    const release = await lockFile(join(folder, `backups-${name}`));
    return { isOurs: true, release };
  } catch (error) {
    const isHeld = error instanceof Error && "code" in error && error.code === "ELOCKED";
    if (!isHeld) warn(`Cannot lock the location against other runners on this machine: ${error}.`);
    return { isOurs: !isHeld, release: async () => {} };
  }
}
