import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, globSync, readFileSync, symlinkSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { installPackage } from "../build/engine/package.ts";
import { repository } from "../build/repository.ts";
import { resources } from "../provider/index.ts";
import { pages } from "../provider/process/pages.ts";
import { keywordOf } from "../provider/schema/metadata.ts";
import { startConverter } from "./plugin/converter.ts";

/** Compiling and packing take a few seconds, the first time. */
const timeout = 180_000;

const manifest = z
  .object({
    name: z.string(),
    main: z.string(),
    types: z.string(),
    bin: z.object({ "pulumi-converter-formations": z.string() }),
    description: z.string(),
    keywords: z.array(z.string()),
    exports: z.record(z.string(), z.unknown()),
  })
  .parse(JSON.parse(readFileSync(join(repository, "package.json"), "utf8")));
const modules = Object.keys(manifest.exports).filter((path) => path.includes("/sdk/dynamic/"));

let program: string;

beforeAll(async () => {
  program = await mkdtemp(join(tmpdir(), "formations-program-"));
  await installPackage(program, "packed");
}, timeout);

afterAll(() => rm(program, { recursive: true, force: true }));

function installed(path: string): string {
  return join(program, "node_modules", manifest.name, path);
}

test.each(modules)("the module %s, which states refer to, is in the package", (path) => {
  expect(existsSync(installed(path))).toBe(true);
  const required: unknown = createRequire(join(program, "index.js"))(join(manifest.name, path));
  expect(required).toEqual(expect.objectContaining({ create: expect.any(Function) }));
});

test.each(["pulumi-resource-formations.cmd", "pulumi-converter-formations.cmd", "formations.cmd"])(
  "every line of %s ends as Windows' shell expects it",
  (file) => {
    const text = readFileSync(join(repository, file), "utf8");

    expect(text.split("\r\n").join("")).not.toMatch(/[\r\n]/);
  },
);

test("every resource's module is exported, by the path that states have", () => {
  const resources = globSync("sdk/generated/*.ts", { cwd: repository })
    .map((file) => basename(file, ".ts"))
    .filter((name) => name !== "index" && name !== "functions");

  expect(resources.length).toBeGreaterThan(0);
  expect(modules).toEqual(
    expect.arrayContaining(["host", ...resources].map((name) => `./bin/sdk/dynamic/${name}.js`)),
  );
});

test("npm shows every system: in the package's description, and by a keyword", () => {
  const systems = [...new Set(resources.map(({ system }) => system.title))];
  expect(systems.filter((title) => !manifest.description.includes(title))).toEqual([]);
  expect(manifest.keywords).toEqual(expect.arrayContaining(systems.map(keywordOf)));
});

test("the package's entry and its types are in it, sources and tests are not", () => {
  expect(existsSync(installed(manifest.main))).toBe(true);
  expect(existsSync(installed(manifest.types))).toBe(true);
  const files = globSync("**/*", { cwd: installed(".") });
  expect(files.filter((file) => /\.test\.|(?<!\.d)\.ts$|generator/.test(file))).toEqual([]);
  expect(files.filter((file) => file.includes("simulators/"))).toEqual(["bin/simulators/index.js"]);
});

test("npm's folder of executables has the converter", async () => {
  const link = join(program, "pulumi-converter-formations");
  const start = installed(manifest.bin["pulumi-converter-formations"]);
  // As npm does it.
  chmodSync(start, 0o755);
  symlinkSync(start, link);
  const converter = await startConverter({}, [link]);
  const { text } = await converter.failure("--system", "citus");
  expect(text).toContain("FORMATIONS_CITUS_TOKEN");
});

test.each(pages)(
  "the page %s, which messages name, can be read in the installed package",
  (page) => {
    const command = [installed("bin/cli/main.js"), "help", page];
    const shown = spawnSync(process.execPath, command, { encoding: "utf8" });
    expect(shown).toMatchObject({ status: 0, stderr: "" });
    expect(shown.stdout).toMatch(/^# \w+/);
  },
);
