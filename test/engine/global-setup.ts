import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { ensureEngine } from "../../build/engine/engine.ts";
import { runDirectoryVariable } from "../../build/engine/environment.ts";
import { startVault, vaultVariable } from "../../build/engine/vault.ts";

/** Before scenario tests: the engine, its stacks' key, and a folder for what they write. */
export async function setup({ config }: TestProject): Promise<() => Promise<void>> {
  const env = { ...process.env, ...config.env };
  await ensureEngine({ env, say: (line) => process.stderr.write(`${line}\n`) });
  const directory = await mkdtemp(join(tmpdir(), "formations-run-"));
  process.env[runDirectoryVariable] = directory;
  const vault = await startVault();
  process.env[vaultVariable] = vault.url;
  return () => {
    vault.close();
    return rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  };
}
