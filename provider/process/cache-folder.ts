import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where this system keeps its user's caches. Unlike the temporary folder, other users can't write
 * there.
 *
 * @returns undefined for a user without a home folder
 */
export function userCaches(): string | undefined {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = process.env;
  try {
    if (process.platform === "win32") return LOCALAPPDATA || join(homedir(), "AppData", "Local");
    if (process.platform === "darwin") return join(homedir(), "Library", "Caches");
    return XDG_CACHE_HOME || join(homedir(), ".cache");
  } catch {
    return undefined;
  }
}
