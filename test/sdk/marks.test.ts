import { describe, expect, test } from "vitest";
import type { Marks } from "../../provider/resource/marks.ts";
import type { Values } from "../../provider/resource/values.ts";
import { packInputs, packState, unpackInputs, unpackState } from "../../sdk/dynamic/marks.ts";
import { made } from "../resource/made-up-resource.ts";

const definition = made({});
const none: ReadonlySet<string> = new Set();

function inputsOf(properties: Values, before: Values, marks: Marks = {}): Values {
  return packInputs({ properties, marks }, before, none);
}

function stateOf(properties: Values, applied: Values, marks: Marks = {}, own: Marks = {}): Values {
  return packState(definition, { properties, marks }, { properties: applied, marks: own });
}

describe("inputs remember what they were in the run before", () => {
  test.each<[string, Values, Values]>([
    ["where nothing changed", { disk: 100, note: "a" }, { disk: 100, note: "a" }],
    ["where a value changed", { disk: 100, note: "a" }, { disk: 200, note: "a" }],
    ["where an input was added", { disk: 100 }, { disk: 100, note: "a" }],
    ["where an input was removed", { disk: 100, note: "a" }, { disk: 100 }],
    ["where all changed", { disk: 100 }, { note: "a" }],
    ["where an object changed inside", { note: { a: [1] } }, { note: { a: [2] } }],
    ["where a value was false", { ha: false }, { ha: true }],
  ])("%s", (_, before, now) => {
    const { properties, former } = unpackInputs(inputsOf(now, before));
    expect(former).toEqual(before);
    expect(properties).toEqual(now);
  });

  test("without repeating what has not changed", () => {
    const marked = inputsOf({ disk: 200, note: "a" }, { disk: 100, note: "a" });
    expect(marked).toEqual({ disk: 200, note: "a", __former: { disk: 100 } });
  });

  test("without a mark where nothing changed", () => {
    const marked = inputsOf({ disk: 100 }, { disk: 100 }, { autonamed: true });
    expect(marked).toEqual({ disk: 100, __autoname: true });
  });

  test("without a mark where there was no run before", () => {
    expect(packInputs({ properties: { disk: 100 }, marks: {} }, undefined, none)).toEqual({
      disk: 100,
    });
  });

  test("as they are now where nothing is remembered", () => {
    expect(unpackInputs({ disk: 100, __autoname: true })).toMatchObject({
      properties: { disk: 100 },
      marks: { autonamed: true },
      former: { disk: 100 },
    });
  });

  test("without a secret, of which they remember only that it was another", () => {
    const before = { note: "hunter2", disk: 1 };
    const inputs = { properties: { note: "new", owner: "bob" }, marks: {} };
    const marked = packInputs(inputs, before, new Set(["note", "owner"]));
    expect(marked.__former).toEqual({ note: "(secret)", owner: null, disk: 1 });
    expect(unpackInputs(marked).former).toEqual({ note: "(secret)", disk: 1 });
  });
});

describe("a state remembers what the program asked", () => {
  const state = { disk: 100, region: "east", size: "small", state: "ready" };
  test.each<[string, Values]>([
    ["where the server has just that", { disk: 100, region: "east", size: "small" }],
    ["where the program leaves inputs to the server", { disk: 100 }],
    ["where the server has something else", { disk: 50, region: "west", size: "small" }],
    ["where the server does not show it", { disk: 100, note: "a" }],
    ["where the program asks for nothing", {}],
  ])("%s", (_, applied) => {
    expect(unpackState(definition, stateOf(state, applied))).toMatchObject({
      properties: state,
      applied,
    });
  });

  test("with whether the provider made the name", () => {
    const marked = stateOf(state, { disk: 100 }, {}, { autonamed: true });
    expect(marked.__autoname).toBe(true);
    expect(unpackState(definition, marked).marks.autonamed).toBe(true);
  });

  test("without a mark where there is nothing to say", () => {
    const applied = { disk: 100, region: "east", size: "small" };
    expect(stateOf(state, applied)).toEqual(state);
  });

  test("in marks that say the least", () => {
    const marked = stateOf(state, { disk: 50, size: "small" });
    expect(marked).toEqual({ ...state, __unset: ["region"], __applied: { disk: 50 } });
  });

  test("without taking outputs for inputs", () => {
    expect(unpackState(definition, { disk: 100, state: "ready" }).applied).toEqual({ disk: 100 });
  });

  test("keeps the other marks of a state", () => {
    const marked = stateOf(state, { disk: 100 }, { pending: true });
    expect(marked.__pending).toBe(true);
    expect(unpackState(definition, marked).marks.pending).toBe(true);
  });
});
