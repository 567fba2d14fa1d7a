import { longest, share, widthOf, wrap } from "./layout";

/** How a table is drawn. */
export interface TableOptions {
  /**
   * The characters that each column has for its text, whose lines must not be longer. Default: as many as
   * the longest line.
   */
  widths?: readonly number[];
  /**
   * The columns of the terminal: cells are wrapped so that the table fits, or it becomes {@link drawList}'s
   * where they would be too narrow. In place of `widths`. Default: it is as wide as it has to be.
   */
  width?: number;
  /** With `width`, the columns that are not wrapped as long as others can be: IDs, which people copy. */
  whole?: readonly number[];
  /** How a line of a cell's text is coloured. Default: not at all. */
  style?: (text: string, column: number) => string;
  /** Whether there are no lines between rows. Default: there are. */
  isCompact?: boolean;
}

/** Draws rows under a head, by default with lines between them. */
export function drawTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  { widths, width, whole, style: styleOf = (text) => text, isCompact = false }: TableOptions = {},
): string {
  if (width !== undefined) {
    const fitting = fittingWidths([head, ...rows], width, whole);
    if (!fitting) return drawList(head, rows, width, styleOf);
    const [first = [], ...others] = [head, ...rows].map((row) => wrapped(row, fitting));
    return drawTable(first, others, { widths: fitting, style: styleOf, isCompact });
  }
  // Loaded here, since most commands draw no table.
  const Table = require("cli-table3") as typeof import("cli-table3");
  // A blank on either side is part of a column's width.
  const colWidths = widths?.map((width) => width + 2);
  const style = { head: [], border: [], compact: true };
  const table = new Table({ head: [...head], style, ...(colWidths && { colWidths }) });
  // Each line is a row of the library's: it measures a cell's whole text again for each line of it.
  const parts = rows.map((row) => linesOf(row).map((line) => line.map(styleOf)));
  table.push(...parts.flat());
  const drawn = table.toString().split("\n");
  if (isCompact || parts.length === 0) return drawn.join("\n");
  const begin = 1 + linesOf(head).length;
  const rule = drawn[begin] ?? "";
  let at = begin + 1;
  const separated = parts.flatMap(({ length }) => {
    at += length;
    return [rule, ...drawn.slice(at - length, at)];
  });
  return [...drawn.slice(0, begin), ...separated, ...drawn.slice(at)].join("\n");
}

/** The lines of a row, each with a text for each of its cells. */
function linesOf(row: readonly (string | number)[]): string[][] {
  const texts = row.map((cell) => String(cell).split("\n"));
  const height = Math.max(...texts.map(({ length }) => length));
  return Array.from({ length: height }, (_, at) => texts.map((lines) => lines[at] ?? ""));
}

/** What a column needs to be read, where it is wrapped. */
export const narrowest = 8;

/** The same for a terminal that no table fits: for each row its cells below each other, after their heads. */
export function drawList(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  width: number,
  styleOf: (text: string, column: number) => string = (text) => text,
): string {
  const cell = (title: string, value: string | number, column: number) => {
    const [first = "", ...others] = String(value)
      .split("\n")
      .flatMap((line) => wrap(line, width - 2));
    const label = title === "" ? "" : `${title}: `;
    const isInLine = widthOf(label) + widthOf(first) <= width;
    const lines = isInLine
      ? [`${label}${styleOf(first, column)}`]
      : [label.trimEnd(), `  ${styleOf(first, column)}`];
    return [...lines, ...others.map((line) => `  ${styleOf(line, column)}`)];
  };
  return rows
    .map((row) =>
      row.flatMap((value, at) => (value === "" ? [] : cell(head[at] ?? "", value, at))).join("\n"),
    )
    .join("\n\n");
}

/** What is left for texts: each column has a line before it and a blank on either side. */
export function roomFor(columns: number, width: number): number {
  return width - 1 - 3 * columns;
}

/** The widths of columns whose table fits a terminal; undefined: none would. */
function fittingWidths(
  rows: readonly (readonly (string | number)[])[],
  width: number,
  whole: readonly number[] = [],
): number[] | undefined {
  const count = Math.max(...rows.map(({ length }) => length));
  const needs = Array.from({ length: count }, (_, at) =>
    longest(rows.flatMap((row) => String(row[at] ?? "").split("\n"))),
  );
  const room = roomFor(count, width);
  const kept = whole.reduce((sum, at) => sum + (needs[at] ?? 0), 0);
  const others = needs.flatMap((_, at) => (whole.includes(at) ? [] : [at]));
  const leastOf = (columns: readonly number[]) =>
    columns.reduce((sum, at) => sum + Math.min(needs[at] ?? 1, narrowest), 0);
  if (room < leastOf([...needs.keys()])) return undefined;
  if (room - kept < leastOf(others)) return share(needs, room);
  const shared = share(
    others.map((at) => needs[at] ?? 1),
    room - kept,
  );
  return needs.map((need, at) => shared[others.indexOf(at)] ?? need);
}

function wrapped(row: readonly (string | number)[], widths: readonly number[]): string[] {
  return row.map((cell, at) =>
    String(cell)
      .split("\n")
      .flatMap((line) => wrap(line, widths[at] ?? 1))
      .join("\n"),
  );
}
