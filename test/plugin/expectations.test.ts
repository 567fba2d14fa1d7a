import { describe, expect, test } from "vitest";
import type { Values } from "../../provider/resource/values.ts";
import { appFormation } from "../akkeris/subjects.ts";
import { backupSchedule } from "../antfly/subjects.ts";
import { subjects } from "../subjects.ts";
import type { Subject } from "../support/subject.ts";
import type { Held } from "./resource.ts";
import { revealed, secret, unknown } from "./wire.ts";
import { worldOf } from "./world.ts";

/*
 * What Pulumi expects of every provider, for each resource.
 */

async function created(subject: Subject) {
  const { resource, inputs } = await worldOf(subject);
  const given: Values = { ...inputs, ...subject.more };
  const held = await resource.create(given);
  return { resource, given, held };
}

/** A property bag without the marks of the host's own. */
function unmarked(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !key.startsWith("__")));
}

/** The same with its secrets shown. */
function shown(values: Values): Values {
  const entries = Object.entries(unmarked(values)).map(([key, value]) => [key, revealed(value)]);
  return Object.fromEntries(entries);
}

describe.each(subjects)("a $name", (subject) => {
  test("has no input that neither the program nor its name gave, whatever the server adds", async () => {
    const { resource, given, held } = await created(subject);
    const { named } = subject;
    const name = named === undefined ? {} : { [named]: expect.stringMatching(/^it-[0-9a-f]{7}$/) };
    expect(shown(held.inputs)).toEqual({ ...given, ...name });
    const read = await resource.read(held);
    expect(read).toEqual(held);
    expect(read.state).toMatchObject(unmarked(held.inputs));
  });

  test("is secret in state and inputs wherever the program made it so, through every verb", async () => {
    const { resource, inputs } = await worldOf(subject);
    const plain: Values = { ...inputs, ...subject.more };
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

  test("plans each single input that is not known yet, as it would a change", async () => {
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
    // What the server has nothing of can't be missed there.
    expect(await resource.read(held)).toEqual(subject.things ? gone : held);
  });
});

test("secrets within lists, maps and nested objects stay where they are, or cover what holds them", async () => {
  const { resource, inputs } = await worldOf(appFormation);
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
  const { resource, inputs } = await worldOf(backupSchedule);
  const given = { ...inputs, tableNames: ["t1", secret("t2")] };
  const held = await resource.create(given);
  const read = await resource.read(held);
  const updated = await resource.update(read, { ...given, tableNames: ["t3", secret("t2")] });
  for (const bag of [held.inputs, held.state, read.inputs, read.state]) {
    expect(bag.tableNames).toEqual(secret(["t1", "t2"]));
  }
  expect(updated.state.tableNames).toEqual(secret(["t3", "t2"]));
});
