import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";

let known: string | undefined;

/** The package's version, as package.json has it: `0.1.0`. */
export function packageVersion(): string {
  known ??= versionIn(__dirname);
  return known;
}

/** The compiler's output lies one folder deeper than the sources, so the package is searched for. */
function versionIn(folder: string): string {
  const file = join(folder, "package.json");
  if (existsSync(file)) {
    return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, "utf8"))).version;
  }
  const parent = dirname(folder);
  return parent === folder ? "unknown" : versionIn(parent);
}
