import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCommand } from "../../build/engine/process.ts";
import { resourceNamed } from "../../build/engine/state.ts";
import { repository } from "../../build/repository.ts";
import { args, living, programOf } from "./formation-support.ts";

/** The README's program, with inputs. */
function snippet(inputs: string): string {
  const readme = readFileSync(join(repository, "examples", "policy", "README.md"), "utf8");
  const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  return code.replace("{ /* … */ }", inputs);
}

/**
 * A program that the Automation API runs in its own process, since the tests' language host is older than
 * hooks. Its arguments: `up` or `destroy`, the number of workers, and whether copying fails.
 */
const program = (statements: string) => `
  const { appendFileSync } = require("node:fs");
  const { LocalWorkspace } = require("@pulumi/pulumi/automation");
  const pulumi = require("@pulumi/pulumi");
  const { Formation } = require("pulumi-formations");
  const [operation, workerCount, failing] = process.argv.slice(2);
  const inputs = { ...${JSON.stringify(args)}, workerCount: Number(workerCount) };
  const copyDatabase = async ({ from, to }) => {
    appendFileSync("copies.txt", [from, to].join(" ") + "\\n");
    if (failing) throw new Error("the copy failed");
  };
  const program = async () => {
    ${statements}
  };
  const main = async () => {
    const place = { stackName: "test", projectName: "scenario", program };
    const stack = await LocalWorkspace.createOrSelectStack(place, { workDir: process.cwd() });
    await (operation === "up" ? stack.up() : stack.destroy({ runProgram: true }));
  };
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
`;

test("the README's hook copies what a replacement loses, again if it failed, and nothing at the end", async () => {
  const { citus, workspace } = await programOf("");
  await workspace.writeFile("run.cts", program(snippet("inputs").replaceAll(/^import .*$/gm, "")));
  const run = async (...given: string[]) => {
    const { project: cwd, env } = workspace;
    const { code, stderr } = await runCommand(process.execPath, ["run.cts", ...given], {
      ...{ cwd, env, timeoutMs: 170_000 },
    });
    return { code, stderr };
  };
  const copies = () => readFileSync(join(workspace.project, "copies.txt"), "utf8").split("\n");
  expect(await run("up", "2")).toMatchObject({ code: 0 });
  const old = living(citus);
  const state = await workspace.exportState();
  // What the policy looks for.
  expect(resourceNamed(state, "events").resourceHooks).toEqual({ BeforeDelete: ["copy-events"] });

  const failed = await run("up", "3", "failing");
  expect(failed.stderr).toContain("the copy failed");
  expect(failed.code).toBe(1);
  expect(old.state).not.toBe("archived");
  const { resources } = (await workspace.exportState()).deployment;
  expect(resources.filter((one) => one.delete).map(({ id }) => id)).toEqual([old.id]);

  expect(await run("up", "3")).toMatchObject({ code: 0 });
  const current = living(citus);
  expect(current.id).not.toBe(old.id);
  const copied = [`${old.database_url} ${current.database_url}`];
  expect(copies()).toEqual([...copied, ...copied, ""]);

  expect(await run("destroy", "3")).toMatchObject({ code: 0 });
  expect(copies()).toHaveLength(3);
  expect(current.state).toBe("archived");
});

test("the README's program has the types of the library", async () => {
  const { workspace } = await programOf("");
  const compilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, types: ["node"] },
    ...{ target: "es2022", module: "nodenext" },
  };
  const settings = { compilerOptions, files: ["index.ts"] };
  await workspace.writeFile("tsconfig.json", JSON.stringify(settings));
  await workspace.writeFile(
    "copy-database.ts",
    "export async function copyDatabase(_: { from?: string; to?: string }): Promise<void> {}",
  );
  await workspace.writeFile("index.ts", snippet(JSON.stringify(args)));
  const compiler = join(repository, "node_modules", "typescript", "bin", "tsc");
  const { code, stdout } = await runCommand(process.execPath, [compiler, "-p", "."], {
    ...{ cwd: workspace.project, timeoutMs: 120_000 },
  });
  expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
});
