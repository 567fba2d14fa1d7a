import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { repository } from "../../build/repository.ts";

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** Runs the command as `npm run simulate --` does; killed at the end of the test if it still runs. */
function simulate(...args: string[]): { child: Child; output: () => string } {
  const child = spawn(process.execPath, [join(repository, "simulators", "main.ts"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return { child, output: () => output };
}

async function variables(output: () => string): Promise<Record<string, string>> {
  await expect.poll(output, { timeout: 10_000 }).toContain("Ctrl-C ends it");
  return Object.fromEntries(
    [...output().matchAll(/export (\w+)=(\S+)/g)].map(([, key = "", value = ""]) => [key, value]),
  );
}

test("serves under the printed variables and logs each request, never with the token", async () => {
  const { output } = simulate("citus", "--speed", "600", "--token", "my-own-token");
  const { FORMATIONS_CITUS_URL: url, FORMATIONS_CITUS_TOKEN: token } = await variables(output);
  const start = output().length;
  const headers = { authorization: `Token ${token}` };
  expect((await fetch(`${url}/formations/`, { headers })).status).toBe(200);
  await expect.poll(output).toContain("citus GET /api/v1/formations/ 200");
  expect(output().slice(start)).not.toContain("my-own-token");
});

test("offers a primary to replicate", async () => {
  const { output } = simulate("crunchybridge");
  const found = await variables(output);
  const [, id] = /demo-primary, (\w{26}),/.exec(output()) ?? [];
  const answer = await fetch(`${found.FORMATIONS_CRUNCHY_BRIDGE_URL}/clusters/${id}`, {
    headers: { authorization: `Bearer ${found.FORMATIONS_CRUNCHY_BRIDGE_API_KEY}` },
  });
  expect(await answer.json()).toMatchObject({ name: "demo-primary" });
});

test("all starts the four", async () => {
  const { output } = simulate("all");
  expect(Object.keys(await variables(output)).sort()).toEqual([
    "FORMATIONS_AKKERIS_TOKEN",
    "FORMATIONS_AKKERIS_URL",
    "FORMATIONS_ANTFLY_API_KEY",
    "FORMATIONS_ANTFLY_HEALTH_URL",
    "FORMATIONS_ANTFLY_URL",
    "FORMATIONS_CITUS_REQUESTS_PER_MINUTE",
    "FORMATIONS_CITUS_TOKEN",
    "FORMATIONS_CITUS_URL",
    "FORMATIONS_CRUNCHY_BRIDGE_API_KEY",
    "FORMATIONS_CRUNCHY_BRIDGE_URL",
  ]);
});

test.each(["SIGINT", "SIGTERM"] as const)("%s ends it", async (signal) => {
  const { child, output } = simulate("citus");
  await variables(output);
  child.kill(signal);
  expect(await once(child, "exit")).toEqual([0, null]);
});

test.each([
  [["nosuch"], "name one simulator, or all"],
  [[], "name one simulator, or all"],
  [["citus", "--speed", "fast"], '--speed can\'t be "fast"'],
  [["all", "--token", "x"], "--token is for one simulator"],
  [["citus", "--colour"], "--colour"],
])("refuses %o", async (args, message) => {
  const { child, output } = simulate(...args);
  expect(await once(child, "close")).toEqual([1, null]);
  expect(output()).toContain(message);
});
