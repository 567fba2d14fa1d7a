import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureEngine } from "../../build/engine/engine.ts";
import { ensureLanguageHost } from "../../build/engine/language-host.ts";
import { compiledClone } from "../../build/engine/package.ts";
import { runCommand, tail } from "../../build/engine/process.ts";
import { platformHere } from "../../build/node-builds.ts";
import { packPlugins } from "../../build/package.ts";
import { repository } from "../../build/repository.ts";
import { version } from "../distribution/installed.ts";
import { pythonWith, withoutPython, writtenSdks } from "../scenarios/sdks.ts";
import { userEnvironment } from "../scenarios/typed-pages.ts";
import { closedToOthers, present } from "./testing.ts";

let root: string;
let folder: string;
let temporary: string;
let env: NodeJS.ProcessEnv;

/** A user who has Pulumi, Python and pytest, and has installed the plugin from its archive. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "formations-testing-"));
  if (withoutPython) return;
  folder = join(root, "shop");
  await cp(join(repository, "examples", "testing-pytest"), folder, { recursive: true });
  temporary = join(root, "tmp");
  const [archives, commands] = [join(root, "archives"), join(root, "commands")];
  for (const each of [temporary, archives, commands]) mkdirSync(each);
  const python = await pythonWith(await writtenSdks());
  const hosts = await ensureLanguageHost("python", await ensureEngine(), process.env);
  const variables = { TMPDIR: temporary, CI: "true", ...python.env, ...closedToOthers };
  // Without pytest's cache, which it would leave in the folder.
  const quiet = { PYTEST_ADDOPTS: "-p no:cacheprovider", PYTHONDONTWRITEBYTECODE: "1" };
  const path = [commands, dirname(python.interpreter), ...hosts];
  env = await userEnvironment(root, { ...variables, ...quiet }, path);
  await packPlugins(await compiledClone(), archives, {
    platforms: [platformHere()],
    node: thisNode,
  });
  const archive = `pulumi-resource-formations-v${version}-${platformHere()}.tar.gz`;
  const install = ["plugin", "install", "resource", "formations", `v${version}`];
  await succeed("pulumi", [...install, "--file", join(archives, archive)]);
  const installed = join(env.PULUMI_HOME ?? "", "plugins", `resource-formations-v${version}`);
  symlinkSync(join(installed, "formations"), join(commands, "formations"));
}, 600_000);

/** Stands for an archive's Node.js, which takes long to pack: that it runs is another test's. */
async function thisNode(_: string, temporary: string) {
  const program = join(temporary, "node");
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' "$@"\n`);
  return { program, license: program };
}

afterAll(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));

async function succeed(program: string, args: readonly string[]): Promise<string> {
  const options = { cwd: folder, env, timeoutMs: 10 * 60_000 };
  const { code, stdout, stderr } = await runCommand(program, args, options);
  expect(code, tail(stdout + stderr, 60)).toBe(0);
  return stdout;
}

test("a user's own test passes with the archive's command, and leaves nothing", async ({
  skip,
}) => {
  skip(withoutPython !== undefined, withoutPython);
  const before = present(folder, temporary);

  const output = await succeed("formations", ["simulate", "--", "python", "-m", "pytest"]);

  expect(output).toContain("2 passed");
  expect(present(folder, temporary)).toEqual(before);
});
