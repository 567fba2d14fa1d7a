import { chmod, lstat, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { simulationFolder } from "./simulation";

/**
 * The folder of what all processes of a user share on this machine, or of what those of a simulation share.
 * Its name has the user's ID, since several users may share the machine's temporary folder.
 */
export function userFolder(): string {
  return simulationFolder() ?? join(tmpdir(), `pulumi-formations-${process.getuid?.() ?? "user"}`);
}

/**
 * Makes a folder that only this user can read and write.
 *
 * @throws Error where the path is not a folder, or belongs to another user
 */
export async function preparePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  if (!found.isDirectory()) throw new Error(`${folder} is not a folder`);
  const user = process.getuid?.();
  if (user === undefined) return;
  if (found.uid !== user) throw new Error(`${folder} belongs to another user`);
  if ((found.mode & 0o077) !== 0) await chmod(folder, 0o700);
}
