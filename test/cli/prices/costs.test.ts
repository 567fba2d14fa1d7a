import { describe, expect, test } from "vitest";
import type { Explanation, Operation, ResourceChange } from "../../../cli/explain/model.ts";
import { withCosts } from "../../../cli/prices/costs.ts";
import { pricedOf } from "../../../cli/prices/priced.ts";
import { concealed } from "../../../cli/stack/deployment.ts";
import { resources } from "../../../provider/index.ts";
import { unknownValue as unknown, unknownOf } from "../../../provider/resource/values.ts";

const readAt = "2026-03-01T12:00:00Z";
const now = Date.parse(readAt);

const prices = {
  readAt,
  lists: new Map<string, unknown>([
    [
      "akkeris",
      [
        { name: "gp1", price: 20 },
        { name: "gp2", price: 40 },
        { name: "gp3", price: 5 },
        { name: "gp3-prod", price: 9 },
      ],
    ],
  ]),
};

function definitionOf(name: string) {
  const found = resources.find((one) => one.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

function change(
  operation: Operation,
  priced?: ResourceChange["priced"],
  resource: string | undefined = "AppFormation",
): ResourceChange {
  const what = { urn: `urn:${operation}`, name: operation, type: resource ?? "aws:s3:Bucket" };
  return {
    ...{ ...what, definition: resource ? definitionOf(resource) : undefined, operation, priced },
    ...{ reasons: [], properties: [], notes: [], messages: [] },
  };
}

/** The cost that a change gets. */
function costOf(one: ResourceChange) {
  const explanation: Explanation = {
    ...{ source: "preview.json", hasFailed: false, changes: [one], messages: [] },
  };
  const [explained] = withCosts([explanation], prices, now);
  return explained?.changes[0]?.cost;
}

const one = { size: "gp1", quantity: 1, serverSize: "gp1" };
const two = { size: "gp2", quantity: 2 };

describe("a change costs, before and after", () => {
  test.each([
    ["create", { after: two }, { before: 0, after: 80 }],
    ["replace", { before: one, after: two }, { before: 20, after: 80 }],
    ["update", { before: one, after: two }, { before: 20, after: 80 }],
    ["update", { before: one, after: one }, { before: 20, after: 20 }],
    ["update", { before: one, after: { ...one, quantity: 0 } }, { before: 20, after: 0 }],
    ["delete", { before: one }, { before: 20, after: 0 }],
    // It stays on the server.
    ["abandon", { before: one }, { before: 20, after: 20 }],
    ["import", { after: one }, { before: 20, after: 20 }],
    // An earlier run has deleted the old one.
    ["replace", { after: two }, { before: 0, after: 80 }],
    ["keep", { before: one, after: two }, undefined],
    ["read", { after: one }, undefined],
    ["refuse", { before: one, after: two }, undefined],
  ] as const)("%s %j", (operation, priced, cost) => {
    expect(costOf(change(operation, priced))).toEqual(cost);
  });
});

test.each([
  ["create", { after: { ...two, quantity: unknown } }, { before: 0 }, "`quantity` is not known"],
  ["update", { before: one, after: { ...one, size: "gp9" } }, { before: 20 }, "size `gp9`"],
  [
    "replace",
    { before: { ...one, size: "gp9", serverSize: "gp9" }, after: two },
    { after: 80 },
    "size `gp9`",
  ],
  ["delete", { before: { size: "gp1" } }, { after: 0 }, "`quantity` is not known"],
  ["delete", undefined, { after: 0 }, "the preview does not show its properties"],
  ["create", undefined, { before: 0 }, "the preview does not show its properties"],
  ["replace", undefined, {}, "the preview does not show its properties"],
  ["update", undefined, {}, "the preview does not show its properties"],
  ["update", { before: one }, {}, "the preview does not show its properties"],
  ["abandon", undefined, {}, "the preview does not show its properties"],
  ["import", undefined, {}, "the preview does not show its properties"],
] as const)(
  "where one side is not known, the other is, and a note says why: %s %j",
  (operation, priced, cost, why) => {
    expect(costOf(change(operation, priced))).toEqual({
      ...cost,
      note: expect.stringContaining(why),
    });
  },
);

test("what the server made of the old size says nothing of a replacement, whose app may be another", () => {
  const before = { size: "gp3", quantity: 1, serverSize: "gp3-prod" };
  const after = { size: "gp3", quantity: 1 };
  const note = "$9 if the app's space is tagged `compliance=prod`, where the size is `gp3-prod`";
  expect(costOf(change("update", { before, after }))).toEqual({ before: 9, after: 9 });
  expect(costOf(change("replace", { before, after }))).toEqual({ before: 9, after: 5, note });
});

test("a replaced resource that stays on the server costs what it did, besides the new one", () => {
  const priced = { before: one, after: two, isRetained: true };
  const note = "with the old one, which stays on the server";
  expect(costOf(change("replace", priced))).toEqual({ before: 20, after: 100, note });
  const unknownOld = { ...priced, before: { ...one, quantity: unknown } };
  expect(costOf(change("replace", unknownOld))).toEqual({
    note: `\`quantity\` is not known; ${note}`,
  });
});

test("what both sides lack is said once", () => {
  const odd = { size: "gp9", quantity: 1, serverSize: "gp9" };
  expect(costOf(change("update", { before: odd, after: { ...odd, quantity: 2 } }))).toEqual({
    note: "no price is published for size `gp9`",
  });
});

test("an update that touches nothing of what the cost depends on has none to tell of", () => {
  const odd = { size: "gp9", quantity: 1, serverSize: "gp9" };
  expect(costOf(change("update", { before: odd, after: { ...odd } }))).toBeUndefined();
});

test("an update of what is not known may change the cost", () => {
  const secret = { ...one, quantity: unknown };
  expect(costOf(change("update", { before: secret, after: { ...secret } }))).toEqual({
    note: "`quantity` is not known",
  });
});

test("a system without published prices says so, and so does a list that lacks one", () => {
  expect(costOf(change("create", {}, "Formation"))).toEqual({
    note: "Citus Cloud publishes no prices",
  });
  expect(costOf(change("delete", {}, "AntflySecret"))).toEqual({
    note: "Antfly publishes no prices",
  });
  expect(costOf(change("create", { after: {} }, "Replica"))).toEqual({
    note: "the price list has nothing of Crunchy Bridge",
  });
});

test("another provider's resource has no cost", () => {
  expect(costOf({ ...change("create"), definition: undefined })).toBeUndefined();
});

test("costs leave everything else of an explanation as it was", () => {
  const explained = change("create", { after: two });
  const explanation: Explanation = {
    ...{ source: "a", project: "p", stack: "s", hasFailed: true, counts: { create: 1 } },
    ...{ changes: [explained], messages: [{ severity: "error", text: "no" }] },
  };
  expect(withCosts([explanation], prices, now)).toEqual([
    { ...explanation, changes: [{ ...explained, cost: { before: 0, after: 80 } }] },
  ]);
  expect(explained.cost).toBeUndefined();
});

test.each([
  [30, []],
  [31, ["The prices are 31 days old: `formations prices --output` writes new ones."]],
  [-1, []],
])("a list that is %i days old has the notes %j", (days, notes) => {
  const explanation: Explanation = {
    ...{ source: "a", hasFailed: false, changes: [change("create", { after: two })], messages: [] },
  };
  const later = now + days * 86_400_000 + 1_000;
  const [explained] = withCosts([explanation], prices, later);
  const messages = notes.map((text) => ({ severity: "info", text }));
  expect(explained?.messages).toEqual(messages);
});

test("the age of a list is not told where it says nothing of any change", () => {
  const explanation: Explanation = {
    ...{ source: "a", hasFailed: false, messages: [] },
    changes: [change("update", {}, "Formation"), change("keep", {})],
  };
  expect(withCosts([explanation], prices, now * 2)[0]?.messages).toEqual([]);
});

describe("what a cost depends on", () => {
  const formation = definitionOf("AppFormation");

  test("is picked, and nothing else of a state", () => {
    const state = { ...one, command: "secret", options: { env: {} }, __former: {}, port: null };
    expect(pricedOf(formation, state)).toEqual(one);
    expect(pricedOf(formation, { ...one, quantity: null })).toEqual({
      ...{ size: "gp1", serverSize: "gp1" },
    });
  });

  test.each<[what: string, value: unknown]>([
    ["a secret, as a digest has it", "[secret]"],
    ["a secret, as events have it", concealed(2)],
    ...Object.entries(unknownOf).map(([type, value]): [string, unknown] => {
      return [`an unknown ${type}`, value];
    }),
  ])("is unknown if it is %s", (_, quantity) => {
    expect(pricedOf(formation, { size: "gp1", quantity })).toEqual({
      ...{ size: "gp1", quantity: unknown },
    });
  });

  test("is unknown where nobody may see the value", () => {
    const hidden = new Set(["quantity", "command"]);
    expect(pricedOf(formation, one, hidden)).toEqual({ ...one, quantity: unknown });
  });

  test("is nothing of a resource without prices, or that is not there", () => {
    expect(pricedOf(definitionOf("Formation"), { name: "a" })).toBeUndefined();
    expect(pricedOf(formation, undefined)).toBeUndefined();
  });
});
