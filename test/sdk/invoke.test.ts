import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { compiledClone } from "../../build/engine/package.ts";
import { CitusSimulator } from "../../simulators/citus.ts";
import { running } from "../simulators/kit/testing.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";

let sdk: string;

// Compiled before the first test, which would not have the time for it.
beforeAll(async () => {
  sdk = join(await compiledClone(), "bin", "sdk", "index.js");
}, 120_000);

/** The lines that a program with this configuration prints, while it runs. */
function linesOf(program: string, config: Record<string, string>) {
  const pulumi = require.resolve("@pulumi/pulumi");
  const script = `
    require(${JSON.stringify(pulumi)}).runtime.setAllConfig(${JSON.stringify(config)});
    const formations = require(${JSON.stringify(sdk)});
    ${program}`;
  const child = spawn(process.execPath, ["-e", script], {
    env: { PATH: process.env.PATH, TMPDIR: ownTemporaryFolder() },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  });
  return createInterface(child.stdout);
}

test("a function that waits for the rate limit says so in the program's log", async () => {
  const simulator = await running(new CitusSimulator());
  const lines = linesOf("formations.getFormations().then(() => formations.getFormations());", {
    "formations:citusUrl": simulator.url,
    "formations:citusToken": simulator.token,
    "formations:citusRequestsPerMinute": "1",
  });

  const [line] = await once(lines, "line");

  expect(line).toMatch(/^info: .*getFormations: Citus Cloud .*\b1 request .*waiting \d+ s/);
  expect(simulator.count("GET")).toBe(1);
});
