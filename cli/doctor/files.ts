import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { z } from "zod";

const manifest = z.object({
  version: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  devDependencies: z.record(z.string(), z.string()).optional(),
});

/** What of a package's `package.json` matters here. */
export type Manifest = z.output<typeof manifest>;

/** The first file of this name on the PATH; undefined: there is none. */
export function onPath(name: string): string | undefined {
  const endings = process.platform === "win32" ? [".exe", ".cmd", ".bat"] : [""];
  return (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .flatMap((folder) => endings.map((ending) => join(folder, `${name}${ending}`)))
    .find((file) => existsSync(file));
}

/** The text of a file; undefined: it can't be read. */
export function textOf(...path: string[]): string | undefined {
  try {
    return readFileSync(join(...path), "utf8");
  } catch {
    return undefined;
  }
}

/** The names in a folder; none if it can't be read. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** The `package.json` of a folder; undefined: it is missing or malformed. */
export function manifestIn(folder: string): Manifest | undefined {
  try {
    return manifest.parse(JSON.parse(textOf(folder, "package.json") ?? ""));
  } catch {
    return undefined;
  }
}
