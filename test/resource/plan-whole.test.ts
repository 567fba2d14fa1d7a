import { describe, expect, test } from "vitest";
import {
  commonRules,
  describeRule,
  describeWarning,
  type PlanRules,
  type WholeChange,
  type WholeRule,
} from "../../provider/resource/plan-rules.ts";
import { describePlan } from "../../provider/resource/plan-text.ts";
import { unknownValue } from "../../provider/resource/values.ts";
import { changed, planOf, rules, type Sides, settled } from "./made-up.ts";

const failed: WholeRule = {
  change: "state `failed`",
  when: ({ observed }) => observed.state === "failed",
  becomes: "replace",
  order: "old first",
  why: "it could not be made",
};

const protectedOne: WholeRule = {
  change: "a replacement while protected",
  when: ({ action, observed }) => action === "replace" && observed.isProtected === true,
  becomes: "refuse",
  why: "unprotect it first",
};

/** The made-up rules with some about the whole. */
function withWhole(...whole: WholeRule[]): PlanRules {
  return { ...rules, whole };
}

/** A rule that fits whenever the resource is replaced. */
function onReplace(rule: Partial<WholeRule>): WholeRule {
  return {
    change: "any replacement",
    when: ({ action }) => action === "replace",
    becomes: "replace",
    why: "so it is",
    ...rule,
  };
}

describe("the whole is", () => {
  test.each([
    ["kept where every property is", {}, "keep"],
    ["updated where one property is", { disk: 200 }, "update"],
    ["replaced where one property is, whatever the others", { disk: 200, region: "b" }, "replace"],
    ["refused where one property is, whatever the others", { disk: 50, region: "b" }, "refuse"],
  ])("%s", (_, desired, action) => {
    expect(planOf({ desired }).action).toBe(action);
  });
});

describe("the order of a replacement", () => {
  test.each([
    ["new first where all agree", { region: "b" }, "new first"],
    ["old first as soon as one property asks for it", { region: "b", zone: "b" }, "old first"],
  ])("is %s", (_, desired, order) => {
    expect(planOf({ desired }).order).toBe(order);
  });

  test("is new first where no rule says it", () => {
    const properties = [
      { change: "", properties: ["region"], becomes: "replace", why: "" },
    ] as const;
    expect(planOf({ desired: { region: "b" }, rules: { properties } }).order).toBe("new first");
  });

  test("is new first where a rule about the whole replaces and does not say it", () => {
    const sides = {
      observed: { state: "failed" },
      rules: withWhole({ ...failed, order: undefined }),
    };
    expect(planOf(sides).order).toBe("new first");
  });

  test("is old first where a rule about the whole asks for it", () => {
    const own = withWhole(onReplace({ order: "old first" }));
    expect(planOf({ desired: { region: "b" }, rules: own }).order).toBe("old first");
  });

  test("stays old first where a rule about the whole would have the new first", () => {
    const own = withWhole(onReplace({ order: "new first" }));
    expect(planOf({ desired: { zone: "b" }, rules: own }).order).toBe("old first");
  });

  test("is not set where nothing is replaced", () => {
    const own = withWhole({ ...failed, becomes: "update" });
    expect(planOf({ observed: { state: "failed" }, rules: own })).toMatchObject({
      action: "update",
      order: undefined,
    });
  });

  test("is not set where the replacement is refused", () => {
    const sides = { observed: { isProtected: true }, desired: { zone: "b" } };
    expect(planOf({ ...sides, rules: withWhole(protectedOne) }).order).toBeUndefined();
  });
});

describe("a rule about the whole", () => {
  test("replaces where no property does, and gives the reason", () => {
    const result = planOf({ observed: { state: "failed" }, rules: withWhole(failed) });
    expect(result).toEqual({
      action: "replace",
      order: "old first",
      changes: [],
      reasons: ["it could not be made"],
      warnings: [],
    });
  });

  test("that does not fit says nothing", () => {
    const result = planOf({ rules: withWhole({ ...failed, warning: "careful" }) });
    expect(result).toMatchObject({ action: "keep", reasons: [], warnings: [] });
  });

  test("adds its warning to those of the properties", () => {
    const own = withWhole(onReplace({ warning: "It is gone before the new one exists." }));
    expect(planOf({ desired: { region: "b" }, rules: own }).warnings).toEqual([
      'region from "east" to "b": starts EMPTY.',
      "It is gone before the new one exists.",
    ]);
  });

  test("that keeps changes nothing, but may warn", () => {
    const own = withWhole(onReplace({ becomes: "keep", warning: "look out" }));
    const result = planOf({ desired: { zone: "b" }, rules: own });
    expect(result).toMatchObject({ action: "replace", reasons: [], warnings: ["look out"] });
  });

  test("that keeps gives no reason where all is kept", () => {
    const own = withWhole({ ...failed, when: () => true, becomes: "keep", warning: "look out" });
    expect(planOf({ rules: own })).toMatchObject({ reasons: [], warnings: ["look out"] });
  });

  test("that is weaker than what was decided gives no reason for it", () => {
    const own = withWhole(onReplace({ becomes: "update", why: "in place" }));
    expect(planOf({ desired: { zone: "b" }, rules: own })).toMatchObject({
      action: "replace",
      reasons: [],
    });
  });

  test("refuses what the properties would replace", () => {
    const own = withWhole(protectedOne);
    const result = planOf({ observed: { isProtected: true }, desired: { zone: "b" }, rules: own });
    expect(result).toMatchObject({ action: "refuse", reasons: ["unprotect it first"] });
  });

  test("sees what those above it have decided", () => {
    const sides = { observed: { state: "failed", isProtected: true } };
    expect(planOf({ ...sides, rules: withWhole(failed, protectedOne) }).action).toBe("refuse");
    expect(planOf({ ...sides, rules: withWhole(protectedOne, failed) }).action).toBe("replace");
  });

  test("is not asked once the change is refused", () => {
    const own = withWhole({ ...failed, when: () => expect.fail("asked") });
    expect(planOf({ desired: { disk: 50 }, rules: own }).reasons).toEqual([]);
  });

  test("does not refuse a replacement that is undecided", () => {
    const sides = { observed: { isProtected: true }, desired: { region: unknownValue } };
    const result = planOf({ ...sides, rules: withWhole(protectedOne) });
    expect(result).toMatchObject({ action: "replace", reasons: [] });
  });

  test("refuses where one replacement is decided, though another is undecided", () => {
    const desired = { region: unknownValue, zone: "b" };
    const sides = { observed: { isProtected: true }, desired };
    expect(planOf({ ...sides, rules: withWhole(protectedOne) }).action).toBe("refuse");
  });

  test("refuses an update though the value of a property is not known", () => {
    const own = withWhole({ ...protectedOne, when: ({ action }) => action === "update" });
    expect(planOf({ desired: { note: unknownValue }, rules: own }).action).toBe("refuse");
  });

  test("sees the three sides, and whether the name was made by the provider", () => {
    const seen: WholeChange[] = [];
    const spy: WholeRule = { ...failed, when: (change) => seen.push(change) < 0 };
    planOf({ observed: { disk: 50 }, rules: withWhole(spy) });
    planOf({ autonamed: true, rules: withWhole(spy) });
    expect(seen[0]).toMatchObject({
      applied: settled,
      observed: { ...settled, disk: 50 },
      desired: settled,
      autonamed: false,
      action: "update",
    });
    expect(seen[1]).toMatchObject({ autonamed: true, action: "keep" });
  });
});

describe("a creation or change that has not ended", () => {
  const pending = 'state "creating"';

  test("is an update that resumes waiting", () => {
    expect(planOf({ pending })).toEqual({
      action: "update",
      order: undefined,
      changes: [],
      reasons: [`${commonRules.pending.why} (${pending})`],
      warnings: [],
    });
  });

  test.each([
    ["an update", { disk: 200 }, "update"],
    ["a replacement", { region: "b" }, "replace"],
    ["a refusal", { disk: 50 }, "refuse"],
  ])("says nothing beside %s", (_, desired, action) => {
    expect(planOf({ desired, pending })).toMatchObject({ action, reasons: [] });
  });
});

test("a plan in words has a line for each change, then the reasons for the whole", () => {
  const own = withWhole(onReplace({ why: "names are unique" }));
  const result = planOf({ desired: { zone: unknownValue, note: undefined }, rules: own });
  expect(describePlan(result)).toEqual([
    `zone: "a" → (not known yet): replace: ${commonRules.undecided.why}`,
    'note: "hello" → (not set): update: cleared',
    "replace: names are unique",
  ]);
  expect(changed(result)).toHaveLength(2);
});

test("neither a plan in words nor a warning shows the value of a secret, only whether there is one", () => {
  const secrets = new Set(["note", "size"]);
  const drifts = {
    ...rules,
    properties: rules.properties.map((rule) => ({
      ...rule,
      warning: "{property}: {applied}, {observed}, {desired}",
    })),
  };
  const sides = { applied: { size: undefined }, desired: { note: undefined, disk: 200 } };
  const result = planOf({ ...sides, observed: { size: undefined }, rules: drifts, secrets });
  expect(result.warnings).toEqual([
    "size: (not set), (not set), (secret)",
    "disk: 100, 100, 200",
    "note: (secret), (secret), (not set)",
  ]);
  expect(describePlan(result, secrets)).toEqual([
    "size: (not set) → (secret): update: in place",
    "disk: 100 → 200: update: in place",
    "note: (secret) → (not set): update: cleared",
  ]);
});

describe("what a change does to data and service", () => {
  const ruled: PlanRules = {
    ...rules,
    properties: [
      {
        change: "`region`",
        properties: ["region"],
        becomes: "replace",
        order: "new first",
        why: "a server stays where it is",
        effect: { kind: "data loss", text: "what is in {observed} is destroyed" },
        warning: "{property}: {effect}.",
      },
      {
        change: "`disk`",
        properties: ["disk"],
        becomes: "update",
        why: "in place",
        effect: { kind: "interruption", text: "connections are interrupted at {hint}" },
      },
    ],
    whole: [
      {
        change: "a server on fire",
        when: ({ observed }) => observed.note === "fire",
        becomes: "update",
        why: "put out",
        effect: { kind: "redeployment", text: "everything is deployed again" },
        warning: "It burns: {effect}.",
      },
      {
        change: "a server under water",
        when: ({ observed }) => observed.note === "flood",
        becomes: "update",
        why: "dried",
        effect: { kind: "interruption", text: "nothing works until it is dry" },
      },
    ],
  };

  test.each<[string, Sides, unknown]>([
    ["a property's", { desired: { disk: 200 } }, { kind: "interruption" }],
    ["the worst of several", { desired: { disk: 200, region: "west" } }, { kind: "data loss" }],
    ["of the whole", { observed: { note: "fire" } }, { kind: "redeployment" }],
    [
      "the worse of both",
      { observed: { note: "fire" }, desired: { disk: 200 } },
      { kind: "interruption" },
    ],
    [
      "of the whole if both are as bad",
      { observed: { note: "flood" }, desired: { disk: 200 } },
      { kind: "interruption", text: "nothing works until it is dry" },
    ],
  ])("is %s", (_, sides, effect) => {
    expect(planOf({ ...sides, rules: ruled }).effect).toMatchObject(effect as object);
  });

  test("is not told of what is kept", () => {
    expect(planOf({ rules: ruled }).effect).toBeUndefined();
  });

  test("has its values, and is in the warning that names it", () => {
    const plan = planOf({ desired: { region: "west" }, rules: ruled });
    expect(plan.changes[0]?.effect?.text).toBe('what is in "east" is destroyed');
    expect(plan.warnings).toEqual(['region: what is in "east" is destroyed.']);
    expect(planOf({ observed: { note: "fire" }, rules: ruled }).warnings).toContain(
      "It burns: everything is deployed again.",
    );
  });

  test("is that of the change that is still unknown", () => {
    const plan = planOf({ desired: { region: unknownValue }, rules: ruled });
    expect(plan.effect?.kind).toBe("data loss");
  });
});

describe("a rule on the pages", () => {
  const rule = { change: "`x`", why: "so it is" };
  test.each([
    ["what it becomes, and why", { ...rule, becomes: "update" }, "**update**: so it is."],
    [
      "the order of a replacement",
      { ...rule, becomes: "replace", order: "old first" },
      "**replace**, old first: so it is.",
    ],
  ] as const)("shows %s", (_, shown, text) => {
    expect(describeRule(shown)).toBe(text);
    expect(describeWarning(shown)).toBe(undefined);
  });

  test("shows its warning, with the values' places marked", () => {
    const effect = { kind: "interruption", text: "it stops" } as const;
    const warning = "{property} is {observed}: {effect}.";
    const text = "‹property› is ‹observed›: it stops.";
    expect(describeWarning({ ...rule, becomes: "keep", effect, warning })).toBe(text);
  });
});

/*
 * What a common rule becomes and says is not data that a test may read back from the rule itself: the
 * table repeats the agreed one.
 */
test.each([
  ["same", "keep"],
  ["pending", "update"],
  ["unfinished", "update"],
  ["drift", "update"],
  ["replaceOnlyDrift", "keep"],
  ["undecided", "replace"],
  ["undecidedUpdate", "update"],
  ["removed", "keep"],
  ["autoname", "keep"],
] as const)("the common rule %s becomes %s", (name, action) => {
  expect(commonRules[name].becomes).toBe(action);
});

test("there are no common rules but those", () => {
  expect(Object.keys(commonRules)).toHaveLength(9);
});
