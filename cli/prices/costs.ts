import { isDeepStrictEqual } from "node:util";
import type { MonthlyCost } from "../../provider/resource/prices";
import { containsUnknown, type Values } from "../../provider/resource/values";
import type { ChangedCost, Explanation, Message, ResourceChange } from "../explain/model";
import type { PriceLists } from "./lists";

const day = 86_400_000;

/** A list that is older has a note: in days. */
const freshDays = 30;

/**
 * Adds to explanations what each change costs, and how old the list is if it is not fresh. Pure.
 *
 * @param now milliseconds since the epoch
 */
export function withCosts(
  explanations: readonly Explanation[],
  prices: PriceLists,
  now: number,
): Explanation[] {
  const note = ageNote(prices, now);
  return explanations.map((one) => {
    const changes = one.changes.map((change) => ({ ...change, cost: costOf(change, prices) }));
    const isPriced = changes.some(
      ({ cost }) => cost?.before !== undefined || cost?.after !== undefined,
    );
    const messages = isPriced && note ? [...one.messages, note] : one.messages;
    return { ...one, changes, messages };
  });
}

/** A note where prices are not fresh. @param now milliseconds since the epoch */
export function ageNote({ readAt }: PriceLists, now: number): Message | undefined {
  const days = Math.floor((now - Date.parse(readAt)) / day);
  if (days <= freshDays) return undefined;
  const text = `The prices are ${days} days old: \`formations prices --output\` writes new ones.`;
  return { severity: "info", text };
}

/** Undefined: nothing becomes of its cost, or it is another provider's. */
function costOf(change: ResourceChange, prices: PriceLists): ChangedCost | undefined {
  const { definition, operation } = change;
  if (!definition || ["keep", "read", "refuse"].includes(operation)) return undefined;
  const { cost, system } = definition;
  const list = prices.lists.get(system.name);
  if (!cost) return { note: `${system.title} publishes no prices` };
  if (list === undefined) return { note: `the price list has nothing of ${system.title}` };
  const monthly: Monthly = (properties, observed) => cost.monthly(properties, observed, list);
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

type Monthly = (properties: Values, observed: Values | undefined) => MonthlyCost;

function sidesOf(
  { operation, priced }: ResourceChange,
  monthly: Monthly,
): [before: MonthlyCost, after: MonthlyCost] {
  const [none, hidden] = [{ dollars: 0 }, { note: "the preview does not show its properties" }];
  const { before, after, isRetained } = priced ?? {};
  const missing = priced ? none : hidden;
  const old = before ? monthly(before, before) : missing;
  const created = after ? monthly(after, undefined) : hidden;
  switch (operation) {
    case "create":
      return [none, created];
    case "replace":
      return [old, isRetained ? together(created, old) : created];
    case "delete":
      return [before ? old : hidden, none];
    case "abandon":
      // It stays on the server.
      return before ? [old, old] : [hidden, hidden];
    case "import":
      return after ? [monthly(after, after), monthly(after, after)] : [hidden, hidden];
    default:
      return before && after ? [old, monthly(after, before)] : [hidden, hidden];
  }
}

/** The cost of a new resource and of the old one that stays on the server. */
function together(created: MonthlyCost, old: MonthlyCost): MonthlyCost {
  const notes = [created.note, "with the old one, which stays on the server"];
  const note = notes.filter((one) => one !== undefined).join("; ");
  if (created.dollars === undefined || old.dollars === undefined) return { note };
  return { dollars: Math.round((created.dollars + old.dollars) * 100) / 100, note };
}

/** Whether an update changes nothing of what the cost depends on, so that it stays, whatever it is. */
function isUntouched({ operation, priced: { before, after } = {} }: ResourceChange): boolean {
  if (operation !== "update" || !before) return false;
  return !containsUnknown(before) && isDeepStrictEqual(before, after);
}
