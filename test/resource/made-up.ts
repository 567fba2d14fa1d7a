import { type Plan, type PlanRequest, plan } from "../../provider/resource/plan.ts";
import type { PlanRules } from "../../provider/resource/plan-rules.ts";
import { unknownValue, type Values } from "../../provider/resource/values.ts";

/** The inputs of a made-up resource, in the order of its schema. */
export const keys = ["name", "region", "zone", "size", "disk", "ha", "note", "owner", "hint"];

/** Its plan rules: one property for each way in which a rule can decide. */
export const rules: PlanRules = {
  autoname: "name",
  defaults: { ha: false },
  same: { size: (a, b) => String(a).toLowerCase() === String(b).toLowerCase() },
  properties: [
    {
      change: "`region`",
      properties: ["region"],
      becomes: "replace",
      order: "new first",
      why: "a server stays where it is",
      warning: "{property} from {observed} to {desired}: starts EMPTY.",
    },
    {
      change: "`zone`",
      properties: ["zone"],
      becomes: "replace",
      order: "old first",
      why: "two have no room in a zone",
    },
    {
      change: "`disk` down",
      properties: ["disk"],
      becomes: "refuse",
      when: ({ observed, desired }) => Number(desired) < Number(observed),
      why: "disks only grow",
    },
    {
      change: "`name`, `size`, `disk`, `ha`, `note`, `owner`",
      properties: ["name", "size", "disk", "ha", "note", "owner"],
      becomes: "update",
      why: "in place",
      warning: "{property} interrupts it.",
    },
    {
      change: "`ha` removed",
      properties: ["ha"],
      on: ["removed"],
      becomes: "update",
      why: "back to the default",
    },
    {
      change: "`note` removed",
      properties: ["note"],
      on: ["removed"],
      becomes: "update",
      why: "cleared",
      warning: "{property} is cleared.",
    },
    {
      change: "`size` removed",
      properties: ["size"],
      on: ["removed"],
      becomes: "update",
      to: "small",
      why: "back to the smallest",
    },
    {
      change: "drift of `owner`",
      properties: ["owner"],
      on: ["drifted"],
      becomes: "keep",
      why: "it was handed over",
      warning: "{property} was {applied}, is {observed}.",
    },
    {
      change: "`hint`",
      properties: ["hint"],
      on: ["changed", "unknown"],
      becomes: "keep",
      why: "only a creation reads it",
    },
  ],
};

/** What the program asked, the server has, and the program asks, where nothing has changed. */
export const settled: Values = {
  name: "db",
  region: "east",
  zone: "a",
  size: "large",
  disk: 100,
  ha: true,
  note: "hello",
  owner: "ann",
  hint: "x",
};

/** A change of the settled resource: what differs on each side. A value of undefined is absent. */
export interface Sides extends Partial<Omit<PlanRequest, "applied" | "observed" | "desired">> {
  applied?: Values;
  observed?: Values;
  desired?: Values;
  rules?: PlanRules;
}

export function planOf({ applied, observed, desired, rules: own = rules, ...rest }: Sides): Plan {
  return plan(keys, own, {
    applied: { ...settled, ...applied },
    observed: { ...settled, ...observed },
    desired: { ...settled, ...desired },
    ...rest,
  });
}

/** What changes: `region: replace east → west`. */
export function changed({ changes }: Plan): string[] {
  return changes.map(({ property, action, from, to }) => {
    const shown = to === unknownValue ? "?" : String(to);
    return `${property}: ${action} ${String(from)} → ${shown}`;
  });
}
