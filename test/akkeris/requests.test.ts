import { expect, test } from "vitest";
import { createSession } from "../../provider/resource/session.ts";
import type { Values } from "../../provider/resource/values.ts";
import { AkkerisSimulator } from "../../simulators/akkeris.ts";
import { running } from "../simulators/kit/testing.ts";
import { EventClock } from "../support/event-clock.ts";
import { type Held, hostOf } from "../support/host.ts";
import { definition } from "./world.ts";

/** As many calls as the engine has in flight at once on two cores. */
const slots = 8;

const types = ["web", ..."abcdefghi"];

/** Apps with ten types each, and a clock that only passes while every call waits. */
async function fleet(count: number) {
  const simulator = await running(new AkkerisSimulator({ speed: 0 }));
  const apps = Array.from({ length: count }, (_, index) => `app${index}-default`);
  const held: Held[] = apps.flatMap((app) => {
    simulator.addApp(app);
    return types.map((type) => {
      const command = type === "web" ? {} : { command: "run" };
      const inputs: Values = { app, type, size: "gp1", quantity: 1, ...command };
      simulator.addFormation(app, { type, ...command });
      return { id: `${app}/${type}`, inputs, state: inputs };
    });
  });
  const clock = new EventClock(simulator.clock);
  const config: Values = { akkerisUrl: simulator.url, akkerisToken: simulator.token };
  const host = hostOf(
    definition,
    createSession((key) => config[key], {}, clock),
  );
  // Modules that are loaded at a first request would not count as something that happens.
  await clock.run(host.import("none-default/web"));
  simulator.clearRequests();
  return { simulator, host, clock, held };
}

/** Does something with each, so many at once as the engine has calls in flight. */
async function eachOf<T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> {
  const left = [...all];
  const worker = async () => {
    for (let one = left.shift(); one; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: slots }, worker));
}

test("a refresh of ten types of an app is at most two requests", async () => {
  const { simulator, host, clock, held } = await fleet(6);
  await clock.run(eachOf(held, (one) => host.refresh(one)));
  expect(simulator.count("GET")).toBeLessThanOrEqual(12);
});

test("quantities of ten types of an app are at most two PATCHes, though eight calls are in flight", async () => {
  const { simulator, host, clock, held } = await fleet(6);
  const scaled = eachOf(held, (one) => {
    host.plan(one, { ...one.inputs, quantity: 2 });
    return host.update(one, { ...one.inputs, quantity: 2 });
  });
  await clock.run(scaled);
  expect(simulator.count("PATCH")).toBeLessThanOrEqual(12);
  expect(held.every(({ id }) => simulator.formation(...split(id))?.quantity === 2)).toBe(true);
});

test.each([{ quantity: 2 }, { size: "gp2" }])(
  "ten types of an app are one PATCH, where all are planned beforehand: %j",
  async (change) => {
    const { simulator, host, clock, held } = await fleet(6);
    for (const one of held) host.plan(one, { ...one.inputs, ...change });
    await clock.run(Promise.all(held.map((one) => host.update(one, { ...one.inputs, ...change }))));
    expect(simulator.count("PATCH")).toBe(6);
    expect(simulator.count("GET")).toBe(6);
  },
);

function split(id: string): [app: string, type: string] {
  const [app = "", type = ""] = id.split("/");
  return [app, type];
}
