import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Where the site will be. */
export interface Settings {
  /** Scheme and host: `https://formations.example.com`; undefined as long as nobody has decided. */
  origin?: string;
  /** The path below which all of it is, without a slash at its end. Empty: the root. */
  base: string;
  /** Where the sources are on the web; null as long as nobody has decided. */
  repository: string | null;
}

/**
 * Takes the site's address from the environment (`SITE_URL`) or from what the publisher has decided, in
 * `publication.json`. Without either, the site is for the root of any host.
 */
export function readSettings(root: string, environment = process.env): Settings {
  const file = join(root, "provider", "schema", "publication.json");
  const decided: Record<string, string | null> = JSON.parse(readFileSync(file, "utf8"));
  const repository = decided.repository ?? null;
  const address = environment.SITE_URL || decided.site;
  if (!address) return { base: "", repository };
  const { origin, pathname } = new URL(address);
  return { origin, base: pathname.replace(/\/+$/, ""), repository };
}
