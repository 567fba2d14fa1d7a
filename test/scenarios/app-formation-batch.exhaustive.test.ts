import { spawn } from "node:child_process";
import { expect, onTestFinished, test } from "vitest";
import { type Declarations, stackOf } from "./app-formation-support.ts";

const app = "foo-default";
const types = ["web", "clock", "mailer", "indexer", "importer", "reports"];

function sized(size: string): Declarations {
  return Object.fromEntries(
    types.map((type) => {
      const command = type === "web" ? {} : { command: `run ${type}` };
      return [type, { args: { app, type, size, quantity: 1, ...command } }];
    }),
  );
}

/** Keeps a core busy until the test ends. */
function keepBusy(): void {
  const loop = spawn(process.execPath, ["-e", "for (;;);"]);
  onTestFinished(() => void loop.kill());
}

test.each([
  ["plugin", 0],
  ["plugin", 2],
  ["dynamic", 0],
  ["dynamic", 2],
] as const)(
  "six types of one app that change their size together are one PATCH (%s, %i busy processes beside)",
  async (host, busy) => {
    const { workspace, declare, take, akkeris } = await stackOf(sized("gp1"), { host });
    await workspace.up();
    const before = akkeris.redeploys(app);
    take();
    await declare(sized("gp2"));
    for (let count = 0; count < busy; count += 1) keepBusy();

    await workspace.up();

    expect(take().patches.map((patch) => (patch as unknown[]).length)).toEqual([6]);
    expect(akkeris.redeploys(app)).toBe(before + 1);
  },
);
