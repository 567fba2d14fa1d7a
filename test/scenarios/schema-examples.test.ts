import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { compiledClone } from "../../build/engine/package.ts";
import { createWorkspace, type Workspace } from "../../build/engine/workspace.ts";
import { repository } from "../../build/repository.ts";
import { systems } from "../subjects.ts";
import { Account } from "../support/account.ts";
import { examples, pythonWith, succeed, withoutGo, withoutPython, writtenSdks } from "./sdks.ts";
import { configOf } from "./support.ts";

const timeout = 600_000;

/** The SDKs of every language. */
let sdks: string;

beforeAll(async () => {
  if (!withoutGo) sdks = await writtenSdks();
}, timeout);

/** The YAML programs as one, of the things of one kind: names repeat between the kinds. */
function merge(programs: readonly string[], head: object): string {
  const sections = new Map<string, string>();
  for (const program of programs) {
    for (const [, key = "", body = ""] of program.matchAll(/^(\w+):\n((?: .*\n?)+)/gm)) {
      sections.set(key, `${sections.get(key) ?? ""}${body.trimEnd()}\n`);
    }
  }
  const lines = Object.entries(head).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
  return [...lines, ...[...sections].map(([key, body]) => `${key}:\n${body}`)].join("");
}

/** A stack of the YAML examples, where the servers have what they name. */
async function yamlStack(kind: "resources" | "functions") {
  const account = await new Account(systems, 2000).start();
  onTestFinished(() => account.close());
  account.addExamples();
  const plugins = { providers: [{ name: "formations", path: await compiledClone() }] };
  const head = { name: "scenario", runtime: "yaml", plugins };
  const workspace: Workspace = await createWorkspace({
    program: "",
    files: { "Pulumi.yaml": merge(examples([kind], "yaml"), head) },
    package: "none",
    config: { "scenario:value": { secret: "hidden" }, ...configOf(account.access) },
  });
  onTestFinished(() => workspace.dispose());
  return { account, workspace };
}

test("every resource's YAML example is a program whose preview warns of nothing", async () => {
  const { workspace } = await yamlStack("resources");

  const { changes, diagnostics } = await workspace.preview();

  expect(changes).toEqual({ create: examples(["resources"], "yaml").length });
  expect(diagnostics.filter(({ severity }) => severity !== "info")).toEqual([]);
});

test("every function's YAML example is a program that gets an answer", async () => {
  const { account, workspace } = await yamlStack("functions");

  const { diagnostics } = await workspace.preview();

  expect(diagnostics.filter(({ severity }) => severity !== "info")).toEqual([]);
  const silent = systems.filter((system) => account.in(system).count() === 0);
  expect(silent.map(({ title }) => title)).toEqual([]);
});

test("every TypeScript example compiles with the SDK", { timeout }, async ({ skip }) => {
  skip(withoutGo !== undefined, withoutGo);
  const sdk = join(sdks, "nodejs");
  const program = join(sdks, "examples");
  const modules = join(program, "node_modules");
  await mkdir(modules, { recursive: true });
  for (const name of ["@pulumi", "@types"]) {
    await symlink(join(repository, "node_modules", name), join(modules, name), "junction");
  }
  const files = examples(["resources", "functions"], "typescript");
  for (const [index, text] of files.entries()) {
    await writeFile(join(program, `${index}.ts`), text);
  }
  // The SDK's sources replace what npm compiles of them.
  const paths = { "pulumi-formations-sdk": [join(sdk, "index.ts")] };
  const compilerOptions = { strict: true, noEmit: true, skipLibCheck: true, paths };
  const environment = { module: "nodenext", target: "es2022", types: ["node"] };
  const settings = { compilerOptions: { ...compilerOptions, ...environment } };
  await writeFile(join(program, "tsconfig.json"), JSON.stringify(settings));
  await symlink(modules, join(sdk, "node_modules"), "junction");

  const compiler = join(repository, "node_modules", "typescript", "bin", "tsc");
  expect(await succeed(process.execPath, [compiler, "-p", "."], program)).toBe("");
});

test("every Python example runs with the SDK", { timeout }, async ({ skip }) => {
  skip(withoutPython !== undefined, withoutPython);
  const python = await pythonWith(sdks);
  const programs = examples(["resources", "functions"], "python");
  await writeFile(join(sdks, "programs.json"), JSON.stringify(programs));
  const script = join(repository, "test", "fixtures", "sdks", "python", "run.py");

  const ran = await succeed(python.interpreter, [script, "programs.json"], sdks, python.env);

  expect(ran.trim()).toBe(`${programs.length} programs`);
});
