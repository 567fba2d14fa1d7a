import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import publication from "../schema/publication.json";

/** The bundler defines it, since a bundle has no package.json beside it. */
declare const bundledVersion: string | undefined;

let known: string | undefined;

/** The package's version, as package.json has it: `0.1.0`. */
export function packageVersion(): string {
  known ??= typeof bundledVersion === "string" ? bundledVersion : versionIn(__dirname);
  return known;
}

const { repository }: { repository: string | null } = publication;

/** Whether there are releases, from which Pulumi downloads the plugin. */
export const isPublished = repository !== null;

/** What every request is sent with: `pulumi-formations/<version>`. */
export function userAgent(): string {
  return `pulumi-formations/${packageVersion()}`;
}

/** The compiler's output lies one folder deeper than the sources, so the package is searched for. */
function versionIn(folder: string): string {
  const file = join(folder, "package.json");
  if (existsSync(file)) {
    const manifest: { version?: unknown } = JSON.parse(readFileSync(file, "utf8"));
    return String(manifest.version);
  }
  const parent = dirname(folder);
  return parent === folder ? "unknown" : versionIn(parent);
}
