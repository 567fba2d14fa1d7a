import { describe, expect, test } from "vitest";
import type { Values } from "../../provider/resource/values.ts";
import type { Plugin } from "./plugin.ts";
import type { Held, Resource } from "./resource.ts";
import {
  akkerisWorld,
  antflySecretWorld,
  antflyWorld,
  bridgeWorld,
  citusWorld,
} from "./systems.ts";
import { secret, unknown } from "./wire.ts";

/*
 * What Pulumi expects of every provider, for each resource: a row says what differs.
 */

/** A resource's world, and what is to be known of its inputs for these tests. */
interface Subject {
  name: string;
  world: () => Promise<{ resource: Resource; plugin: Plugin; inputs: Values }>;
  /** Inputs besides the world's, as a program may give them. */
  more?: Values;
  /** What an unknown value of each input becomes. */
  unknowns: Record<string, "update" | "update-replace" | "add" | "add-replace">;
}

const subjects: Subject[] = [
  {
    name: "Formation",
    world: citusWorld,
    unknowns: {
      name: "update-replace",
      region: "update-replace",
      coordinatorTune: "update-replace",
      coordinatorDiskSize: "update-replace",
      coordinatorHa: "update-replace",
      workerTune: "update-replace",
      workerCount: "update-replace",
      workerDiskSize: "update-replace",
      workerHa: "update-replace",
    },
  },
  {
    name: "Replica",
    world: bridgeWorld,
    more: { environment: "production", planId: "hobby-2" },
    unknowns: {
      clusterId: "update-replace",
      networkId: "update-replace",
      providerId: "update-replace",
      regionId: "update-replace",
      name: "update",
      planId: "update",
      storage: "update",
      isHa: "update",
      isProtected: "update",
      environment: "update",
      maintenanceWindowStart: "add",
      detached: "update",
    },
  },
  {
    name: "AppFormation",
    world: akkerisWorld,
    more: { healthcheck: "/health" },
    unknowns: {
      app: "update-replace",
      type: "update-replace",
      oneoff: "add-replace",
      options: "add-replace",
      size: "update",
      quantity: "update",
      port: "update",
      command: "add",
      healthcheck: "update",
    },
  },
  {
    name: "AntflyBackupSchedule",
    world: antflyWorld,
    more: { tableNames: ["t1"] },
    unknowns: {
      location: "update-replace",
      connection: "update-replace",
      url: "add-replace",
      backupIdPrefix: "update-replace",
      schedule: "update",
      timezone: "add",
      tableNames: "update",
      format: "add",
      suspend: "add",
    },
  },
  {
    name: "AntflySecret",
    world: antflySecretWorld,
    unknowns: { key: "update-replace", url: "add-replace", value: "update" },
  },
];

async function created({ world, more }: Subject) {
  const { resource, inputs, plugin } = await world();
  const given: Values = { ...inputs, ...more };
  const held = await resource.create(given);
  return { resource, plugin, given, held };
}

/** The keys of a property bag that are no mark of the host's. */
function keysOf(values: Values): string[] {
  return Object.keys(values).filter((key) => !key.startsWith("__"));
}

describe.each(subjects)("a $name", (subject) => {
  test("has no input that neither the program nor its name gave, whatever the server adds", async () => {
    const { resource, given, held } = await created(subject);
    const named = keysOf(held.inputs).filter((key) => !(key in given));
    expect(named.every((key) => ["name", "backupIdPrefix"].includes(key))).toBe(true);
    const read = await resource.read(held);
    expect(read.inputs).toEqual(held.inputs);
    expect(keysOf(read.state).length).toBeGreaterThanOrEqual(keysOf(held.inputs).length);
  });

  test("is secret in state and inputs wherever the program made it so, through every verb", async () => {
    const { world, more } = subject;
    const { resource, inputs } = await world();
    const plain: Values = { ...inputs, ...more };
    const given = Object.fromEntries(
      Object.entries(plain).map(([key, value]) => [key, secret(value)]),
    );
    const held = await resource.create(given);
    const read = await resource.read(held);
    const updated = await resource.update(read, given);
    for (const [key, value] of Object.entries(given)) {
      for (const bag of [held.inputs, held.state, read.inputs, read.state, updated.state]) {
        expect(bag[key], key).toEqual(value);
      }
    }
  });

  test("plans each input that is not known yet by itself, as it would a change", async () => {
    const { resource, held } = await created(subject);
    const found: Record<string, string | undefined> = {};
    for (const key of Object.keys(subject.unknowns)) {
      const { __autoname: _, ...inputs } = held.inputs;
      const { detailed } = await resource.diff(held, { ...inputs, [key]: unknown });
      found[key] = detailed[key];
    }
    expect(found).toEqual(subject.unknowns);
  });

  test("deletes twice as well as once", async () => {
    const { resource, held } = await created(subject);
    await resource.delete(held);
    await resource.delete(held);
    const gone: Held = { id: "", inputs: {}, state: {} };
    // A schedule is a record in the stack alone.
    const expected = subject.name === "AntflyBackupSchedule" ? held : gone;
    expect(await resource.read(held)).toEqual(expected);
  });
});

test("secrets within lists, maps and nested objects stay where they are, or cover what holds them", async () => {
  const { resource, inputs } = await akkerisWorld();
  const job = { ...inputs, type: "job", oneoff: true };
  const env = { A: "hunter2", B: "b" };
  const options = { image: secret("jobs:1"), env: { A: secret("hunter2"), B: "b" } };

  const held = await resource.create({ ...job, options });
  const read = await resource.read(held);
  const updated = await resource.update(read, { ...job, options, quantity: 2 });

  const kept = { image: secret("jobs:1"), env: secret(env) };
  for (const bag of [held.inputs, held.state, read.inputs, read.state, updated.state]) {
    expect(bag.options).toEqual(kept);
    expect(JSON.stringify({ ...bag, options: undefined })).not.toContain("hunter2");
  }
});

test("a secret item of a list covers the list through every verb", async () => {
  const { resource, inputs } = await antflyWorld();
  const given = { ...inputs, tableNames: ["t1", secret("t2")] };
  const held = await resource.create(given);
  const read = await resource.read(held);
  const updated = await resource.update(read, { ...given, tableNames: ["t3", secret("t2")] });
  for (const bag of [held.inputs, held.state, read.inputs, read.state]) {
    expect(bag.tableNames).toEqual(secret(["t1", "t2"]));
  }
  expect(updated.state.tableNames).toEqual(secret(["t3", "t2"]));
});
