import { share, widthOf, wrap } from "../../environments/output/layout";
import { drawTable } from "../../table";
import { visible } from "../../visible";
import { regionOf } from "../filters";
import type { Found, Inventory } from "../model";
import { counted } from "../words";
import { tuneOf } from "./tune";

/** From this width on, each resource takes one line. */
const wide = 120;

/** A column: its head, and what it shows of a resource. */
interface Column {
  head: string;
  text(one: Found): string;
}

/** What a resource costs per month; empty: nothing is said of it. */
type PriceOf = (one: Found) => string;

/**
 * Resources as a terminal shows them: a table for each kind and account.
 *
 * @param width columns of the terminal
 * @param priceOf default: prices are not shown
 */
export function inTable(
  inventory: Inventory,
  found: readonly Found[],
  width: number,
  priceOf: PriceOf = () => "",
): string {
  const groups = Map.groupBy(
    found,
    ({ account, definition }) => `${account.title} ${definition.name}`,
  );
  return [...groups.values()]
    .map((group) => tableOf(columnsOf(inventory, priceOf), group, width))
    .join("\n\n");
}

function tableOf(all: readonly Column[], group: readonly Found[], width: number): string {
  const [first] = group;
  if (!first) return "";
  const columns = all.filter(
    ({ head, text }) => head === "name" || group.some((one) => text(one) !== ""),
  );
  const title = `${first.account.title}: ${counted(group.length, first.definition)}`;
  const draw = width < wide ? inCells : inLines;
  return `${visible(title)}\n${draw(columns, group, width)}`;
}

function columnsOf({ stacks }: Inventory, priceOf: PriceOf): Column[] {
  return [
    { head: "name", text: ({ name }) => visible(name) },
    { head: "ID", text: ({ id, name }) => (id === name ? "" : visible(id)) },
    { head: "tune", text: ({ definition, state }) => visible(tuneOf(definition, state)) },
    {
      head: "region",
      text: ({ definition, state }) => visible(regionOf(definition, state) ?? ""),
    },
    { head: "state", text: stateOf },
    ...(stacks.length > 0 ? [{ head: "managed by", text: managersOf }] : []),
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

/** One line per resource, if its columns have the room. */
function inLines(columns: readonly Column[], group: readonly Found[], width: number): string {
  const texts = group.map((one) => columns.map(({ text }) => text(one)));
  const widths = widthsOf(columns, texts, width);
  const rows = texts.map((row) => row.map((text, at) => wrap(text, widths[at] ?? 1).join("\n")));
  const head = columns.map((one) => one.head);
  return drawTable(head, rows, { widths, isCompact: true });
}

/** Two columns below each other, so that a narrow terminal has room for all. */
function inCells(columns: readonly Column[], group: readonly Found[], width: number): string {
  const pairs: Column[][] = [];
  for (let at = 0; at < columns.length; at += 2) pairs.push(columns.slice(at, at + 2));
  const heads = pairs.map((pair) => pair.map(({ head }) => head).join(", "));
  const texts = group.map((one) => pairs.map((pair) => pair.map(({ text }) => text(one))));
  const needs = heads.map((head, at) =>
    Math.max(widthOf(head), ...texts.flatMap((row) => (row[at] ?? []).map(widthOf))),
  );
  const widths = share(needs, width - 1 - 3 * heads.length);
  const rows = texts.map((row) =>
    row.map((pair, at) =>
      pair
        .filter((text) => text !== "")
        .flatMap((text) => wrap(text, widths[at] ?? 1))
        .join("\n"),
    ),
  );
  return drawTable(heads, rows, { widths });
}

function widthsOf(
  columns: readonly Column[],
  texts: readonly (readonly string[])[],
  width: number,
): number[] {
  const needs = columns.map(({ head }, at) =>
    texts.reduce((most, row) => Math.max(most, widthOf(row[at] ?? "")), widthOf(head)),
  );
  return share(needs, width - 1 - 3 * columns.length);
}
