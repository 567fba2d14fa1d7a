import { execFileSync } from "node:child_process";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { afterAll, beforeAll, expect, test } from "vitest";

const timeout = 120_000;
let stack: Stack;

beforeAll(async () => {
  stack = await LocalWorkspace.createStack({
    stackName: `test-${process.pid}`,
    workDir: ".",
  });
}, timeout);

// Removes the stack's configuration file, too.
afterAll(() => stack?.destroy({ remove: true }), timeout);

/** Changes what exists, as somebody else would. */
function drift(...args: string[]) {
  execFileSync("formations", ["simulate", "drift", ...args]);
}

test(
  "the app gets its processes",
  async () => {
    const { outputs } = await stack.up();
    expect(outputs.id?.value).toBe("shop-dev/web");
  },
  timeout,
);

test(
  "what an autoscaler did is undone, not replaced",
  async () => {
    drift("set", "app-formation/shop-dev/web", "quantity=5");
    const preview = await stack.preview({ refresh: true });
    expect(preview.changeSummary).toEqual({ same: 1, update: 1 });
  },
  timeout,
);
