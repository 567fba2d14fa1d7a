import { longest, share, wrap } from "../../terminal/layout";
import { drawTable } from "../../terminal/table";
import { visible } from "../../visible";
import { type Comparison, emptyText } from "../comparison";
import type { Matrix, Other, PropertyRow, Row } from "../matrix";
import { type CellText, cellText, differs, kindOf, legend, missing } from "./cell";

/** Below this a stack's column is hard to read, so there are several tables below each other. */
const narrowest = 12;

/** What a table's first column takes at most. */
const widestTitle = 28;

/** A cell's texts: what begins a line of the table, one below the other. */
type Column = readonly string[];

/** The comparison as a terminal shows it. @param width columns of the terminal */
export function inTable(comparison: Comparison, width: number): string {
  const { matrix, remarks } = comparison;
  const { rows } = matrix;
  const isMarked = [...rows, ...matrix.others].some(({ isDifferent }) => isDifferent);
  const empty = emptyText(comparison);
  return [
    ...(empty === undefined ? tablesOf(matrix, width) : [empty]),
    ...othersLine(matrix),
    ...(isMarked ? [legend] : []),
    ...remarks.map(visible),
  ]
    .flatMap((line) => (line.startsWith("┌") ? [line] : wrap(line, width, "  ")))
    .join("\n");
}

/** One table, or several if there are too many stacks for the width. */
function tablesOf(matrix: Matrix, width: number): string[] {
  const titles = matrix.rows.map((row) => [titleOf(row), ...row.properties.map(labelOf)]);
  const title = Math.min(widestTitle, longest(titles.flat()));
  const columns = matrix.stacks.map((stack, at) => ({
    head: visible(stack),
    cells: matrix.rows.map((row) => columnOf(row, at)),
  }));
  // Each column has a line before it and a blank on either side.
  const room = (count: number) => width - 1 - (title + 3) - 3 * count;
  const atMost = Math.max(1, Math.floor((width - 1 - (title + 3)) / (narrowest + 3)));
  const tables: string[] = [];
  for (let from = 0; from < columns.length; from += atMost) {
    const part = columns.slice(from, from + atMost);
    const needs = part.map(({ head, cells }) => longest([head, ...cells.flat()]));
    tables.push(draw(titles, title, part, share(needs, room(part.length))));
  }
  return tables;
}

function draw(
  titles: readonly Column[],
  title: number,
  columns: readonly { head: string; cells: readonly Column[] }[],
  widths: readonly number[],
): string {
  const rows = titles.map((column, at) => {
    const cells = columns.map(({ cells }) => cells[at] ?? []);
    return alongside([column, ...cells], [title, ...widths]);
  });
  const heads = columns.map(({ head }, at) => wrap(head, widths[at] ?? 1).join("\n"));
  return drawTable(["", ...heads], rows, { widths: [title, ...widths] });
}

/** Cells whose texts begin on the same lines, although each may take several. */
function alongside(columns: readonly Column[], widths: readonly number[]): string[] {
  const height = Math.max(...columns.map(({ length }) => length));
  const lines: string[][] = columns.map(() => []);
  for (let at = 0; at < height; at++) {
    const wrapped = columns.map((column, index) =>
      wrap(column[at] ?? "", widths[index] ?? 1, index === 0 ? "    " : ""),
    );
    const tallest = Math.max(...wrapped.map(({ length }) => length));
    wrapped.forEach((texts, index) => {
      lines[index]?.push(...texts, ...Array(tallest - texts.length).fill(""));
    });
  }
  return lines.map((column) => column.join("\n"));
}

function titleOf(row: Row): string {
  return `${markOf(row)} ${visible(`${row.name} (${kindOf(row)})`)}`;
}

function labelOf(property: PropertyRow): string {
  return `${markOf(property)}   ${property.name}`;
}

function markOf({ isDifferent }: { isDifferent: boolean }): string {
  return isDifferent ? differs : " ";
}

/** What one stack's column shows of a resource: what it is like, then a text per property. */
function columnOf({ cells, properties }: Row, at: number): string[] {
  const { isMissing = true, marks = [] } = cells[at] ?? {};
  const state = [...(isMissing ? [missing] : []), ...marks].join("; ");
  const values = properties.map(({ settings }) => (isMissing ? "" : inOne(cellText(settings[at]))));
  return [state, ...values];
}

function inOne(text: CellText | undefined): string {
  if (!text) return "–";
  const { value, note, server } = text;
  const notes = [...(note ? [note] : []), ...(server === undefined ? [] : [`server: ${server}`])];
  return notes.length > 0 ? `${value} (${notes.join("; ")})` : value;
}

function othersLine({ stacks, others }: Matrix): string[] {
  if (others.length === 0) return [];
  const one = (other: Other) =>
    `${other.isDifferent ? `${differs} ` : ""}${visible(other.type)} ${countsOf(other, stacks)}`;
  return [`Resources of other providers, only counted: ${others.map(one).join("; ")}`];
}

/** `3`, or with the stacks' names where they differ: `(dev 3, production 4)`. */
function countsOf({ counts, isDifferent }: Other, stacks: readonly string[]): string {
  if (!isDifferent) return String(counts[0]);
  return `(${stacks.map((name, at) => `${visible(name)} ${counts[at]}`).join(", ")})`;
}
