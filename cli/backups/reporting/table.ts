/** Draws rows under a head, with lines between them. */
export function drawTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  // Loaded here, since most commands draw no table.
  const Table = require("cli-table3") as typeof import("cli-table3");
  const table = new Table({ head: [...head], style: { head: [], border: [] } });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}
