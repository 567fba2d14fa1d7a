import { describe, expect, test } from "vitest";
import { ResourceFailed } from "../../provider/resource/errors.ts";
import type { CrunchyBridgeSimulator } from "../../simulators/crunchybridge.ts";
import { failure } from "../support/failure.ts";
import { world } from "./world.ts";

const hour = 3_600_000;

/** A replica with a maintenance window at 3:00 UTC, whose upgrades wait for it. */
async function inWindow(timing: Record<string, unknown> = { upgradeTiming: "window" }) {
  const { create, clock, ...rest } = await world();
  const { simulator } = rest;
  // Noon: the window lies ahead.
  const noon = new Date(simulator.clock.now()).setUTCHours(36, 0, 0, 0);
  simulator.clock.advance(noon - simulator.clock.now());
  const held = await create({ planId: "standard-8", maintenanceWindowStart: 3, ...timing });
  rest.sent();
  return { ...rest, create, clock, held, window: new Date(noon + 15 * hour).toISOString() };
}

/** The bodies of the upgrades that were requested. */
function upgrades({ requests }: CrunchyBridgeSimulator): unknown[] {
  return requests
    .filter(({ method, path }) => method === "POST" && path.endsWith("/upgrade"))
    .map(({ body }) => body);
}

/** Whether the server shows the new plan while the upgrade waits, or the old one. */
const showing = [
  ["shows the new plan at once", true],
  ["shows the old plan until then", false],
] as const;

describe.each(showing)("an upgrade in the window, where the server %s", (_, showsPlanAtOnce) => {
  test("is scheduled, quiet in later previews, shown by a refresh, and done when it has happened", async () => {
    const { simulator, held, plan, update, refresh, window, warnings, clock } = await inWindow();
    simulator.showsPlanAtOnce = showsPlanAtOnce;
    const began = clock.now();
    const planned = plan(held, { planId: "standard-16" });
    expect(planned.warnings).toEqual([
      expect.stringContaining("in the next maintenance window, from 3:00 UTC"),
    ]);

    const scheduled = await update(held, { planId: "standard-16" });

    expect(clock.now() - began).toBeLessThan(hour);
    expect(upgrades(simulator)).toEqual([{ plan_id: "standard-16" }]);
    expect(scheduled.state.planId).toBe("standard-16");
    const at = String(scheduled.state.upgradeScheduledFor);
    expect(new Date(at).toISOString()).toBe(window);
    expect(warnings.at(-1)).toContain(`is scheduled for ${at}`);
    expect(plan(scheduled).action).toBe("keep");
    const again = await refresh(scheduled);
    expect(again?.state).toMatchObject({ planId: "standard-16", upgradeScheduledFor: at });
    expect(again && plan(again).action).toBe("keep");

    clock.advance(16 * hour);
    const done = await refresh(again ?? scheduled);
    expect(done?.state).toMatchObject({ planId: "standard-16" });
    expect(done?.state).not.toHaveProperty("upgradeScheduledFor");
    expect(done && plan(done).action).toBe("keep");
    expect(upgrades(simulator)).toHaveLength(1);
  });

  test("that somebody cancels is requested again by the next run after a refresh", async () => {
    const { simulator, held, api, options, plan, update, refresh } = await inWindow();
    simulator.showsPlanAtOnce = showsPlanAtOnce;
    const scheduled = await update(held, { planId: "standard-16" });
    await api.cancelUpgrade(held.id, options);
    const seen = await refresh(scheduled);
    expect(seen?.state.planId).toBe("standard-8");
    expect(seen && plan(seen).action).toBe("update");
  });

  test("is cancelled where the program takes it back", async () => {
    const { simulator, held, update } = await inWindow();
    simulator.showsPlanAtOnce = showsPlanAtOnce;
    const scheduled = await update(held, { planId: "standard-16" });
    const back = await update(scheduled, { planId: "standard-8" });
    expect(simulator.count("DELETE", /upgrade$/)).toBe(1);
    expect(back.state).toMatchObject({ planId: "standard-8" });
    expect(back.state).not.toHaveProperty("upgradeScheduledFor");
    expect(upgrades(simulator)).toHaveLength(1);
  });

  test("is replaced by another, with all that was scheduled", async () => {
    const { simulator, held, update, window } = await inWindow();
    simulator.showsPlanAtOnce = showsPlanAtOnce;
    const scheduled = await update(held, { planId: "standard-16" });
    const more = await update(scheduled, { storage: 200 });
    expect(upgrades(simulator)).toEqual([
      { plan_id: "standard-16" },
      { plan_id: "standard-16", storage: 200 },
    ]);
    expect(more.state).toMatchObject({ planId: "standard-16", storage: 200 });
    expect(new Date(String(more.state.upgradeScheduledFor)).toISOString()).toBe(window);
  });

  test("is carried out at once when the timing changes to now", async () => {
    const { simulator, held, plan, update, clock } = await inWindow();
    simulator.showsPlanAtOnce = showsPlanAtOnce;
    const scheduled = await update(held, { planId: "standard-16" });
    expect(plan(scheduled, { upgradeTiming: "now" }).warnings).toEqual([
      expect.stringContaining(`scheduled for "${scheduled.state.upgradeScheduledFor}"`),
    ]);
    const began = clock.now();
    const done = await update(scheduled, { upgradeTiming: "now" });
    expect(clock.now() - began).toBeLessThan(hour);
    expect(done.state).toMatchObject({ planId: "standard-16" });
    expect(done.state).not.toHaveProperty("upgradeScheduledFor");
    expect(simulator.clusters.get(held.id)?.plan_id).toBe("standard-16");
  });

  test("survives a change of settings", async () => {
    const { simulator, held, plan, update } = await inWindow();
    simulator.showsPlanAtOnce = showsPlanAtOnce;
    const scheduled = await update(held, { planId: "standard-16" });
    const patched = await update(scheduled, { environment: "production" });
    const { upgradeScheduledFor } = scheduled.state;
    expect(patched.state).toMatchObject({
      planId: "standard-16",
      environment: "production",
      upgradeScheduledFor,
    });
    expect(plan(patched).action).toBe("keep");
  });
});

describe("the timing of an upgrade", () => {
  test("is now by default, and says so where the replica has a window", async () => {
    const { held, update, clock, simulator } = await inWindow({});
    const began = clock.now();
    const done = await update(held, { planId: "standard-16" });
    expect(clock.now() - began).toBeLessThan(hour);
    expect(upgrades(simulator)).toEqual([
      { plan_id: "standard-16", starting_from: new Date(began).toISOString().replace(".000", "") },
    ]);
    expect(done.state).not.toHaveProperty("upgradeScheduledFor");
    expect(simulator.clusters.get(held.id)?.plan_id).toBe("standard-16");
  });

  test("in the window is as soon as possible where there is no window", async () => {
    const { create, update, plan, clock } = await world();
    const held = await create({ planId: "standard-8", upgradeTiming: "window" });
    expect(plan(held, { planId: "standard-16" }).warnings).toEqual([
      expect.stringContaining("that starts now"),
    ]);
    const began = clock.now();
    const done = await update(held, { planId: "standard-16" });
    expect(clock.now() - began).toBeLessThan(hour);
    expect(done.state).not.toHaveProperty("upgradeScheduledFor");
  });

  test("follows a window that the same run sets", async () => {
    const { create, update, sent } = await world();
    const held = await create({ planId: "standard-8", upgradeTiming: "window" });
    sent();
    const scheduled = await update(held, { planId: "standard-16", maintenanceWindowStart: 3 });
    expect(scheduled.state.upgradeScheduledFor).toMatch(/T03:00:00Z$/);
    expect(sent().filter((line) => /^(PATCH|POST)/.test(line))).toEqual([
      "PATCH /clusters/orders-read",
      "POST /clusters/orders-read/upgrade",
    ]);
  });

  test("alone changes nothing", async () => {
    const { create, plan } = await world();
    const held = await create();
    expect(plan(held, { upgradeTiming: "window" }).action).toBe("keep");
  });
});

describe("operations of others", () => {
  test.each(["periodic_maintenance", "maintenance", "auto_resize", "rekey"] as const)(
    "%s, scheduled days ahead, keeps nobody waiting",
    async (flavor) => {
      const { create, update, simulator, primary, clock } = await world();
      simulator.onAnswer = ({ method, path }) => {
        if (method !== "POST" || !path.endsWith("/replicas")) return;
        for (const { id } of simulator.replicasOf(primary.id))
          simulator.schedule(id, flavor, 200_000);
      };
      const began = clock.now();
      const held = await create({ isHa: true });
      const upgraded = await update(held, { planId: "standard-16" });
      expect(clock.now() - began).toBeLessThan(hour);
      expect(upgraded.state).toMatchObject({ isHa: true, planId: "standard-16" });
    },
  );

  test("that run have to end before an upgrade is asked for", async () => {
    const { create, update, simulator, clock } = await world();
    const held = await create();
    simulator.schedule(held.id, "auto_resize", 0);
    const began = clock.now();
    const upgraded = await update(held, { planId: "standard-16" });
    expect(clock.now() - began).toBeGreaterThan(simulator.operationSeconds * 1000);
    expect(upgraded.state.planId).toBe("standard-16");
  });
});

describe("a new replica that the server does not show yet", () => {
  test.each([
    ["404", false],
    ["403", true],
  ])("is awaited through %s, and created once", async (_, isForbidden) => {
    const { create, simulator, primary, progress } = await world();
    simulator.unknownIsForbidden = isForbidden;
    simulator.detailsLagSeconds = 40;
    const held = await create();
    expect(held.state.state).toBe("ready");
    expect(progress.some((text) => text.startsWith("not visible yet"))).toBe(true);
    expect(simulator.replicasOf(primary.id)).toHaveLength(1);
  });

  test("is found by its key where its response was lost and no list shows it", async () => {
    const { create, simulator, primary } = await world();
    simulator.detailsLagSeconds = 40;
    simulator.listLagSeconds = 4_000;
    simulator.order({ method: "POST", kind: { type: "reset", apply: true } });
    await create();
    expect(simulator.replicasOf(primary.id)).toHaveLength(1);
  });

  test("for minutes stays in the state, and the next run waits for it again", async () => {
    const { createPartly, plan, simulator, primary } = await world();
    simulator.detailsLagSeconds = 100_000;
    const { held, error } = await createPartly();
    expect(error.message).toContain(`has not shown replica ${held.id} since it was created`);
    expect(plan(held).action).toBe("update");
    expect(simulator.replicasOf(primary.id)).toHaveLength(1);
  });
});

describe("a server that says no more than it guarantees", () => {
  test("lets a replica be created, read, changed, detached and destroyed", async () => {
    const { create, refresh, update, plan, destroy, simulator } = await world();
    simulator.isSparse = true;
    const held = await create({ planId: "standard-8", storage: 200, isHa: true });
    expect(held.state).toMatchObject({
      state: "ready",
      cpu: 2,
      detached: false,
      isHa: true,
      storage: 200,
    });
    const seen = await refresh(held);
    expect(seen && plan(seen).action).toBe("keep");
    const changed = await update(held, { planId: "standard-16", environment: "production" });
    expect(changed.state).toMatchObject({ planId: "standard-16", environment: "production" });
    const detached = await update(changed, { detached: true });
    expect(detached.state).toMatchObject({ detached: true, clusterId: held.state.clusterId });
    await destroy(detached);
    expect(simulator.clusters.has(held.id)).toBe(false);
  });

  test("keeps what was known of a replica", async () => {
    const { create, refresh, simulator, plan } = await world();
    const held = await create({ planId: "standard-8" });
    simulator.isSparse = true;
    const seen = await refresh(held);
    expect(seen?.state).toMatchObject({ providerId: "aws", cpu: 2, parentId: held.state.parentId });
    expect(seen && plan(seen).action).toBe("keep");
  });
});

describe("a replica that is busy", () => {
  const busy = ["restarting", "resuming", "starting", "suspending", "finalizing", "restoring"];

  test.each(busy)("in state %s takes settings at once", async (state) => {
    const { create, update, simulator, clock } = await world();
    const held = await create();
    simulator.setState(held.id, state);
    const began = clock.now();
    const patched = await update(
      { ...held, state: { ...held.state, state } },
      { isProtected: true },
    );
    expect(patched.state).toMatchObject({ isProtected: true });
    expect(clock.now()).toBe(began);
  });

  test.each([{ planId: "standard-16" }, { isHa: true }])(
    "being suspended refuses %o, and says what to do",
    async (changes) => {
      const { create, update, simulator } = await world();
      const held = await create();
      simulator.setState(held.id, "suspended");
      const error = await failure(update(held, changes), ResourceFailed);
      expect(error.message).toMatch(
        /^Replica \w+ is suspended, .* resume it, then run `pulumi up`/,
      );
      expect(error.message).toContain("Bad Request");
    },
  );
});
