import { globSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { bundleAll } from "./bundle.ts";
import { packArchive } from "./engine/package.ts";
import { pinNode, platformHere } from "./node-builds.ts";
import { packPlugins, writeChecksums } from "./package.ts";
import { submission } from "./submission.ts";

const clone = join(import.meta.dirname, "..");

/** What `npm run build` and `npm run package` do besides compiling, `npm run pin` and `npm run registry`. */
const tasks: Partial<Record<string, () => Promise<void> | void>> = {
  bundle: () => bundleAll(clone, join(clone, "bin")),
  package: writePackages,
  pin: pinNode,
  registry: printSubmission,
};

/** Prints what a person has to do for Pulumi's registry. It fails as long as something comes before that. */
function printSubmission(): void {
  const { text, isReady } = submission(process.cwd());
  console.log(text);
  if (!isReady) process.exitCode = 1;
}

/**
 * Writes what a release publishes to `dist/`: npm's tarball, the plugins' archives, checksums. With
 * `--here`, only the archives for this machine.
 */
async function writePackages(): Promise<void> {
  const platforms = process.argv.includes("--here") ? [platformHere()] : undefined;
  const dist = resolve(clone, "dist");
  mkdirSync(dist, { recursive: true });
  const old = globSync(["*.tgz", "*.tar.gz", "checksums.txt"], { cwd: dist });
  for (const file of old) rmSync(join(dist, file));
  await packArchive(clone, dist);
  await packPlugins(clone, dist, { platforms });
  writeChecksums(dist);
  console.log(readFileSync(join(dist, "checksums.txt"), "utf8"));
}

const task = tasks[process.argv[2] ?? ""];
if (!task) throw new Error(`name a task: ${Object.keys(tasks).join(", ")}`);
await task();
