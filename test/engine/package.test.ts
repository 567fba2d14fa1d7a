import { existsSync } from "node:fs";
import { lstat, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runDirectoryVariable } from "../../build/engine/environment.ts";
import { installPackage, packedPackage } from "../../build/engine/package.ts";
import { repository } from "../../build/repository.ts";

const timeout = 60_000;

let directory: string;
let root: string;
let program: string;

/** A clone of a small package, laid out as this repository is. */
beforeEach(async () => {
  // With a run's folder the programs of a run share one copy.
  vi.stubEnv(runDirectoryVariable, undefined);
  directory = await mkdtemp(join(tmpdir(), "formations-package-"));
  root = join(directory, "clone");
  program = join(directory, "program");
  await mkdir(join(root, "provider", "plugin"), { recursive: true });
  await mkdir(join(root, "cli", "converter"), { recursive: true });
  await mkdir(join(root, "sdk", "dynamic"), { recursive: true });
  await mkdir(join(root, "simulators"), { recursive: true });
  await mkdir(join(root, "node_modules", "@types"), { recursive: true });
  for (const name of ["zod", "typescript", "@types/node"]) {
    await symlink(join(repository, "node_modules", name), join(root, "node_modules", name));
  }
  const manifest = {
    name: "small",
    version: "1.0.0",
    files: ["bin"],
    engines: { node: ">=22.19" },
    dependencies: { zod: "4" },
  };
  const options = {
    module: "node20",
    target: "es2023",
    types: [],
    incremental: true,
    rootDir: ".",
  };
  const settings = { compilerOptions: { ...options, incremental: true }, include: ["provider"] };
  await write("package.json", JSON.stringify(manifest));
  await write("tsconfig.build.json", JSON.stringify(settings));
  await write("provider/one.ts", "export const one = 1;\n");
  await write("provider/plugin/start.ts", "export {};\n");
  await write("provider/plugin/main.ts", "export {};\n");
  await write("cli/main.ts", "export {};\n");
  await write("cli/program.ts", "export {};\n");
  await write("cli/converter/start.ts", "export {};\n");
  await write("cli/converter/main.ts", "export {};\n");
  await write("sdk/index.ts", "export {};\n");
  await write("sdk/dynamic/host.ts", "export {};\n");
  await write("sdk/dynamic/service.ts", "export {};\n");
  await write("simulators/index.ts", "export {};\n");
});

afterEach(() => vi.unstubAllEnvs());
afterEach(() => rm(directory, { recursive: true, force: true }));

function write(path: string, content: string): Promise<void> {
  return writeFile(join(root, path), content);
}

test("a packed package is a real folder with what would be published", { timeout }, async () => {
  await installPackage(program, "packed", root);

  const modules = join(program, "node_modules");
  expect((await lstat(join(modules, "small"))).isDirectory()).toBe(true);
  expect(await readdir(join(modules, "small"), { recursive: true })).toEqual(
    expect.arrayContaining(["package.json", join("bin", "provider", "one.js")]),
  );
  expect(existsSync(join(modules, "small", "provider"))).toBe(false);
  expect(await realpath(join(modules, "zod"))).toBe(
    await realpath(join(repository, "node_modules", "zod")),
  );
});

test("a linked package is the clone itself, compiled", { timeout }, async () => {
  await installPackage(program, "linked", root);

  expect(await realpath(join(program, "node_modules", "small"))).toBe(await realpath(root));
  expect(existsSync(join(root, "bin", "provider", "one.js"))).toBe(true);
});

test("a program that does not use the package gets its dependencies only", async () => {
  await installPackage(program, "none", root);

  expect((await readdir(join(program, "node_modules"))).sort()).toEqual([
    "@types",
    "typescript",
    "zod",
  ]);
});

test("the package is made anew when a source changes, without stale files", {
  timeout,
}, async () => {
  const before = await packedPackage(root);
  expect(await packedPackage(root)).toBe(before);
  await rm(join(root, "provider", "one.ts"));
  await write("provider/two.ts", "export const two = 2;\n");

  const after = await packedPackage(root);

  expect(after).not.toBe(before);
  expect(await readdir(join(after, "bin", "provider"))).toContain("two.js");
  expect(await readdir(join(after, "bin", "provider"))).not.toContain("one.js");
});

test("sources that do not compile fail with the compiler's words", { timeout }, async () => {
  await write("provider/one.ts", "export const one: string = 1;\n");

  await expect(packedPackage(root)).rejects.toThrow(
    "Type 'number' is not assignable to type 'string'",
  );
});
