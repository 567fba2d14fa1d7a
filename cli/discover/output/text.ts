import { type MonthlyCost, money } from "../../../provider/resource/prices";
import { logicalName } from "../../../provider/resource/urn";
import { grouped } from "../../explain/output/excerpt";
import { wrap } from "../../terminal/layout";
import { drawTable } from "../../terminal/table";
import { visible } from "../../visible";
import { type Sum, sumOf } from "../costs";
import type { Found, Missing } from "../model";
import type { View } from "../view";
import { nounOf } from "../words";
import { inTable } from "./table";

/** How many names a sentence lists. */
const mostNames = 10;

/** An inventory as a terminal shows it. @param width columns of the terminal */
export function inText(view: View, width: number): string {
  const { inventory, shown, costs } = view;
  const priceOf = costs && ((one: Found) => priceIn(costs.of(one)));
  const sentences = [
    ...summaryOf(view),
    ...clashesIn(shown),
    ...sharedAmong(shown),
    ...notReady(shown),
  ].flatMap((line) => wrap(visible(line), width));
  return [
    ...(shown.length > 0 ? [inTable(view, width, priceOf)] : []),
    ...(inventory.missing.length > 0 ? [missingTable(inventory.missing, width)] : []),
    sentences.join("\n"),
  ].join("\n\n");
}

/** Empty: its system publishes no prices. */
function priceIn({ dollars, note }: MonthlyCost): string {
  if (dollars !== undefined) return money(dollars);
  return note?.endsWith("publishes no prices") ? "" : "unknown";
}

function summaryOf({ inventory, shown, costs, isOnlyUnmanaged }: View): string[] {
  const { found, stacks, missing, failures } = inventory;
  const unmanaged = found.filter(({ managers }) => managers.length === 0);
  const all = `${counted(found.length)} ${found.length === 1 ? "was" : "were"} found`;
  const isAll = failures.length === 0 ? "" : " The list is not complete: see above.";
  const by = stacks.join(" or ");
  const split = `${managed(found.length - unmanaged.length)} by ${by}, ${grouped(unmanaged.length)} by no stack`;
  const sum = costs && sumOf(isOnlyUnmanaged || stacks.length === 0 ? shown : unmanaged, costs);
  return [
    found.length === 0
      ? `Nothing was found.${isAll}`
      : `${all}${stacks.length > 0 ? `: ${split}` : ""}.${isAll}`,
    ...(sum ? [costLine(sum, stacks.length > 0)] : []),
    ...(missing.length > 0
      ? [
          `${counted(missing.length)} of a stack ${missing.length === 1 ? "does" : "do"} not exist on a server; \`pulumi refresh\` removes ${missing.length === 1 ? "it" : "them"} from the state.`,
        ]
      : []),
  ];
}

function managed(count: number): string {
  return `${grouped(count)} ${count === 1 ? "is" : "are"} managed`;
}

function counted(count: number): string {
  return `${grouped(count)} resource${count === 1 ? "" : "s"}`;
}

function costLine({ dollars, unpriced }: Sum, isOfStacks: boolean): string {
  const which = isOfStacks ? "What no stack manages costs" : "All of it costs";
  const without = unpriced === 0 ? "" : `; no price is known of ${grouped(unpriced)}`;
  return `${which} ${money(dollars)} per month${without}.`;
}

/** Names that several resources of one kind have in an account. */
function clashesIn(found: readonly Found[]): string[] {
  const groups = Map.groupBy(found, ({ account, definition, name }) =>
    JSON.stringify([account.title, definition.name, name]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first || group.length === 1) return [];
    const what = `${grouped(group.length)} ${nounOf(first.definition, 2)}`;
    return `${first.account.title} has ${what} of the name ${first.name}; their IDs tell them apart.`;
  });
}

/** What several stacks have: each of them would change it. */
function sharedAmong(found: readonly Found[]): string[] {
  const shared = found.flatMap(({ name, managers }) => {
    const stacks = new Set(managers.map(({ stack }) => stack));
    return stacks.size > 1 ? [`${name} (${[...stacks].join(", ")})`] : [];
  });
  return shared.length > 0 ? [`Managed by several stacks: ${listed(shared)}.`] : [];
}

function notReady(found: readonly Found[]): string[] {
  const leaving = found.filter(({ isLeaving }) => isLeaving);
  const pending = found.filter((one) => one.pending !== undefined && !one.isLeaving);
  return [
    ...(pending.length > 0 ? [`Not ready: ${named(pending)}.`] : []),
    ...(leaving.length > 0 ? [`Being deleted: ${named(leaving)}.`] : []),
  ];
}

function named(found: readonly Found[]): string {
  return listed(
    found.map(({ name, pending }) => (pending === undefined ? name : `${name} (${pending})`)),
  );
}

function listed(names: readonly string[]): string {
  const rest = names.length - mostNames;
  const more = rest > 0 ? ` and ${grouped(rest)} more` : "";
  return `${names.slice(0, mostNames).join(", ")}${more}`;
}

function missingTable(missing: readonly Missing[], width: number): string {
  const rows = missing.map(({ definition, id, manager }) =>
    [logicalName(manager.urn), nounOf(definition, 1), id, manager.stack].map(visible),
  );
  const head = ["name", "what", "ID", "stack"];
  const table = drawTable(head, rows, { width, whole: [2], isCompact: true });
  return `In a stack, but not on a server\n${table}`;
}
