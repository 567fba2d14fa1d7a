import { join } from "node:path";
import { isHeld, lockFile } from "../../../provider/process/file-lock";
import { preparePrivateFolder, userFolder } from "../../../provider/process/private-folder";
import { digest } from "./memory";

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
  try {
    await preparePrivateFolder(folder);
    const release = await lockFile(join(folder, `backups-${digest(store)}`));
    return { isOurs: true, release };
  } catch (error) {
    const isOurs = !isHeld(error);
    if (isOurs) warn(`Cannot lock the location against other runners on this machine: ${error}.`);
    return { isOurs, release: async () => {} };
  }
}
