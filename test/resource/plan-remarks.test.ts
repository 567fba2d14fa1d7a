import { describe, expect, test } from "vitest";
import { resources } from "../../provider/index.ts";
import { remarksOf, replacedKeys } from "../../provider/resource/plan.ts";
import type { WholeRule } from "../../provider/resource/plan-rules.ts";
import { unknownValue } from "../../provider/resource/values.ts";
import { planOf, rules } from "./made-up.ts";

const failed: WholeRule = {
  change: "failed",
  when: ({ observed }) => observed.state === "failed",
  becomes: "replace",
  why: "it failed",
};

function failedPlan(shownBy?: string) {
  return planOf({
    observed: { state: "failed" },
    rules: { ...rules, whole: [{ ...failed, shownBy }] },
  });
}

describe("what a replacement names as replaced", () => {
  test.each([
    ["the properties that only a replacement changes", { region: "west", disk: 200 }, ["region"]],
    ["nothing of an update", { disk: 200 }, []],
    ["nothing of what is kept", {}, []],
  ])("is %s", (_, desired, expected) => {
    expect(replacedKeys(planOf({ desired }))).toEqual(expected);
  });

  test("is the output that shows why, where no property says it", () => {
    expect(replacedKeys(failedPlan("state"))).toEqual(["state"]);
  });

  test("is the ID, which every resource has, where no output shows it", () => {
    expect(replacedKeys(failedPlan())).toEqual(["id"]);
  });
});

test("an output that shows why a resource is replaced is one that it has", () => {
  for (const { plan, outputs } of resources) {
    const named = (plan.whole ?? []).flatMap(({ shownBy }) => shownBy ?? []);
    expect(Object.keys(outputs.shape)).toEqual(expect.arrayContaining(named));
  }
});

describe("a plan says to people", () => {
  test("warnings first, then what is undecided, then reasons", () => {
    const plan = planOf({
      observed: { state: "failed" },
      desired: { zone: unknownValue, disk: 200 },
      rules: { ...rules, whole: [failed] },
    });
    expect(remarksOf(plan)).toEqual([
      { severity: "warning", text: "disk interrupts it." },
      { severity: "info", text: expect.stringMatching(/^zone: replace: /) },
      { severity: "info", text: "replace: it failed" },
    ]);
  });

  test("nothing where nothing changes", () => {
    expect(remarksOf(planOf({}))).toEqual([]);
  });
});
