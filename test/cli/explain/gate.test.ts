import { expect, test } from "vitest";
import { type GateKind, gateKinds, gateMatches } from "../../../cli/explain/gate.ts";
import { labelsOf } from "../../../cli/explain/labels.ts";
import type { Explanation } from "../../../cli/explain/model.ts";
import { gitlab } from "../../../cli/explain/output/gitlab.ts";
import { change, effect, explanation, inStack, other } from "./builder.ts";
import { everyKind, failedPreview, threeStacks } from "./examples.ts";

const violation = { severity: "error", text: "no", policy: "pack/one" } as const;

const rows: [what: string, of: Explanation, matching: GateKind[]][] = [
  [
    "a deletion with data",
    explanation([change("x", { operation: "delete", effect: effect("data loss") })]),
    ["data-loss", "deletion"],
  ],
  [
    "a deletion",
    explanation([change("x", { operation: "delete", effect: effect("deletion") })]),
    ["deletion"],
  ],
  [
    "a replacement that loses data",
    explanation([change("x", { operation: "replace", effect: effect("data loss") })]),
    ["data-loss", "replacement"],
  ],
  [
    "a replacement without effect",
    explanation([change("x", { operation: "replace", effect: effect("none") })]),
    ["replacement"],
  ],
  [
    "a replacement that ends a service",
    explanation([change("x", { operation: "replace", effect: effect("deletion") })]),
    ["deletion", "replacement"],
  ],
  [
    "an interruption",
    explanation([change("x", { effect: effect("interruption") })]),
    ["interruption"],
  ],
  [
    "a creation that redeploys",
    explanation([change("x", { operation: "create", effect: effect("redeployment") })]),
    ["redeployment"],
  ],
  ["an update in place", explanation([change("x", { effect: effect("in place") })]), []],
  [
    "what is refused",
    explanation([change("x", { operation: "refuse", effect: effect("data loss") })]),
    ["failure"],
  ],
  [
    "what is left running",
    explanation([change("x", { operation: "abandon", effect: effect("deletion") })]),
    [],
  ],
  [
    "what stays unchanged",
    explanation([change("x", { operation: "keep", effect: effect("data loss") })]),
    [],
  ],
  ["another provider's deletion", explanation([other("x", "delete")]), ["other-providers"]],
  ["another provider's replacement", explanation([other("x", "replace")]), ["other-providers"]],
  ["another provider's update", explanation([other("x", "update")]), []],
  [
    "a mandatory policy of a resource",
    explanation([change("x", { messages: [violation] })]),
    ["policy"],
  ],
  ["a mandatory policy of the stack", explanation([], { messages: [violation] }), ["policy"]],
  [
    "an advisory policy",
    explanation([], { messages: [{ ...violation, severity: "warning" }] }),
    [],
  ],
  [
    "an error that is no policy's",
    explanation([], { messages: [{ severity: "error", text: "no" }] }),
    [],
  ],
  ["a failed preview", explanation([], { hasFailed: true }), ["failure"]],
  ["no changes", explanation([]), []],
];

test.each(rows)("%s", (_, of, matching) => {
  expect(gateKinds.filter((kind) => gateMatches([of], [kind]).length > 0)).toEqual(matching);
  expect(gateMatches([explanation([]), of], []).length).toBe(0);
});

test("each match has its resource and its stack", () => {
  const [first, ...rest] = gateMatches([explanation([]), everyKind()], ["deletion", "deletion"]);
  expect([first, ...rest].map((one) => one?.change?.name)).toEqual(["sessions", "worker"]);
  expect(first?.explanation.stack).toBe("production");
});

test("labels name the worst first, and that something changes", () => {
  expect(labelsOf([everyKind()])).toEqual([
    "formations: preview failed",
    "formations: data loss",
    "formations: deletion",
    "formations: interruption",
    "formations: change",
  ]);
  expect(labelsOf([explanation([])])).toEqual(["formations: no change"]);
  expect(labelsOf([explanation([change("x", { operation: "keep" })])])).toEqual([
    "formations: no change",
  ]);
  expect(labelsOf([explanation([], { hasFailed: true })])).toEqual(["formations: preview failed"]);
  expect(labelsOf([explanation([]), inStack("dev", explanation([other("x", "update")]))])).toEqual([
    "formations: change",
  ]);
  expect(labelsOf(threeStacks())).toEqual([
    ...["formations: preview failed", "formations: data loss", "formations: change"],
  ]);
});

test("GitLab's report counts a replacement as a creation and a deletion", () => {
  const all = explanation([
    ...[change("a", { operation: "replace" }), change("b", { operation: "delete" }), change("c")],
    ...[
      change("d", { operation: "create" }),
      change("e", { operation: "import" }),
      other("f", "update"),
    ],
    ...(["keep", "read", "abandon", "refuse"] as const).map((operation) =>
      change(operation, { operation }),
    ),
  ]);
  expect(gitlab([all, failedPreview()])).toBe('{"create":3,"update":3,"delete":3}\n');
  expect(gitlab([])).toBe('{"create":0,"update":0,"delete":0}\n');
});
