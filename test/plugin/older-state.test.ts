import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { resourceNamed, stateSchema } from "../../build/engine/state.ts";
import { repository } from "../../build/repository.ts";
import type { Values } from "../../provider/resource/values.ts";
import { Platform } from "../../simulators/platform.ts";
import { prepareWorld } from "../support/kept-world.ts";
import { startPlugin } from "./plugin.ts";
import { type Held, Resource } from "./resource.ts";
import { secret } from "./wire.ts";

/*
 * The fixture is a stack's state of version 0.1.0, never made anew. A newer version is told such a
 * state without being asked whether it likes it.
 */

const fixture = join(repository, "test", "fixtures", "kept-plugin-state.json");
const kept = stateSchema.parse(JSON.parse(readFileSync(fixture, "utf8")));

/** A resource by its name, an update of it, and what no later version will take from its state. */
const cases: { name: string; change: Values; updated: Values }[] = [
  { name: "reports", change: { storage: 300 }, updated: { storage: 300 } },
  { name: "web", change: { quantity: 3 }, updated: { quantity: 3 } },
  { name: "migration", change: { size: "gp2" }, updated: { size: "gp2", serverSize: "gp2" } },
  { name: "nightly", change: { suspend: true }, updated: { suspend: true } },
  { name: "token", change: { value: "sk-new" }, updated: { value: secret("sk-new") } },
  { name: "events", change: {}, updated: { state: "steady" } },
];

async function keptWorld(name: string) {
  const platform = await new Platform(5000).start();
  onTestFinished(() => platform.close());
  prepareWorld(platform, kept);
  const plugin = await startPlugin({ ...platform.urls, ...platform.tokens });
  await plugin.configure({});
  const { urn, type, id = "", inputs = {}, outputs = {} } = resourceNamed(kept, name);
  const resource = new Resource(plugin, type.split(":")[2] ?? "", urn.split("::")[3]);
  const held: Held = { id, inputs: wire(inputs), state: wire(outputs) };
  return { platform, resource, held };
}

/** A property bag of a stack's export, as the engine sends it. */
function wire(exported: Values): Values {
  return JSON.parse(JSON.stringify(exported), (_key, value: unknown) => {
    const isSecret = value !== null && typeof value === "object" && "plaintext" in value;
    return isSecret ? secret(JSON.parse(String(value.plaintext))) : value;
  });
}

/** What a program says again, without what the host made of it. */
function program({ inputs: { __autoname, name, backupIdPrefix, ...inputs } }: Held): Values {
  return __autoname ? inputs : { name, backupIdPrefix, ...inputs };
}

test.each(cases)(
  "an older state of $name asks for no change, and reads as it is",
  async ({ name }) => {
    const { resource, held } = await keptWorld(name);
    const { inputs, failures } = await resource.check(program(held), held.inputs);
    expect(failures).toEqual([]);
    expect(inputs).toEqual(held.inputs);
    expect(await resource.diff(held, inputs)).toMatchObject({ changes: false, detailed: {} });
    expect(await resource.read(held)).toEqual(held);
  },
);

test.each(cases)(
  "an older state of $name without any output is completed by a read",
  async ({ name }) => {
    const { resource, held } = await keptWorld(name);
    const bare = { ...held, state: held.inputs };
    expect(await resource.diff(bare, held.inputs)).toMatchObject({ replaces: [] });
    expect(await resource.read(bare)).toEqual(held);
  },
);

test.each(cases)(
  "an older state of $name is updated and deleted",
  async ({ name, change, updated }) => {
    const { platform, resource, held } = await keptWorld(name);
    const next = await resource.update(held, { ...program(held), ...change });
    expect(next.state).toMatchObject({ ...held.state, ...updated });
    expect(await resource.diff(next, next.inputs)).toMatchObject({ changes: false });

    await resource.delete(next);
    platform.takeRequests();
    await resource.delete(next);
    expect(name === "nightly" || (await resource.read(next)).id === "").toBe(true);
  },
);
