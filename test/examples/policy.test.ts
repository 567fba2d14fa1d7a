import { expect, test } from "vitest";
import { formationInputs, replicaInputs } from "../../examples/policy/data-loss.ts";
import { formation } from "../../provider/citus/formation/resource.ts";
import { replica } from "../../provider/crunchybridge/replica/resource.ts";
import { plan } from "../../provider/resource/plan.ts";
import type { PlanRules } from "../../provider/resource/plan-rules.ts";

/** The inputs of which any change loses data, as the plan has it. */
function losing(keys: readonly string[], rules: PlanRules, also: object): string[] {
  const before = Object.fromEntries(keys.map((key) => [key, `old ${key}`]));
  return keys.filter((key) => {
    const observed = { ...before, ...also };
    const desired = { ...observed, [key]: `new ${key}` };
    return plan(keys, rules, { applied: observed, observed, desired }).effect?.kind === "data loss";
  });
}

test("the policies know the inputs whose change loses a formation's data", () => {
  const found = losing(Object.keys(formation.inputs.shape), formation.plan, {});
  expect(formationInputs.toSorted()).toEqual(found.toSorted());
});

test("the policies know the inputs whose change loses a detached replica's data", () => {
  const found = losing(Object.keys(replica.inputs.shape), replica.plan, { detached: true });
  expect(replicaInputs.toSorted()).toEqual(found.toSorted());
});
