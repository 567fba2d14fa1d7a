import { join } from "node:path";
import { expect, test } from "vitest";
import { runCommand } from "../../build/engine/process.ts";
import { repository } from "../../build/repository.ts";

/** Says which of the modules are loaded with @pulumi/pulumi, and then serializes a function with it. */
const script = `
  const pulumi = require("@pulumi/pulumi");
  const loaded = Object.keys(require.cache);
  const isLoaded = (name) => loaded.some((path) => path.includes(name));
  const found = ["typescript.js", "arborist"].filter(isLoaded);
  const answer = { text: "forty-two" };
  const serialize = () => pulumi.runtime.serializeFunction(() => answer.text);
  serialize().then(({ text }) => console.log(JSON.stringify({ found, text })));
`;

async function run(...flags: string[]): Promise<{ found: string[]; text: string }> {
  const { code, stdout, stderr } = await runCommand(process.execPath, [...flags, "-e", script], {
    cwd: repository,
    env: { PATH: process.env.PATH },
    timeoutMs: 50_000,
  });
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

test("@pulumi/pulumi starts without what only serializing needs, and serializes as ever", async () => {
  const [usual, late] = await Promise.all([
    run(),
    run("--require", join(repository, "build", "engine", "late-modules.cjs")),
  ]);

  expect(usual.found).toEqual(["typescript.js", "arborist"]);
  expect(late.found).toEqual([]);
  expect(late.text).toBe(usual.text);
  expect(late.text).toContain("forty-two");
});
