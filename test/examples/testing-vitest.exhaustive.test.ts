import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installPackage } from "../../build/engine/package.ts";
import { runCommand, tail } from "../../build/engine/process.ts";
import { repository } from "../../build/repository.ts";
import { userEnvironment } from "../scenarios/typed-pages.ts";
import { closedToOthers, present } from "./testing.ts";

let root: string;
let folder: string;
let temporary: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "formations-testing-"));
  folder = join(root, "shop");
  await cp(join(repository, "examples", "testing-vitest"), folder, { recursive: true });
  await installPackage(folder, "packed");
  const modules = join(folder, "node_modules");
  const vitest = join(modules, "vitest");
  symlinkSync(join(repository, "node_modules", "vitest"), vitest);
  // As npm does it.
  mkdirSync(join(modules, ".bin"));
  const command = join(modules, "pulumi-formations", "bin", "cli", "main.js");
  chmodSync(command, 0o755);
  symlinkSync(command, join(modules, ".bin", "formations"));
  symlinkSync(join(vitest, "vitest.mjs"), join(modules, ".bin", "vitest"));
  temporary = join(root, "tmp");
  mkdirSync(temporary);
  env = await userEnvironment(root, { TMPDIR: temporary, CI: "true", ...closedToOthers });
});

afterAll(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));

/** Runs the example's tests as CI does, and fails where they do. */
async function npmTest(): Promise<string> {
  const options = { cwd: folder, env, timeoutMs: 10 * 60_000 };
  const { code, stdout, stderr } = await runCommand("npm", ["test"], options);
  expect(code, tail(stdout + stderr, 60)).toBe(0);
  return stdout;
}

test("a user's own test passes from the packed package, twice in a row and two at once, and leaves nothing", async () => {
  const before = present(folder, temporary);
  expect(before.simulations).toEqual([]);

  const first = await npmTest();
  const others = await Promise.all([npmTest(), npmTest()]);

  for (const output of [first, ...others]) expect(output).toMatch(/Tests .*2 passed/);
  expect(present(folder, temporary)).toEqual(before);
});

test("its files are type-checked as the example's settings say", async () => {
  const compiler = join(repository, "node_modules", "typescript", "bin", "tsc");
  const options = { cwd: folder, env, timeoutMs: 10 * 60_000 };
  const { stdout } = await runCommand(process.execPath, [compiler, "-p", "."], options);
  expect(stdout).toBe("");
});
