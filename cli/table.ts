/** How a table is drawn. */
export interface TableOptions {
  /**
   * The characters that each column has for its text, whose lines must not be longer. Default: as many as
   * the longest line.
   */
  widths?: readonly number[];
  /** Whether there are no lines between rows. Default: there are. */
  isCompact?: boolean;
}

/** Draws rows under a head, by default with lines between them. */
export function drawTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  { widths, isCompact = false }: TableOptions = {},
): string {
  // Loaded here, since most commands draw no table.
  const Table = require("cli-table3") as typeof import("cli-table3");
  // A blank on either side is part of a column's width.
  const colWidths = widths?.map((width) => width + 2);
  const style = { head: [], border: [], compact: true };
  const table = new Table({ head: [...head], style, ...(colWidths && { colWidths }) });
  // Each line is a row of the library's: it measures a cell's whole text again for each line of it.
  const parts = rows.map(linesOf);
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
