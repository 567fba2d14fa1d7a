import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { compiledClone } from "../../../build/engine/package.ts";
import { repository } from "../../../build/repository.ts";
import { formats } from "../../../cli/explain/flags.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";

const preview = join(repository, "test", "fixtures", "previews", "changes-plugin.json");

beforeAll(() => compiledClone(), 120_000);

/** Writes which modules a process has loaded, once it ends. */
const hook = (list: string) => `
const { writeFileSync } = require("node:fs");
process.on("exit", () => {
  writeFileSync(${JSON.stringify(list)}, Object.keys(require.cache).join("\\n"));
});
`;

test.each(formats)(
  "explaining as %s loads no HTTP client and nothing of Pulumi's",
  async (format) => {
    const cli = join(await compiledClone(), "bin", "cli", "main.js");
    const folder = ownTemporaryFolder();
    const [list, script] = [join(folder, "modules"), join(folder, "hook.cjs")];
    writeFileSync(script, hook(list));
    const args = ["--require", script, cli, "explain", "--format", format, preview];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout).not.toBe("");
    const loaded = readFileSync(list, "utf8").split("\n");
    const packages = loaded.flatMap((file) => {
      const [, name] = /.*node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file) ?? [];
      return name ?? [];
    });
    expect([...new Set(packages)].toSorted()).toEqual(["commander", "croner", "zod"]);
  },
);
