import { isDeepStrictEqual } from "node:util";
import type { MonthlyCost } from "../../provider/resource/prices";
import { containsUnknown, type Values } from "../../provider/resource/values";
import type { ChangedCost, Explanation, ResourceChange } from "../explain/model";
import type { PriceLists } from "./lists";

const day = 86_400_000;

/** A list that is older has a note: in days. */
const freshDays = 30;

/** Adds to explanations what each change costs. Pure: the same for the same lists. */
export function withCosts(explanations: readonly Explanation[], prices: PriceLists): Explanation[] {
  return explanations.map((one) => ({
    ...one,
    changes: one.changes.map((change) => ({ ...change, cost: costOf(change, prices) })),
  }));
}

/**
 * Says how old a list is that is not fresh; undefined: it is.
 *
 * @param now milliseconds since the epoch
 */
export function ageNote({ readAt }: PriceLists, now: number): string | undefined {
  const days = Math.floor((now - Date.parse(readAt)) / day);
  if (days <= freshDays) return undefined;
  return `The prices are ${days} days old: \`formations prices --output\` writes new ones.`;
}

/** Undefined: nothing becomes of its cost, or it is another provider's. */
function costOf(change: ResourceChange, prices: PriceLists): ChangedCost | undefined {
  const { definition, operation } = change;
  if (!definition || ["keep", "read", "refuse"].includes(operation)) return undefined;
  const { cost, system } = definition;
  const list = prices.lists.get(system.name);
  if (!cost) return { note: `${system.title} publishes no prices` };
  if (list === undefined) return { note: `the price list has nothing of ${system.title}` };
  const monthly = (properties: Values | undefined, observed: Values | undefined): MonthlyCost =>
    properties
      ? cost.monthly(properties, observed, list)
      : { note: "the preview does not show its properties" };
  const [before, after] = sidesOf(change, monthly);
  if (before.dollars === undefined && after.dollars === undefined && isUntouched(change)) {
    return undefined;
  }
  const notes = new Set([before, after].flatMap(({ note }) => note ?? []));
  return {
    before: before.dollars,
    after: after.dollars,
    ...(notes.size > 0 && { note: [...notes].join("; ") }),
  };
}

function sidesOf(
  { operation, priced: { before, after } = {} }: ResourceChange,
  monthly: (properties: Values | undefined, observed: Values | undefined) => MonthlyCost,
): [before: MonthlyCost, after: MonthlyCost] {
  const nothing = { dollars: 0 };
  switch (operation) {
    case "create":
      return [nothing, monthly(after, undefined)];
    case "replace":
      return [monthly(before, before), monthly(after, undefined)];
    case "delete":
      return [monthly(before, before), nothing];
    case "abandon":
      // It stays on the server.
      return [monthly(before, before), monthly(before, before)];
    case "import":
      return [monthly(after, after), monthly(after, after)];
    default:
      return [monthly(before, before), monthly(after, before)];
  }
}

/** Whether an update changes nothing of what the cost depends on, so that it stays, whatever it is. */
function isUntouched({ operation, priced: { before, after } = {} }: ResourceChange): boolean {
  if (operation !== "update" || !before) return false;
  return !containsUnknown(before) && isDeepStrictEqual(before, after);
}
