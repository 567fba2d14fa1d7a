import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureEngine } from "../../build/engine/engine.ts";
import { runDirectoryVariable } from "../../build/engine/environment.ts";

/** Before scenario tests: the engine, and a folder for what they write, removed at the end. */
export async function setup(): Promise<() => Promise<void>> {
  await ensureEngine({ say: (line) => process.stderr.write(`${line}\n`) });
  const directory = await mkdtemp(join(tmpdir(), "formations-run-"));
  process.env[runDirectoryVariable] = directory;
  return () => rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}
