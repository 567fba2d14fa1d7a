import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import type { RunningCommand, Workspace } from "../../build/engine/workspace.ts";
import { type CitusOptions, CitusSimulator } from "../../simulators/citus.ts";
import { CrunchyBridgeSimulator } from "../../simulators/crunchybridge.ts";
import { running } from "../simulators/kit/testing.ts";
import { args, living } from "./formation-support.ts";
import { told } from "./support.ts";
import { yamlStack } from "./yaml.ts";

const formation = "formations:index:Formation";
const replica = "formations:index:Replica";
const hour = 60 * 60 * 1000;

/** A stack with a formation whose simulator's time does not pass: a wait never ends. */
async function citusStack(config: Record<string, string> = {}, options: CitusOptions = {}) {
  const citus = await running(
    new CitusSimulator({ speed: 0, requestsPerMinute: Number.POSITIVE_INFINITY, ...options }),
  );
  const declared = (customTimeouts = {}, change = {}) => ({
    it: { type: formation, properties: { ...args, ...change }, options: { customTimeouts } },
  });
  const stack = await yamlStack(declared(), {
    "formations:citusUrl": citus.url,
    "formations:citusToken": { secret: citus.token },
    // Looks every 100 ms.
    "formations:citusRequestsPerMinute": "600",
    ...config,
  });
  return { citus, declared, ...stack };
}

/** The same with a replica of a primary, up and ready. */
async function bridgeStack() {
  const bridge = await running(new CrunchyBridgeSimulator({ speed: 0 }));
  const primary = bridge.addCluster({ name: "orders" });
  const declared = (customTimeouts = {}, change = {}) => ({
    it: {
      type: replica,
      properties: { clusterId: primary.id, ...change },
      options: { customTimeouts },
    },
  });
  const stack = await yamlStack(declared(), {
    "formations:crunchyBridgeUrl": bridge.url,
    "formations:crunchyBridgeApiKey": { secret: bridge.token },
  });
  const made = () => [...bridge.clusters.values()].filter(({ parent_id }) => parent_id !== null);
  return { bridge, made, declared, ...stack };
}

/** What the event log of `pulumi up` says beside the resource so far, as lines that replace each other. */
function statusLines(log: string): string[] {
  if (!existsSync(log)) return [];
  const whole = readFileSync(log, "utf8").split("\n").slice(0, -1);
  return whole.flatMap((line) => {
    const { diagnosticEvent: said } = JSON.parse(line);
    if (!said?.ephemeral) return [];
    return [
      `${said.urn.split("::").at(-1)}: ${said.message.replaceAll(/<\{%.*?%\}>/g, "").trim()}`,
    ];
  });
}

/** The end of a wait that would go on for a minute or an hour, however slow the machine: milliseconds. */
const promptly = 45_000;

/** Runs `pulumi up`, or another verb, until it says that beside the resource, then presses Ctrl-C once. */
async function interrupted(workspace: Workspace, says: RegExp, verb = "up") {
  const log = `${workspace.project}/interrupted.json`;
  const args = [verb, "--yes", "--skip-preview", "--event-log", log];
  const command: RunningCommand = workspace.start(args);
  await expect
    .poll(() => statusLines(log).some((line) => says.test(line)), { timeout: 60_000 })
    .toBe(true);
  const pressed = performance.now();
  command.interrupt();
  const { code, stdout, stderr } = await command.done;
  return {
    code,
    text: stdout + stderr,
    took: performance.now() - pressed,
    lines: statusLines(log),
  };
}

test("Ctrl-C ends the wait for a formation; the next up resumes it without a second one", async () => {
  const { citus, workspace } = await citusStack();

  const { code, text, took, lines } = await interrupted(workspace, /^it: creating, \d+ s$/);

  expect(code).not.toBe(0);
  expect(took).toBeLessThan(promptly);
  expect(text).toMatch(
    /Cancelled while waiting for formation "it-\w{7}" \(\w+\) to become ready\./,
  );
  expect(new Set(lines)).toContain("it: creating, 0 s");
  const { id } = living(citus);
  const kept = await workspace.exportState();
  expect(resourceNamed(kept, "it")).toMatchObject({ id, initErrors: [expect.any(String)] });
  expect(kept.deployment.pending_operations ?? []).toEqual([]);

  citus.clock.advance(hour);
  expect((await workspace.up()).changes).toEqual({ update: 1 });
  expect(citus.count("POST")).toBe(1);
  expect(resourceNamed(await workspace.exportState(), "it").initErrors ?? []).toEqual([]);
  expect((await workspace.preview()).changes).toEqual({ same: 1 });
});

test("Ctrl-C ends a wait inside the rate budget, too", async () => {
  // A list and a creation: the first look has to wait for a minute.
  const { citus, workspace } = await citusStack({ "formations:citusRequestsPerMinute": "2" });

  const { took, text } = await interrupted(
    workspace,
    /^it: Citus Cloud allows 2 requests per minute; waiting \d+ s\.$/,
  );

  expect(took).toBeLessThan(promptly);
  expect(text).toContain("What was created stays in the state.");
  const { id } = living(citus);
  expect(resourceNamed(await workspace.exportState(), "it").id).toBe(id);
  citus.clock.advance(hour);
  await workspace.setConfig({ "formations:citusRequestsPerMinute": "600" });
  expect((await workspace.up()).changes).toEqual({ update: 1 });
  expect(citus.count("POST")).toBe(1);
});

test("Ctrl-C ends the wait for a replica; the next up resumes it without a second one", async () => {
  const { bridge, made, workspace } = await bridgeStack();

  const { took, text } = await interrupted(workspace, /^it: creating, \d+ s$/);

  expect(took).toBeLessThan(promptly);
  const [replica] = made();
  expect(text).toContain(`Cancelled while waiting for replica ${replica?.id} to become ready.`);
  expect(text).toMatch(/^\s*More: formations help CANCELLED$/m);
  expect(resourceNamed(await workspace.exportState(), "it").id).toBe(replica?.id);
  bridge.clock.advance(hour);
  expect((await workspace.up()).changes).toEqual({ update: 1 });
  expect(made()).toHaveLength(1);
  expect(bridge.count("POST")).toBe(1);
});

test.each(["Ctrl-C", "customTimeouts"])(
  "%s ends a deletion that the server puts off again and again; nothing is lost",
  async (end) => {
    const { bridge, made, workspace, declare, declared } = await bridgeStack();
    bridge.provisioningSeconds = 0;
    await declare(declared({ delete: end === "Ctrl-C" ? "1h" : "3s" }));
    await workspace.up();
    const headers = { "retry-after": "1" };
    const kind = { type: "status", status: 429, body: "Too many requests", headers } as const;
    bridge.order({ method: "DELETE", kind, times: 1_000 });

    if (end === "Ctrl-C") {
      const { took, code } = await interrupted(workspace, /returned 429.* Retrying in/, "destroy");
      expect(code).not.toBe(0);
      expect(took).toBeLessThan(promptly);
    } else {
      const failed = await workspace.destroy({ expectFailure: true });
      expect(told(failed)).toMatch(/error: .* returned 429: Too many requests .*\d tries/);
    }

    expect(made()).toHaveLength(1);
    expect(resourceNamed(await workspace.exportState(), "it").id).toBe(made()[0]?.id);
    expect(bridge.count("DELETE")).toBeLessThan(10);
    bridge.clearFaults();
    bridge.clock.advance(hour);
  },
);

test("customTimeouts end creation, update and deletion of a formation; the next run goes on", async () => {
  const { citus, workspace, declare, declared } = await citusStack();
  const timedOut = (operation: string) =>
    new RegExp(
      `Waited \\d s for formation .* customTimeouts .* \\(.${operation}.\\), or formations:timeout`,
    );

  await declare(declared({ create: "2s" }));
  expect(told(await workspace.up({ expectFailure: true }))).toMatch(timedOut("create"));
  const { id } = living(citus);
  expect(resourceNamed(await workspace.exportState(), "it").id).toBe(id);

  await declare(declared({ update: "2s", delete: "2s" }));
  expect(told(await workspace.up({ expectFailure: true }))).toMatch(timedOut("update"));
  expect(resourceNamed(await workspace.exportState(), "it").id).toBe(id);
  citus.clock.advance(hour);
  expect((await workspace.up()).changes).toEqual({ update: 1 });
  expect(citus.count("POST")).toBe(1);

  expect(told(await workspace.destroy({ expectFailure: true }))).toMatch(timedOut("delete"));
  expect(resourceNamed(await workspace.exportState(), "it").id).toBe(id);
  citus.clock.advance(hour);
  expect((await workspace.destroy()).changes).toEqual({ delete: 1 });
});

test("customTimeouts end an upgrade of a replica, which the next up waits for and sends no second time", async () => {
  const { bridge, workspace, declare, declared } = await bridgeStack();
  bridge.provisioningSeconds = 0;
  await workspace.up();
  bridge.clearRequests();

  await declare(declared({ update: "2s" }, { storage: 200 }));
  const failed = await workspace.up({ expectFailure: true });
  expect(told(failed)).toMatch(
    /Waited \d+ s for replica \w+: its upgrade to end; last seen: .*`update`/,
  );
  expect((await workspace.preview()).changes).toEqual({ update: 1 });
  bridge.clock.advance(hour);
  await workspace.up();

  expect(bridge.count("POST")).toBe(1);
  expect((await workspace.preview()).changes).toEqual({ same: 1 });
});
