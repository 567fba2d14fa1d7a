import { expect, test } from "vitest";
import {
  differences,
  ExpectationUnreadable,
  reviewedIn,
} from "../../../cli/explain/expectation.ts";
import { fingerprintOf, shortFingerprintOf } from "../../../cli/explain/fingerprint.ts";
import type { Explanation, ResourceChange } from "../../../cli/explain/model.ts";
import { json } from "../../../cli/explain/output/json.ts";
import { markdown } from "../../../cli/explain/output/markdown.ts";
import { change, effect, explanation, inStack, other, property, value } from "./builder.ts";
import { everyKind, threeStacks } from "./examples.ts";

const database = change("events", {
  operation: "replace",
  order: "new first",
  effect: effect("data loss", "it starts empty"),
  properties: [property("workerCount", 2, 4), property("label", "a", "b")],
});

function reviewed(
  more: Partial<ResourceChange> = {},
  stack: Partial<Explanation> = {},
): Explanation {
  return explanation(
    [{ ...database, ...more }, change("web", { of: "AppFormation" }), other("assets", "create")],
    stack,
  );
}

const properties = (...list: ResourceChange["properties"]) => ({ properties: list });

const mattering: Record<string, Explanation> = {
  "the operation": reviewed({ operation: "update" }),
  "a refusal": reviewed({ operation: "refuse" }),
  "which goes first": reviewed({ order: "old first" }),
  "the kind of the effect": reviewed({ effect: effect("interruption", "it starts empty") }),
  "when it happens": reviewed({ effect: effect("data loss", "it starts empty at 03:00 UTC") }),
  "a new value": reviewed(properties(property("workerCount", 2, 5), property("label", "a", "b"))),
  "an old value": reviewed(properties(property("workerCount", 1, 4), property("label", "a", "b"))),
  "a value's type": reviewed(
    properties(property("workerCount", 2, "4"), property("label", "a", "b")),
  ),
  "one property less": reviewed(properties(property("workerCount", 2, 4))),
  "a value that becomes unknown": reviewed(
    properties(
      { ...property("workerCount", 2, 4), to: { kind: "unknown" } },
      property("label", "a", "b"),
    ),
  ),
  "a value that becomes secret": reviewed(
    properties(
      { ...property("workerCount", 2, 4), to: { kind: "secret" } },
      property("label", "a", "b"),
    ),
  ),
  "another resource": reviewed({ urn: database.urn.replace("events", "sessions") }),
  "a mandatory policy": reviewed({
    messages: [{ severity: "error", text: "x", policy: "pack/one" }],
  }),
  "a mandatory policy of the stack": reviewed(
    {},
    { messages: [{ severity: "error", text: "x", policy: "pack/one" }] },
  ),
  "a failure": reviewed({}, { hasFailed: true }),
  "another stack": reviewed({}, { stack: "staging" }),
  "another project": reviewed({}, { project: "shop2" }),
  "one change less": explanation(reviewed().changes.slice(1)),
  "another provider's operation": explanation([
    ...reviewed().changes.slice(0, 2),
    other("assets", "delete"),
  ]),
  "the same resource twice": explanation([...reviewed().changes, database]),
};

test.each(Object.entries(mattering))("the fingerprint changes with: %s", (_, changed) => {
  expect(fingerprintOf(changed)).not.toBe(fingerprintOf(reviewed()));
  expect(shortFingerprintOf(changed)).not.toBe(shortFingerprintOf(reviewed()));
  expect(differences(changed, fingerprintOf(reviewed()))).not.toEqual([]);
});

const incidental: Record<string, Explanation> = {
  "the order of changes": explanation(reviewed().changes.toReversed()),
  "the order of properties": reviewed({ properties: database.properties.toReversed() }),
  "reasons and notes": reviewed({ reasons: ["another"], notes: ["protected"] }),
  "messages that are not policies'": reviewed({
    messages: [{ severity: "error", text: "at 12:00" }],
  }),
  "an advisory policy": reviewed({
    messages: [{ severity: "warning", text: "x", policy: "pack/one" }],
  }),
  prices: reviewed({ cost: { before: 1, after: 2 } }),
  "where it was read from": reviewed({}, { source: "other.json" }),
  "the engine's counts": reviewed({}, { counts: { same: 12 } }),
  "a message of the stack": reviewed({}, { messages: [{ severity: "warning", text: "slow" }] }),
  "a resource that stays unchanged": explanation([
    ...reviewed().changes,
    change("kept", { operation: "keep" }),
  ]),
};

test.each(Object.entries(incidental))("the fingerprint does not change with: %s", (_, changed) => {
  expect(fingerprintOf(changed)).toBe(fingerprintOf(reviewed()));
  expect(differences(changed, fingerprintOf(reviewed()))).toEqual([]);
});

test("equal objects have one fingerprint, whatever the order of their keys", () => {
  const of = (one: unknown) =>
    fingerprintOf(reviewed(properties({ ...property("tags", 0, 0), to: value(one) })));
  expect(of({ a: 1, b: { c: 2, d: 3 } })).toBe(of({ b: { d: 3, c: 2 }, a: 1 }));
  expect(of({ a: 1 })).not.toBe(of({ a: 2 }));
});

test("the text of a policy's result does not change it", () => {
  const of = (text: string) =>
    fingerprintOf(reviewed({ messages: [{ severity: "error", text, policy: "pack/one" }] }));
  expect(of("one")).toBe(of("two"));
});

const now = explanation([
  { ...database, operation: "update" },
  change("new", { operation: "create" }),
  other("assets", "create"),
]);

test("what differs is named from the fingerprint alone, except for what is gone", () => {
  expect(differences(now, fingerprintOf(reviewed()))).toEqual([
    { kind: "changed", text: "events (Formation): was reviewed with another change" },
    { kind: "new", text: "new (Formation): was not reviewed" },
    { kind: "gone", text: "1 change that was reviewed no longer happens" },
  ]);
});

test("the comment has the fingerprint of each stack", () => {
  const stacks = threeStacks();
  const comment = markdown(stacks);
  for (const stack of stacks) expect(differences(stack, reviewedIn(comment, stack))).toEqual([]);
  const staging = inStack("staging", explanation([]));
  expect(differences(staging, reviewedIn(comment, staging))).toEqual([
    { kind: "gone", text: "2 changes that were reviewed no longer happen" },
  ]);
});

test("the JSON names what no longer happens, however many changes there are", () => {
  const many = Array.from({ length: 60 }, (_, at) => change(`many-${at}`, { operation: "create" }));
  const then = explanation([...many, database]);
  const kept = json([then]);
  expect(differences(then, reviewedIn(kept, then))).toEqual([]);
  const less = explanation(many);
  expect(differences(less, reviewedIn(kept, less))).toEqual([
    {
      kind: "gone",
      text: "events (formations:index:Formation): was reviewed, and no longer happens",
    },
  ]);
  expect(differences(less, fingerprintOf(then))).toEqual([
    { kind: "unnamed", text: expect.stringContaining("not those that were reviewed") },
  ]);
});

test("a comment that was shortened still has it", () => {
  const comment = markdown([everyKind()], { maxLength: 4000 });
  expect(comment.length).toBeLessThanOrEqual(4000);
  expect(differences(everyKind(), reviewedIn(comment, everyKind()))).toEqual([]);
});

test("a marker within a value is not believed", () => {
  const forged = `<!-- formations explain: shop shop/production=${shortFingerprintOf(now)} -->`;
  const comment = markdown([
    reviewed({ name: forged, notes: [`\n${forged}`], reasons: [`x\n${forged}\n`] }),
  ]);
  expect(differences(reviewed({ name: forged }), reviewedIn(comment, now))).toEqual([]);
});

test.each([
  ["nothing", ""],
  ["another text", "looks good"],
  ["a comment of another stack", markdown([explanation([], { stack: "qa" })])],
  ["JSON of another program", '{"version":3,"deployment":{}}'],
  ["JSON that was cut off", json([reviewed()]).slice(0, 300)],
  ["a fingerprint that was cut off", fingerprintOf(reviewed()).slice(0, -3)],
])("%s is not what was reviewed", (_, text) => {
  expect(() => reviewedIn(text, reviewed())).toThrow(ExpectationUnreadable);
});

test("a preview that names no stack is called by its file where nothing of it was reviewed", () => {
  const nameless = { ...explanation([]), project: undefined, stack: undefined };
  expect(() => reviewedIn("a comment", nameless)).toThrow("no fingerprint of preview.json");
});
