import { cpSync, globSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { filesOf } from "../../site/content/files.ts";
import { readPages } from "../../site/content/pages.ts";
import { readSettings, type Settings } from "../../site/content/settings.ts";
import { findProgram } from "../engine/on-path.ts";
import { runCommand, tail } from "../engine/process.ts";
import { repository } from "../repository.ts";
import { deadLinks } from "./dead-links.ts";

/** What the site is made with: a package of its own. */
export const sitePackage = join(repository, "site");

/** What a build of the site may be told. */
export interface SiteOptions {
  /** The folder, on the repository's disk, that it goes to instead of what was there. Default: `dist/site` */
  output?: string;
  /** The address at which it will be, with its path. Default: what the publisher has decided */
  url?: string;
}

/** A built site. */
export interface BuiltSite extends Settings {
  folder: string;
}

/**
 * Builds the documentation's site from the repository's pages. It first installs the site's packages, if
 * they are not there or not those of its lockfile.
 *
 * @throws Error that names the dead links, if there are any
 */
export async function buildSite(options: SiteOptions = {}): Promise<BuiltSite> {
  const folder = options.output ?? join(repository, "dist", "site");
  const address = options.url === undefined ? {} : { SITE_URL: options.url };
  const env = { ...process.env, ...address, ASTRO_TELEMETRY_DISABLED: "1" };
  const settings = readSettings(repository, env);
  if (!isInstalled()) await runHere(findProgram("npm", env) ?? "npm", ["ci"], env);
  writeContent(settings);
  const astro = join(sitePackage, "node_modules", "astro", "bin", "astro.mjs");
  await runHere(process.execPath, [astro, "build", "--outDir", folder], env);
  const dead = deadLinks(folder, settings.base);
  if (dead.length > 0) throw new Error(`The site has dead links:\n${dead.join("\n")}`);
  return { ...settings, folder };
}

/** npm writes down what it has installed, after it has. */
function isInstalled(): boolean {
  const written = (file: string) =>
    statSync(join(sitePackage, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return written("node_modules/.package-lock.json") >= written("package-lock.json");
}

/** Writes what Astro reads. Nothing stays of a page that is gone. */
function writeContent(settings: Settings): void {
  const docs = join(repository, "docs");
  const assets = join(sitePackage, "public");
  for (const old of [assets, join(sitePackage, "src", "content", "docs")]) {
    rmSync(old, { recursive: true, force: true });
  }
  for (const picture of globSync("**/*.{svg,png,json}", { cwd: docs })) {
    cpSync(join(docs, picture), join(assets, picture));
  }
  for (const [file, text] of filesOf(readPages(repository), settings)) {
    const path = join(sitePackage, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

async function runHere(file: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const result = await runCommand(file, args, { cwd: sitePackage, env, timeoutMs: 600_000 });
  if (result.code === 0) return;
  throw new Error(`${args.join(" ")} failed:\n${tail(`${result.stdout}\n${result.stderr}`)}`);
}
