import { chmod, lstat, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * What processes of one user share on this machine. Named by the user, since several may share the
 * machine's temporary folder.
 */
export function userFolder(): string {
  return join(tmpdir(), `pulumi-formations-${process.getuid?.() ?? "user"}`);
}

/** Makes a folder. Nobody else may read or replace what is in it, nor have put it there. */
export async function preparePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  if (!found.isDirectory()) throw new Error(`${folder} is not a folder`);
  const user = process.getuid?.();
  if (user === undefined) return;
  if (found.uid !== user) throw new Error(`${folder} belongs to another user`);
  if ((found.mode & 0o077) !== 0) await chmod(folder, 0o700);
}
