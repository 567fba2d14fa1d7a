import { describe, expect, test } from "vitest";
import {
  type Change,
  commonRules,
  type Event,
  type PlanRules,
} from "../../provider/resource/plan-rules.ts";
import { describePlan } from "../../provider/resource/plan-text.ts";
import { unknownValue } from "../../provider/resource/values.ts";
import { changed, planOf, rules, type Sides } from "./made-up.ts";

const keep = { action: "keep", order: undefined, changes: [], reasons: [], warnings: [] };

describe("what server and program agree about is kept", () => {
  test.each<[string, Sides]>([
    ["equal on all three sides", {}],
    ["the server came to what the program asks now", { applied: { disk: 50 } }],
    ["a replace-only property that the server came to", { applied: { region: "west" } }],
    ["another spelling by the resource's own rule", { desired: { size: "LARGE" } }],
    ["absent on the server, the default in the program", off("observed")],
    ["absent in the program, the default on the server", off("desired")],
    ["neither in the program now nor before", unset("size", "tiny")],
    ["a replace-only one neither in the program now nor before", unset("region", "north")],
  ])("%s", (_, sides) => {
    expect(planOf(sides)).toEqual(keep);
  });

  test("lists and objects by their content", () => {
    const tags = { note: { a: [1, { b: 2 }] } };
    const copy = structuredClone(tags);
    expect(planOf({ applied: tags, observed: tags, desired: copy })).toEqual(keep);
  });

  test("without asking the resource's own rule about what is absent", () => {
    const same = { size: () => expect.fail("asked") };
    const absent = { size: undefined };
    expect(planOf({ applied: absent, observed: absent, rules: { ...rules, same } }).action).toBe(
      "update",
    );
  });

  test("but spellings that no rule of the resource names are not the same", () => {
    expect(changed(planOf({ desired: { disk: "100" } }))).toEqual(["disk: update 100 → 100"]);
  });

  function off(side: "observed" | "desired"): Sides {
    const values = { applied: { ha: undefined }, observed: { ha: false }, desired: { ha: false } };
    return { ...values, [side]: { ha: undefined } };
  }

  function unset(property: string, value: unknown): Sides {
    const absent = { [property]: undefined };
    return { applied: absent, observed: { [property]: value }, desired: absent };
  }
});

describe("a change in the program", () => {
  test("of a property that is updated says from what to what, why, and its warning", () => {
    expect(planOf({ desired: { disk: 200 } })).toEqual({
      action: "update",
      order: undefined,
      changes: [
        {
          property: "disk",
          action: "update",
          from: 100,
          to: 200,
          why: "in place",
          undecided: false,
        },
      ],
      reasons: [],
      warnings: ["disk interrupts it."],
    });
  });

  test("of a replace-only property replaces, with the values in the warning", () => {
    const result = planOf({ desired: { region: "west" } });
    expect(result.action).toBe("replace");
    expect(result.order).toBe("new first");
    expect(changed(result)).toEqual(["region: replace east → west"]);
    expect(result.warnings).toEqual(['region from "east" to "west": starts EMPTY.']);
  });

  test("leaves braces in a warning alone that name no value", () => {
    const properties: PlanRules["properties"] = [
      {
        change: "",
        properties: ["note"],
        becomes: "update",
        why: "",
        warning: "{nothing} {desired}",
      },
    ];
    const result = planOf({ desired: { note: "bye" }, rules: { properties } });
    expect(result.warnings).toEqual(['{nothing} "bye"']);
  });

  test("is decided by the first rule that fits", () => {
    expect(changed(planOf({ desired: { disk: 50 } }))).toEqual(["disk: refuse 100 → 50"]);
  });

  test("that a rule keeps is no change", () => {
    expect(planOf({ desired: { hint: "y" } })).toEqual(keep);
  });

  test("that no rule names is kept", () => {
    expect(planOf({ desired: { note: "x" }, rules: { properties: [] } })).toEqual(keep);
  });

  test("is decided by a rule that looks at the whole resource, on all three sides", () => {
    const when = ({ event, all }: Change) =>
      event === "changed" &&
      all.applied.note === "hello" &&
      all.observed.disk === 50 &&
      all.desired.note === "bye";
    const own = {
      properties: [{ change: "", properties: ["note"], becomes: "refuse", when, why: "" }],
    } as const;
    const observed = { disk: 50, note: "drifted" };
    expect(planOf({ observed, desired: { note: "bye" }, rules: own }).action).toBe("refuse");
  });

  test("of several properties lists them in the order of the schema", () => {
    const result = planOf({ desired: { note: "bye", ha: false, region: "west" } });
    expect(changed(result)).toEqual([
      "region: replace east → west",
      "ha: update true → false",
      "note: update hello → bye",
    ]);
    expect(result.action).toBe("replace");
  });

  test("sets what the program did not set before", () => {
    const absent = { note: undefined };
    expect(changed(planOf({ applied: absent, observed: absent }))).toEqual([
      "note: update undefined → hello",
    ]);
  });
});

describe("drift", () => {
  test("of a property that can be updated goes back to the program", () => {
    expect(changed(planOf({ observed: { disk: 50 } }))).toEqual(["disk: update 50 → 100"]);
  });

  test("to nothing goes back to the program", () => {
    expect(changed(planOf({ observed: { note: undefined } }))).toEqual([
      "note: update undefined → hello",
    ]);
  });

  test("of a replace-only property is kept, with a warning that names the value to put in", () => {
    const result = planOf({ observed: { region: "west" } });
    expect(result).toEqual({
      ...keep,
      warnings: [
        'region is "west" on the server but "east" in the program. Only a replacement could change it back, so it is kept: put "west" into the program.',
      ],
    });
  });

  test("of a replace-only property does not hold up an update", () => {
    const result = planOf({ observed: { region: "west", disk: 50 } });
    expect(result.action).toBe("update");
    expect(changed(result)).toEqual(["disk: update 50 → 100"]);
  });

  test("from the default that the program writes out now is still drift", () => {
    const result = planOf({
      applied: { ha: undefined },
      desired: { ha: false },
      rules: haReplaces,
    });
    expect(result.action).toBe("keep");
    expect(result.warnings).toEqual([expect.stringContaining("ha is true on the server")]);
  });

  test("is decided by the resource's own rule on it, if there is one", () => {
    const result = planOf({ observed: { owner: "bob" } });
    expect(result).toEqual({ ...keep, warnings: ['owner was "ann", is "bob".'] });
  });

  test("never replaces, though a rule would replace such a change", () => {
    const when = ({ observed }: Change) => observed === 50;
    const properties: PlanRules["properties"] = [
      { change: "", properties: ["disk"], becomes: "replace", when, why: "" },
      { change: "", properties: ["disk"], becomes: "update", why: "" },
    ];
    const result = planOf({ observed: { disk: 50 }, rules: { properties } });
    expect(result).toMatchObject({
      action: "keep",
      warnings: [expect.stringMatching(/^disk is 50/)],
    });
  });

  test("that a rule would keep as a change is kept without a word", () => {
    const properties: PlanRules["properties"] = [
      { change: "", properties: ["zone"], becomes: "keep", when: () => true, why: "" },
      { change: "", properties: ["zone"], becomes: "replace", why: "" },
    ];
    expect(planOf({ observed: { zone: "b" }, rules: { properties } })).toEqual(keep);
  });

  test("is decided as a change, which is what the rules are shown", () => {
    const when = ({ event }: Change) => event === "changed";
    const properties: PlanRules["properties"] = [
      { change: "", properties: ["disk"], becomes: "update", when, why: "" },
    ];
    expect(planOf({ observed: { disk: 50 }, rules: { properties } }).action).toBe("update");
  });

  test("of a property that the program does not set is kept", () => {
    const absent = { disk: undefined };
    expect(planOf({ applied: absent, observed: { disk: 400 }, desired: absent })).toEqual(keep);
  });

  test("is refused by a rule that refuses such a change", () => {
    expect(planOf({ observed: { disk: 400 } }).action).toBe("refuse");
  });

  const haReplaces: PlanRules = {
    defaults: { ha: false },
    properties: [{ change: "`ha`", properties: ["ha"], becomes: "replace", why: "so it is" }],
  };
});

describe("an optional input removed from the program", () => {
  test.each(["region", "name", "owner"])("is kept where no rule says otherwise: %s", (property) => {
    expect(planOf({ desired: { [property]: undefined } })).toEqual(keep);
  });

  test.each([
    ["the default", "ha", "ha: update true → false"],
    ["nothing", "note", "note: update hello → undefined"],
    ["what the rule says", "size", "size: update large → small"],
  ])("goes back to %s where a rule updates it", (_, property, expected) => {
    expect(changed(planOf({ desired: { [property]: undefined } }))).toEqual([expected]);
  });

  test.each([
    ["the default", "ha", false],
    ["nothing", "note", undefined],
    ["what the rule says", "size", "small"],
  ])("is kept where the server has %s already", (_, property, value) => {
    const sides = { observed: { [property]: value }, desired: { [property]: undefined } };
    expect(planOf(sides)).toEqual(keep);
  });
});

describe("a value that is not known yet", () => {
  const unknown = (property: string) => ({ desired: { [property]: unknownValue } });

  test("replaces where only a replacement changes the property, and says that it is undecided", () => {
    const result = planOf(unknown("region"));
    expect(result.action).toBe("replace");
    expect(result.order).toBe("new first");
    expect(result.changes).toEqual([
      {
        property: "region",
        action: "replace",
        from: "east",
        to: unknownValue,
        why: commonRules.undecided.why,
        undecided: true,
      },
    ]);
    expect(describePlan(result)[0]).toMatch(
      /^region: "east" → \(not known yet\): replace: treated as a replacement/,
    );
  });

  test("replaces in the order of the rule that would replace", () => {
    expect(planOf(unknown("zone")).order).toBe("old first");
  });

  test("updates where the property can be updated", () => {
    expect(changed(planOf(unknown("note")))).toEqual(["note: update hello → ?"]);
  });

  test("updates where a replacement is for another event only", () => {
    const properties: PlanRules["properties"] = [
      { change: "", properties: ["note"], becomes: "update", why: "" },
      { change: "", properties: ["note"], on: ["removed"], becomes: "replace", why: "" },
    ];
    expect(planOf({ ...unknown("note"), rules: { properties } }).action).toBe("update");
  });

  test("at any depth counts as unknown", () => {
    expect(planOf({ desired: { note: { a: [unknownValue] } } }).changes[0]?.undecided).toBe(true);
  });

  test("is never refused, and updates a property whose change may be refused", () => {
    expect(changed(planOf(unknown("disk")))).toEqual(["disk: update 100 → ?"]);
  });

  test("is never refused by a rule that refuses whatever the value", () => {
    const properties: PlanRules["properties"] = [
      { change: "`disk`", properties: ["disk"], becomes: "refuse", why: "fixed" },
    ];
    expect(planOf({ ...unknown("disk"), rules: { properties } }).action).toBe("update");
  });

  test.each<[string, Event[] | undefined]>([
    ["it", ["unknown"]],
    ["a change", undefined],
  ])("is kept where the rule for %s keeps", (_, on) => {
    const properties: PlanRules["properties"] = [
      { change: "`note`", properties: ["note"], on, becomes: "keep", why: "of no interest" },
    ];
    expect(planOf({ ...unknown("note"), rules: { properties } })).toEqual(keep);
  });

  test("of a property that no rule names is kept", () => {
    expect(planOf({ ...unknown("note"), rules: { properties: [] } })).toEqual(keep);
  });

  test("that a resource's rule decides is decided by it", () => {
    const properties: PlanRules["properties"] = [
      { change: "", properties: ["region"], becomes: "replace", why: "" },
      { change: "", properties: ["region"], on: ["unknown"], becomes: "keep", why: "looked up" },
    ];
    expect(planOf({ ...unknown("region"), rules: { properties } })).toEqual(keep);
  });
});

describe("a name that the provider made", () => {
  test.each<[string, Sides]>([
    ["differs, since the inputs that it is made from do", { desired: { name: "db-2" } }],
    ["is not known yet", { desired: { name: unknownValue } }],
    ["drifted", { observed: { name: "renamed" } }],
    ["is gone from the program", { desired: { name: undefined } }],
  ])("is kept where it %s", (_, sides) => {
    expect(planOf({ ...sides, autonamed: true })).toEqual(keep);
  });

  test("is no reason to keep other properties", () => {
    const result = planOf({ desired: { name: "db-2", disk: 200 }, autonamed: true });
    expect(changed(result)).toEqual(["disk: update 100 → 200"]);
  });

  test("given by the program, it changes as its rule says", () => {
    expect(changed(planOf({ desired: { name: "db-2" } }))).toEqual(["name: update db → db-2"]);
  });
});

describe("a property whose last change was interrupted", () => {
  test("is sent again, though the server shows what is asked", () => {
    const result = planOf({ unfinished: ["disk"] });
    expect(changed(result)).toEqual(["disk: update 100 → 100"]);
    expect(result.changes[0]?.why).toBe(commonRules.unfinished.why);
  });

  test("is sent as the server has it where the program does not set it", () => {
    const absent = { note: undefined };
    const result = planOf({ applied: absent, desired: absent, unfinished: ["note"] });
    expect(changed(result)).toEqual(["note: update hello → hello"]);
  });

  test("is sent with its new value where the program changed it meanwhile", () => {
    const result = planOf({ desired: { disk: 200 }, unfinished: ["disk"] });
    expect(changed(result)).toEqual(["disk: update 100 → 200"]);
  });

  test("leaves the others alone", () => {
    expect(changed(planOf({ unfinished: ["disk", "no such"] }))).toHaveLength(1);
  });
});
