import { spawn } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compiledClone } from "../../build/engine/package.ts";

const command = join(await compiledClone(), "bin", "cli", "main.js");

/** Starts `formations`; its standard output goes there. */
function started(args: readonly string[], stdout: "pipe" | number) {
  const child = spawn(process.execPath, [command, ...args], { stdio: ["ignore", stdout, "pipe"] });
  const code = new Promise((resolve) => child.once("close", resolve));
  let err = "";
  child.stderr?.on("data", (data) => {
    err += data;
  });
  return { child, ended: code.then((ended) => [ended, err]) };
}

test.each([
  { args: ["--help"] },
  { args: ["help", "command-line"] },
  { args: ["completion", "bash"] },
])("$args ends well if nobody reads what it prints", async ({ args }) => {
  const { child, ended } = started(args, "pipe");
  child.stdout?.destroy();

  expect(await ended).toEqual([0, ""]);
});

test.runIf(existsSync("/dev/full"))("output that can't be stored is a failure", async () => {
  const { ended } = started(["completion", "bash"], openSync("/dev/full", "w"));
  const [code, err] = await ended;

  expect(code).toBe(1);
  expect(err).toMatch(/^formations: Standard output can't be written: ENOSPC.*\n$/);
});
