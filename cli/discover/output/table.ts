import { longest, share, wrap } from "../../terminal/layout";
import { drawList, drawTable, narrowest, roomFor } from "../../terminal/table";
import { visible } from "../../visible";
import { regionOf } from "../filters";
import type { Found } from "../model";
import type { View } from "../view";
import { counted } from "../words";
import { tuneOf } from "./tune";

/** A column: its head, and what it shows of a resource. */
interface Column {
  head: string;
  text(one: Found): string;
}

const tuneHead = "tune";

/** Below this, a wrapped tune is hard to read. */
const narrowestTune = 30;

/** What a column of names and IDs takes where the others need the rest: an ID of Citus Cloud fits. */
const longestId = 28;

/** What a resource costs per month; empty: nothing is said of it. */
type PriceOf = (one: Found) => string;

/**
 * Resources as a terminal shows them: a table for each kind and account.
 *
 * @param width columns of the terminal
 * @param priceOf default: prices are not shown
 */
export function inTable(view: View, width: number, priceOf: PriceOf = () => ""): string {
  const groups = Map.groupBy(
    view.shown,
    ({ account, definition }) => `${account.title} ${definition.name}`,
  );
  return [...groups.values()]
    .map((group) => tableOf(columnsOf(view, priceOf), group, width))
    .join("\n\n");
}

function tableOf(all: readonly Column[], group: readonly Found[], width: number): string {
  const [first] = group;
  if (!first) return "";
  const columns = all.filter(
    ({ head, text }) => head === "name" || group.some((one) => text(one) !== ""),
  );
  const title = `${first.account.title}: ${counted(group.length, first.definition)}`;
  const texts = group.map((one) => columns.map(({ text }) => text(one)));
  const heads = columns.map(({ head }) => head);
  const table = inColumns(heads, texts, width) ?? inCells(heads, texts, width);
  return `${visible(title)}\n${table}`;
}

function columnsOf({ inventory, isOnlyUnmanaged }: View, priceOf: PriceOf): Column[] {
  const hasManagers = inventory.stacks.length > 0 && !isOnlyUnmanaged;
  return [
    { head: "name", text: ({ name }) => visible(name) },
    { head: "ID", text: ({ id, name }) => (id === name ? "" : visible(id)) },
    { head: tuneHead, text: ({ definition, state }) => visible(tuneOf(definition, state)) },
    {
      head: "region",
      text: ({ definition, state }) => visible(regionOf(definition, state) ?? ""),
    },
    { head: "state", text: stateOf },
    ...(hasManagers ? [{ head: "managed by", text: managersOf }] : []),
    { head: "per month", text: priceOf },
  ];
}

function stateOf({ state, pending, isLeaving }: Found): string {
  const shown = [state.state, state.status].find((one) => typeof one === "string");
  if (typeof shown === "string") return visible(shown);
  return isLeaving ? "being deleted" : visible(pending ?? "");
}

function managersOf({ managers }: Found): string {
  const stacks = [...new Set(managers.map(({ stack }) => stack))];
  return stacks.length > 0 ? visible(stacks.join(", ")) : "–";
}

/**
 * A column for each property; undefined: there is no room for that. The tune is wrapped where it has to be.
 */
function inColumns(
  heads: readonly string[],
  texts: readonly (readonly string[])[],
  width: number,
): string | undefined {
  const needs = heads.map((head, at) => longest([head, ...texts.map((row) => row[at] ?? "")]));
  const over = needs.reduce((sum, need) => sum + need, 0) - roomFor(heads.length, width);
  if (over <= 0) return drawTable(heads, texts, { widths: needs, isCompact: true });
  const wrapped = heads.indexOf(tuneHead);
  const left = (needs[wrapped] ?? 0) - over;
  if (left < narrowestTune) return undefined;
  const widths = needs.with(wrapped, left);
  const rows = texts.map((row) => row.with(wrapped, wrap(row[wrapped] ?? "", left).join("\n")));
  return drawTable(heads, rows, { widths });
}

/** Two columns below each other, so that a narrow terminal has room for all. */
function inCells(
  heads: readonly string[],
  texts: readonly (readonly string[])[],
  width: number,
): string {
  const pairs = heads.flatMap((_, at) => (at % 2 === 0 ? [[at, at + 1] as const] : []));
  const cells = texts.map((row) =>
    pairs.map((pair) => pair.flatMap((at) => row[at] || []).filter(Boolean)),
  );
  const titles = pairs.map((pair) => pair.flatMap((at) => heads[at] ?? []).join(", "));
  const needs = titles.map((title, at) =>
    longest([title, ...cells.flatMap((row) => row[at] ?? [])]),
  );
  const [first = 1, ...others] = needs;
  const room = roomFor(titles.length, width);
  const spare = room - others.reduce((sum, need) => sum + need, 0);
  // An ID that is broken can't be copied.
  const idWidth = Math.min(first, Math.max(longestId, spare));
  const widths = [idWidth, ...share(others, room - idWidth)];
  if (needs.some((need, at) => (widths[at] ?? 0) < Math.min(need, narrowest))) {
    return drawList(heads, texts, width);
  }
  const wrapped = (text: readonly string[], at: number) =>
    text.flatMap((line) => wrap(line, widths[at] ?? 1)).join("\n");
  const heading = titles.map((title, at) => wrapped([title], at));
  return drawTable(
    heading,
    cells.map((row) => row.map(wrapped)),
    { widths },
  );
}
