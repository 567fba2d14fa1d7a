import { describe, expect, test } from "vitest";
import { type Plan, type PlanRequest, plan } from "../../provider/resource/plan.ts";
import { unknownValue, type Values } from "../../provider/resource/values.ts";
import { definition, large } from "./world.ts";

const keys = Object.keys(definition.inputs.shape);
const keep = { action: "keep", order: undefined, changes: [], reasons: [], warnings: [] };

/** What the server has of the large formation. */
const observed = { ...large, state: "steady", createdAt: "2019-01-01T00:00:00Z", isMx: false };

/** Plans a change of the large formation: what differs on each side. */
function decide(sides: {
  applied?: Values;
  observed?: Values;
  desired?: Values;
  rest?: Partial<PlanRequest>;
}): Plan {
  return plan(keys, definition.plan, {
    applied: { ...large, ...sides.applied },
    observed: { ...observed, ...sides.observed },
    desired: { ...large, ...sides.desired },
    ...sides.rest,
  });
}

/** A new value for each input that makes another formation. */
const others: [string, unknown][] = [
  ["name", "orders-2"],
  ["region", "eu-west-1"],
  ["coordinatorTune", "r5.2xlarge"],
  ["coordinatorDiskSize", 1024],
  ["coordinatorHa", false],
  ["workerTune", "r5.2xlarge"],
  ["workerCount", 5],
  ["workerDiskSize", 2048],
  ["workerHa", false],
];

test("nothing changed: nothing to do", () => {
  expect(decide({})).toEqual(keep);
});

describe("changed in the program", () => {
  test.each(others)(
    "%s replaces the formation, new first, and warns of data loss",
    (key, value) => {
      const result = decide({ desired: { [key]: value } });
      expect(result).toMatchObject({
        action: "replace",
        order: "new first",
        changes: [{ property: key, action: "replace", to: value, why: "the API updates nothing" }],
      });
      expect(result.warnings).toEqual([
        `${key}: the new formation starts EMPTY, and the old one is destroyed with its data. ` +
          "Resized in the console? Run `pulumi refresh` first.",
      ]);
    },
  );

  test.each(["coordinatorHa", "workerHa"])("%s that was left to its default replaces", (key) => {
    const off = { [key]: undefined };
    const result = decide({ applied: off, observed: { [key]: false }, desired: { [key]: true } });
    expect(result.action).toBe("replace");
  });

  test("after a resize in the console that was not refreshed, it replaces with the warning", () => {
    const result = decide({ desired: { workerCount: 8 } });
    expect(result.warnings).toEqual([expect.stringContaining("Run `pulumi refresh` first")]);
  });

  test.each([
    ["set", undefined, true],
    ["taken back", true, false],
    ["removed", true, undefined],
    ["not known yet", undefined, unknownValue],
  ])("allowDuplicateName is kept, since only a creation reads it: %s", (_, before, now) => {
    const was = { allowDuplicateName: before };
    const sides = { applied: was, observed: was, desired: { allowDuplicateName: now } };
    expect(decide(sides)).toEqual(keep);
  });

  test("nothing updates a formation", () => {
    for (const rule of definition.plan.properties) expect(rule.becomes).not.toBe("update");
  });
});

describe("what means the same is kept:", () => {
  test.each(["coordinatorHa", "workerHa", "allowDuplicateName"])("%s off, and not set", (key) => {
    const [unset, off] = [{ [key]: undefined }, { [key]: false }];
    expect(decide({ applied: unset, observed: off, desired: off })).toEqual(keep);
    expect(decide({ applied: off, observed: unset, desired: off })).toEqual(keep);
    expect(decide({ applied: off, observed: off, desired: unset })).toEqual(keep);
  });
});

describe("resized in the console", () => {
  test.each(others)("%s is kept, with a warning that names the value to put in", (key, value) => {
    const result = decide({ observed: { [key]: value } });
    const shown = JSON.stringify(value);
    const asked = JSON.stringify(Reflect.get(large, key));
    expect(result).toEqual({
      ...keep,
      warnings: [
        `${key} is ${shown} on the server but ${asked} in the program. Only a replacement could change it back, ` +
          `so it is kept: put ${shown} into the program.`,
      ],
    });
  });

  test.each(others)("%s is kept without a word once the program has the value", (key, value) => {
    const now = { [key]: value };
    expect(decide({ observed: now, desired: now })).toEqual(keep);
  });

  test("what the program does not set is kept without a word", () => {
    const unset = { workerHa: undefined };
    expect(decide({ applied: unset, observed: { workerHa: true }, desired: unset })).toEqual(keep);
  });

  test("and changed to a third value in the program, it is replaced", () => {
    const sides = { observed: { workerCount: 8 }, desired: { workerCount: 10 } };
    expect(decide(sides).action).toBe("replace");
  });
});

describe("removed from the program", () => {
  test.each(["name", "coordinatorHa", "workerHa"])("%s is kept", (key) => {
    expect(decide({ desired: { [key]: undefined } })).toEqual(keep);
  });
});

describe("not known yet", () => {
  test.each(others)("%s replaces, new first, and says that it is undecided", (key) => {
    const result = decide({ desired: { [key]: unknownValue } });
    expect(result).toMatchObject({
      action: "replace",
      order: "new first",
      changes: [{ property: key, undecided: true }],
    });
    expect(result.changes[0]?.why).toMatch(/until the value is known/);
  });
});

describe("a name that the provider made", () => {
  const autonamed = { rest: { autonamed: true } };

  test("is kept where the one made now is another", () => {
    expect(decide({ ...autonamed, desired: { name: "orders-1234567" } })).toEqual(keep);
  });

  test("changes with the formation that is replaced, which has no other name then", () => {
    const desired = { name: "orders-1234567", region: "eu-west-1" };
    const result = decide({ ...autonamed, desired });
    expect(result).toMatchObject({ action: "replace", order: "new first", reasons: [] });
  });

  test("that `pulumi:autonaming` makes the same again has the old one deleted first", () => {
    const proposed = { rest: { autonamed: "proposed" } as const };
    const result = decide({ ...proposed, desired: { region: "eu-west-1" } });
    expect(result).toMatchObject({ action: "replace", order: "old first" });
    expect(result.effect?.kind).toBe("data loss");
    expect(decide({ ...proposed, desired: {} })).toEqual(keep);
  });
});

describe("a replacement that keeps an explicit name", () => {
  test("is new first, since the run knows its predecessor", () => {
    const result = decide({ desired: { region: "eu-west-1" } });
    expect(result.order).toBe("new first");
    expect(result.reasons).toEqual([
      "two formations may have one name, and the old one is known to the run that replaces it",
    ]);
  });

  test("is not what a new name is", () => {
    expect(decide({ desired: { name: "orders-2" } }).reasons).toEqual([]);
  });
});

describe("a creation that has not ended", () => {
  test.each(["creating", "converging", "levitating"])("keeps waiting in state %s", (state) => {
    const pending = definition.pending?.({ state });
    expect(pending).toBe(`state "${state}"`);
    expect(decide({ rest: { pending } }).action).toBe("update");
  });

  test.each(["steady", "ready"])("has ended in state %s", (state) => {
    expect(definition.pending?.({ state })).toBeUndefined();
  });
});

test("the plan table has these rows", () => {
  const { properties, whole = [] } = definition.plan;
  const rows = [...properties, ...whole].map(({ change, becomes, order }) => [
    change,
    becomes,
    order,
  ]);
  expect(rows).toEqual([
    [
      "tune, disk size, worker count, HA, name or region **changed in the program**",
      "replace",
      "new first",
    ],
    ["`allowDuplicateName`", "keep", undefined],
    ["a replacement that keeps an explicit `name`", "replace", "new first"],
  ]);
  expect(properties.map((rule) => [rule.properties, rule.on])).toEqual([
    [others.map(([key]) => key), undefined],
    [["allowDuplicateName"], ["changed", "removed", "unknown"]],
  ]);
});
