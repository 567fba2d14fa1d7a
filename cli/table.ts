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
  const style = { head: [], border: [], compact: isCompact };
  const table = new Table({ head: [...head], style, ...(colWidths && { colWidths }) });
  for (const row of rows) table.push([...row]);
  return table.toString();
}
