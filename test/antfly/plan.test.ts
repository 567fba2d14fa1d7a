import { describe, expect, test } from "vitest";
import { projectDrift } from "../../provider/resource/drift.ts";
import { check } from "../../provider/resource/lifecycle.ts";
import { autoname } from "../../provider/resource/names.ts";
import { isReplaceOnly, type Plan, plan } from "../../provider/resource/plan.ts";
import { describeRule } from "../../provider/resource/plan-rules.ts";
import { unknownValue, type Values } from "../../provider/resource/values.ts";
import { definition, full, nightly } from "./inputs.ts";

interface Sides {
  applied?: Values;
  /** The state; what was applied, if not given. */
  observed?: Values;
  desired: Values;
  autonamed?: boolean;
}

function decide({ applied = full, observed = applied, desired, autonamed }: Sides): Plan {
  const keys = Object.keys(definition.inputs.shape);
  return plan(keys, definition.plan, { applied, observed, desired, autonamed });
}

/** What changes, as `property: action`. */
const decided = (plan: Plan) =>
  plan.changes.map(({ property, action }) => `${property}: ${action}`);

const recorded = [
  ["schedule", "0 4 * * *"],
  ["timezone", "Asia/Tokyo"],
  ["tableNames", ["t1"]],
  ["format", "portable"],
  ["suspend", false],
] as const;

const seriesBound = [
  ["location", "s3://bucket/elsewhere"],
  ["connection", "other"],
  ["url", "https://other.example.com"],
  ["backupIdPrefix", "hourly"],
] as const;

test("the table reads as it is meant", () => {
  const rows = definition.plan.properties.map((rule) => [rule.change, describeRule(rule)]);
  expect(rows).toEqual([
    [
      "`schedule`, `timezone`, `tableNames`, `format`, `suspend`, `skipImmediately`",
      "**update**: recorded in the state; nothing is sent.",
    ],
    [
      "`location`, `connection`, `url`, `backupIdPrefix`",
      "**replace**, new first: a new series starts; old backups stay.",
    ],
  ]);
  expect(definition.plan.whole ?? []).toEqual([]);
});

test("every input has a row", () => {
  const rows = definition.plan.properties.flatMap((rule) => rule.properties);
  expect(rows.toSorted()).toEqual(Object.keys(definition.inputs.shape).toSorted());
});

describe("a change in the program", () => {
  test.each(recorded)("of %s updates", (property, value) => {
    const result = decide({ desired: { ...full, [property]: value } });
    expect(result).toMatchObject({ action: "update", warnings: [] });
    expect(decided(result)).toEqual([`${property}: update`]);
  });

  test.each(seriesBound)("of %s replaces, new first", (property, value) => {
    const result = decide({ desired: { ...full, [property]: value } });
    expect(result).toMatchObject({ action: "replace", order: "new first", warnings: [] });
    expect(decided(result)).toEqual([`${property}: replace`]);
  });

  test.each(["connection", "url"] as const)("that gives a %s replaces", (property) => {
    const result = decide({
      applied: nightly,
      desired: { ...nightly, [property]: full[property] },
    });
    expect(decided(result)).toEqual([`${property}: replace`]);
  });
});

describe("an input removed from the program", () => {
  test.each([
    ["timezone", "UTC"],
    ["tableNames", undefined],
    ["format", undefined],
    ["suspend", false],
  ])("goes back to what its absence means: %s", (property, value) => {
    const result = decide({ desired: { ...full, [property]: undefined } });
    expect(decided(result)).toEqual([`${property}: update`]);
    expect(result.changes[0]?.to).toEqual(value);
  });

  test.each(["connection", "url", "backupIdPrefix"])("is kept: %s", (property) => {
    expect(decide({ desired: { ...full, [property]: undefined } }).action).toBe("keep");
  });
});

describe("keeps", () => {
  test.each([
    ["what the state has", full, full],
    ["the default time zone, given", nightly, { ...nightly, timezone: "UTC" }],
    ["the default time zone, removed", { ...nightly, timezone: "UTC" }, nightly],
    ["not suspended, given", nightly, { ...nightly, suspend: false }],
    ["not suspended, removed", { ...nightly, suspend: false }, nightly],
    ["the same tables in another order", full, { ...full, tableNames: ["t2", "t1"] }],
  ])("%s", (_, applied, desired) => {
    expect(decide({ applied, desired })).toMatchObject({ action: "keep", warnings: [] });
  });

  test("a prefix that the provider made, though it would make another now", () => {
    const desired = { ...full, backupIdPrefix: "nightly-1234567" };
    expect(decide({ desired, autonamed: true }).action).toBe("keep");
  });

  test("a location that the state has otherwise than the program, and says so", () => {
    const observed = { ...full, location: "s3://bucket/edited" };
    const result = decide({ observed, desired: full });
    expect(result.action).toBe("keep");
    expect(result.warnings).toEqual([expect.stringContaining('put "s3://bucket/edited" into')]);
  });
});

test("a list of other tables is a change, though as long", () => {
  const result = decide({ desired: { ...full, tableNames: ["t1", "t3"] } });
  expect(decided(result)).toEqual(["tableNames: update"]);
});

describe("a value that is not known yet", () => {
  test.each(recorded)("updates: %s", (property) => {
    const result = decide({ desired: { ...full, [property]: unknownValue } });
    expect(decided(result)).toEqual([`${property}: update`]);
  });

  test.each(seriesBound)("replaces, undecided: %s", (property) => {
    const result = decide({ desired: { ...full, [property]: unknownValue } });
    expect(result.changes).toEqual([
      expect.objectContaining({ property, action: "replace", undecided: true }),
    ]);
  });
});

test("a state that was edited is put back to the program by the next run", () => {
  const observed = { ...full, schedule: "0 5 * * *" };
  expect(decided(decide({ observed, desired: full }))).toEqual(["schedule: update"]);
  expect(projectDrift(definition, full, observed)).toMatchObject({ schedule: "0 5 * * *" });
});

describe("the prefix that a host makes", () => {
  test("is one that the schema accepts", () => {
    const backupIdPrefix = autoname({
      project: "shop",
      stack: "dev",
      type: definition.name,
      logicalName: "1. nightly backups_of everything that there is in the shop",
      replacing: {},
    });
    expect(check(definition, { ...nightly, backupIdPrefix }).failures).toEqual([]);
  });

  test("is made of the inputs that begin a new series", () => {
    const made = Object.keys(full).filter((key) => isReplaceOnly(key, definition.plan));
    expect(new Set(made)).toEqual(new Set(seriesBound.map(([property]) => property)));
    expect(definition.plan.autoname).toBe("backupIdPrefix");
  });
});
