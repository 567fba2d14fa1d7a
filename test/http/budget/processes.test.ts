import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { RateBudget } from "../../../provider/http/budget/rate-budget.ts";
import { InstantClock, token } from "../client-under-test.ts";

const scripts = join(import.meta.dirname, "processes");

/** Processes that start take as long as a busy machine makes them. */
const slow = { timeout: 60_000 };

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "budget-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** Starts one of the scripts beside this test; it ends with the test at the latest. */
function start(script: string, ...parameters: string[]) {
  const hook = pathToFileURL(join(scripts, "typescript.mjs")).href;
  const child = spawn(process.execPath, ["--import", hook, join(scripts, script), ...parameters], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** What a process prints until it ends. */
async function output(child: ReturnType<typeof start>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk);
  return Buffer.concat(chunks).toString().trim();
}

test("two processes at once keep to one budget", slow, async () => {
  const folder = await temporaryFolder();
  const children = [1, 2].map(() => start("budget-worker.ts", folder, token, "7", "6"));
  const taken = (await Promise.all(children.map(output))).map(Number);
  expect(taken.reduce((sum, count) => sum + count)).toBe(7);
});

test("a holder of the lock that was killed blocks nobody for long", slow, async () => {
  const folder = await temporaryFolder();
  const budget = new RateBudget({
    system: "Test Cloud",
    token: token,
    requestsPerMinute: 1,
    folder,
    clock: new InstantClock(),
    warn: (text) => expect.fail(text),
  });
  await budget.take();
  const [name = ""] = await readdir(folder);
  const holder = start("lock-worker.ts", join(folder, name));
  await once(holder.stdout, "data");
  holder.kill("SIGKILL");
  await once(holder, "exit");
  const lock = join(folder, `${name}.lock`);
  // The lock outlives its holder (else nothing were proved); let six seconds pass for it.
  await expect(mkdir(lock)).rejects.toThrow("EEXIST");
  const before = new Date(Date.now() - 6_000);
  await utimes(lock, before, before);
  await budget.take();
});
