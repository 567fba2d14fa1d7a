import { createHash } from "node:crypto";
import { join } from "node:path";
import { lockFile, type Release } from "../../../provider/process/file-lock";
import { preparePrivateFolder, userFolder } from "../../../provider/process/private-folder";

/**
 * Holds a location among the runners of one user on this machine: a server of v0.1 would start a
 * backup over one that runs there, where 0.2 says that it is busy.
 *
 * @param store the location, with its server where it is that server's own
 * @param warn told where there can be no lock; the runner goes on without
 * @returns undefined: another runner holds it
 */
export async function tryLock(
  store: string,
  warn: (text: string) => void,
): Promise<Release | undefined> {
  const folder = userFolder();
  const name = createHash("sha256").update(store).digest("hex");
  try {
    await preparePrivateFolder(folder);
    return await lockFile(join(folder, `backups-${name}`));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ELOCKED") return undefined;
    warn(`Runners of this machine can't be told apart: ${error}.`);
    return async () => {};
  }
}
