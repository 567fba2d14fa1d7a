import { join } from "node:path";
import { expect, test } from "vitest";
import { runCommand } from "../../build/engine/process.ts";
import { repository } from "../../build/repository.ts";

/**
 * Says which of the modules are loaded with @pulumi/pulumi, serializes a function with it, and another
 * that it can't, of which it says where it is.
 */
const script = `
  const pulumi = require("@pulumi/pulumi");
  const { start } = require("@pulumi/pulumi/cmd/run/tracing");
  const { isInitializedAsync } = require("@pulumi/pulumi/runtime/closure/v8Hooks");
  const loaded = Object.keys(require.cache);
  const isLoaded = (name) => loaded.some((path) => path.includes(name));
  const parts = ["typescript.js", "normalize-package-data", "automation", "sdk-trace-node"];
  const found = parts.filter(isLoaded);
  const answer = { text: "forty-two" };
  const program = "(native) => () => native()";
  const make = () => require("vm").runInThisContext(program, { filename: "/program.js" });
  const serialize = async (fn) => (await pulumi.runtime.serializeFunction(fn)).text;
  const refused = () => serialize(make()(new Intl.Collator().compare)).catch(({ message }) => message);
  isInitializedAsync()
    .then(async () => ({ found, text: await serialize(() => answer.text), refusal: await refused() }))
    .then((all) => console.log(JSON.stringify({ ...all, starts: typeof start })));
`;

/** What the script says. */
interface Said {
  found: string[];
  text: string;
  refusal: string;
}

async function run(...flags: string[]): Promise<Said> {
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

  expect(usual.found).toHaveLength(4);
  expect(late.found).toEqual([]);
  expect(late.text).toContain("forty-two");
  expect(late.refusal).toContain("program.js(1,12)");
  expect({ ...late, found: usual.found }).toEqual(usual);
});
