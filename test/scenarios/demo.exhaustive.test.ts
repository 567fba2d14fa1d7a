import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { packedPackage } from "../../build/engine/package.ts";
import { type RunningCommand, startCommand } from "../../build/engine/process.ts";
import { repository } from "../../build/repository.ts";

/** Starts the demo as `npm run demo` does, with a temporary folder of its own. */
function demo(onLine?: (line: string) => void): { command: RunningCommand; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), "formations-demo-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { FORCE_COLOR: _, ...env } = process.env;
  const command = startCommand(process.execPath, ["examples/demo/main.ts"], {
    cwd: repository,
    env: { ...env, TMPDIR: folder, TEMP: folder, TMP: folder },
    timeoutMs: 170_000,
    onLine,
  });
  onTestFinished(() => command.kill());
  return { command, folder };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("the demo shows the life of the example, and leaves nothing behind", async () => {
  // Set-up, which may leave the caches of npm and the compiler in the temporary folder.
  await packedPackage();
  const { command, folder } = demo();

  const { code, stdout, stderr } = await command.done;

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const told = [
    "+ 7 created",
    "+-Formation: (replace)",
    "workerCount: the new formation",
    "4 updated",
    "+-2 replaced",
    "7 unchanged",
    "so it is kept: put 8 into the program",
    "- 7 deleted",
    "Crunchy Bridge │",
  ];
  const words = stdout.replaceAll(/\s+/g, " ");
  expect(told.filter((text) => !words.includes(text))).toEqual([]);
  expect(stdout).not.toContain("\u001b[");
  expect(readdirSync(folder)).toEqual([]);
});

test("an interrupted demo ends what it started and leaves nothing behind", async () => {
  const begun = Promise.withResolvers<void>();
  const { command, folder } = demo((line) => {
    if (line.includes("created (")) begun.resolve();
  });
  await Promise.race([begun.promise, command.done]);
  const started = command.descendants();
  // The engine, two hosts, the program and its provider.
  expect(started.length).toBeGreaterThanOrEqual(4);

  command.interrupt();

  expect((await command.done).code).toBe(130);
  // The system takes a while to bury those whose parent has ended before them.
  await expect.poll(() => started.filter(isRunning), { timeout: 20_000 }).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
});
