import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { compiledClone } from "../../build/engine/package.ts";
import { programOf } from "../../cli/program.ts";

const clone = await compiledClone();

/** The files of the clone that a script of Node.js has loaded when it ends. */
function loadedBy(script: string): string[] {
  const list = "process.stderr.write(JSON.stringify(Object.keys(require.cache)))";
  const args = ["-e", `process.once("exit", () => ${list}); ${script}`, "formations", "--help"];
  const { stderr } = spawnSync(process.execPath, args, { cwd: clone, encoding: "utf8" });
  const files: string[] = JSON.parse(stderr);
  return files.map((file) => relative(clone, file).replaceAll("\\", "/"));
}

test("the list of commands shows of each what the command shows of itself", async () => {
  const list = await programOf([]);
  const whole = await programOf(["help"]);

  expect(list.helpInformation()).toBe(whole.helpInformation());
});

test("the list of commands loads none of them, no zod, and commander from no other file", () => {
  const loaded = loadedBy('require("./bin/cli/program.js").run();');

  expect(loaded).toContain("bin/cli/help.js");
  expect(
    loaded.filter((file) =>
      /^bin\/(cli\/(?!terminal\/width).+\/|sdk)|node_modules\/(zod|commander)\//.test(file),
    ),
  ).toEqual([]);
});

test("one command loads no other", async () => {
  const { commands } = await programOf(["recover", "--help"]);

  const withFlags = commands.filter(({ options }) => options.length > 0).map((one) => one.name());
  expect(withFlags).toEqual(["recover"]);
});

test("a program loads the classes from one file, without any system, zod or HTTP", () => {
  const loaded = loadedBy('require("pulumi-formations");');
  const entry = readFileSync(join(clone, "bin/sdk/index.js"), "utf8");
  const bundled = [...entry.matchAll(/^\/\/ (\S+\/\S+)$/gm)].map(([, file]) => file ?? "");

  expect(loaded.filter((file) => file.startsWith("bin/"))).toEqual(["bin/sdk/index.js"]);
  expect(bundled).toContain("sdk/resource.ts");
  const own = /^(sdk\/|provider\/(resource|process)\/)/;
  expect(bundled.filter((file) => !own.test(file))).toEqual([]);
  expect(loaded.filter((file) => /node_modules\/(zod|undici)\//.test(file))).toEqual([]);
});
