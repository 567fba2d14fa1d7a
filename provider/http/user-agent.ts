import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";

let known: string | undefined;

/** `pulumi-formations/<version>`. */
export function userAgent(): string {
  known ??= `pulumi-formations/${packageVersion(__dirname)}`;
  return known;
}

/** The compiler's output lies one folder deeper than the sources, so the package is searched for. */
function packageVersion(folder: string): string {
  const file = join(folder, "package.json");
  if (existsSync(file)) {
    return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, "utf8"))).version;
  }
  const parent = dirname(folder);
  return parent === folder ? "unknown" : packageVersion(parent);
}
