import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { appFormation } from "../akkeris/subjects.ts";
import { type Held, Resource } from "./resource.ts";
import { worldOf } from "./world.ts";

const apps = Array.from({ length: 10 }, (_, index) => `app${index}-default`);
const types = ["web", "clock", "mailer", "indexer", "reports"];
const all = apps.flatMap((app) => types.map((type) => ({ app, type })));

/** A plugin, and the resources of 50 types of 10 apps. */
async function world() {
  const { simulator, plugin } = await worldOf(appFormation);
  for (const app of apps) simulator.addApp(app);
  const resources = all.map(({ app, type }) => {
    return new Resource(plugin, "AppFormation", `${app}-${type}`);
  });
  return {
    simulator,
    resources,
    /** Creates all at once. */
    create: () =>
      Promise.all(resources.map((one, index) => one.create(inputs(all[index], "gp1", 2)))),
    /** Changes all at once, each to what it is told; the types whose change failed. */
    async update(held: readonly Held[], news: (one: Formation) => object): Promise<string[]> {
      const changed = resources.map((one, index) => {
        const [before, formation] = [held[index], all[index]];
        if (!before || !formation) throw new Error(`there is no resource ${index}`);
        return one.update(before, { ...before.inputs, ...news(formation) });
      });
      const ended = await Promise.allSettled(changed);
      return ended.flatMap(({ status }, index) => {
        const { app, type } = all[index] ?? {};
        return status === "rejected" ? [`${app}/${type}`] : [];
      });
    },
    /** What is stored and runs: `app/type: size × quantity`, each row. */
    running: () =>
      apps.flatMap((app) =>
        simulator.formations(app).map(({ type, size, quantity }) => {
          const runs = simulator.running(app, type);
          expect(runs, `${app}/${type}`).toMatchObject({ size, instances: quantity });
          return `${app}/${type}: ${size} × ${quantity}`;
        }),
      ),
  };
}

interface Formation {
  app: string;
  type: string;
}

function inputs(formation: Formation | undefined, size: string, quantity: number) {
  if (!formation) throw new Error("there is no such formation");
  const { app, type } = formation;
  return { app, type, size, quantity, ...(type !== "web" && { command: `run ${type}` }) };
}

/** Each of the 50 once, as {@link world}'s `running` tells it. */
function each(told: (one: Formation) => string): string[] {
  return all.map((one) => `${one.app}/${one.type}: ${told(one)}`).sort();
}

test("50 types of 10 apps, all in flight at once, are stored once each, and no change is lost", async () => {
  const { simulator, create, update, running } = await world();
  const held = await create();
  expect(running().sort()).toEqual(each(() => "gp1 × 2"));

  simulator.clearRequests();
  const quantity = ({ type }: Formation) => types.indexOf(type) + 3;
  expect(await update(held, (one) => ({ size: "gp2", quantity: quantity(one) }))).toEqual([]);
  expect(running().sort()).toEqual(each((one) => `gp2 × ${quantity(one)}`));
  // Those of an app share a PATCH, and a redeployment.
  expect(simulator.count("PATCH")).toBe(apps.length);
});

test("updates that redeploy an app and were planned beforehand share a PATCH, though they come one by one", async () => {
  const { simulator, resources, create } = await world();
  const held = await create();
  simulator.clearRequests();
  const five = held.slice(0, 5).map((before, index) => {
    const resource = resources[index];
    if (!resource) throw new Error(`there is no resource ${index}`);
    return { resource, before, news: { ...before.inputs, size: "gp2" } };
  });
  for (const { resource, before, news } of five) {
    const { inputs } = await resource.check(news, before.inputs);
    await resource.diff(before, inputs);
  }
  const updates: Promise<unknown>[] = [];
  for (const { resource, before, news } of five) {
    updates.push(resource.update(before, news));
    await delay(20);
  }
  await Promise.all(updates);
  expect(simulator.count("PATCH")).toBe(1);
});

test("of 50 changes in flight at once only those fail that the server refuses, and those of an app in maintenance", async () => {
  const { simulator, create, update, running } = await world();
  const held = await create();
  simulator.maintenance("app7-default", true);
  const isRefused = ({ app, type }: Formation) =>
    ["app2-default", "app5-default"].includes(app) && type === "mailer";

  const failed = await update(held, (one) => ({ size: isRefused(one) ? "huge" : "gp2" }));

  const isKept = (one: Formation) => isRefused(one) || one.app === "app7-default";
  expect(failed).toEqual(all.filter(isKept).map(({ app, type }) => `${app}/${type}`));
  expect(running().sort()).toEqual(each((one) => (isKept(one) ? "gp1 × 2" : "gp2 × 2")));
});

test("of 50 changes in flight at once none is lost where answers are, and none is made twice", async () => {
  const { simulator, create, update, running } = await world();
  simulator.order({ method: "POST", kind: { type: "reset", apply: true }, skip: 3, times: 5 });
  const held = await create();
  expect(running().sort()).toEqual(each(() => "gp1 × 2"));

  simulator.order({ method: "PATCH", kind: { type: "reset", apply: false }, times: 3 });
  simulator.order({ method: "PATCH", kind: { type: "reset", apply: true }, skip: 3, times: 3 });
  expect(await update(held, () => ({ quantity: 4 }))).toEqual([]);
  expect(running().sort()).toEqual(each(() => "gp1 × 4"));
});
