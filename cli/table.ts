/** How a table is drawn. */
export interface TableOptions {
  /** The columns of a terminal that each cell's text gets; no line may be longer. Default: the longest line. */
  widths?: readonly number[];
}

/** Draws rows under a head, with lines between them. A cell's text may have several lines. */
export function drawTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  { widths: given }: TableOptions = {},
): string {
  const all = [head, ...rows].map((row) => row.map((cell) => String(cell).split("\n")));
  const widths = given ?? head.map((_, at) => widest(all.flatMap((row) => row[at] ?? [])));
  const border = (left: string, between: string, right: string) =>
    `${left}${widths.map((width) => "─".repeat(width + 2)).join(between)}${right}`;
  return [
    border("┌", "┬", "┐"),
    all.map((row) => drawRow(row, widths)).join(`\n${border("├", "┼", "┤")}\n`),
    border("└", "┴", "┘"),
  ].join("\n");
}

function drawRow(row: readonly (readonly string[])[], widths: readonly number[]): string {
  const height = Math.max(...row.map(({ length }) => length));
  const lines = Array.from({ length: height }, (_, line) => {
    const texts = widths.map((width, at) => padded(row[at]?.[line] ?? "", width));
    return `│ ${texts.join(" │ ")} │`;
  });
  return lines.join("\n");
}

function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

function widest(lines: readonly string[]): number {
  return lines.reduce((width, line) => Math.max(width, widthOf(line)), 0);
}

/** The columns that a text takes on a terminal: wide characters take two, what is put above others none. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

/** Letters of East Asia and pictures are wide; the lines of tables are among the pictures. */
export function columnsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  // A picture that this follows becomes wide.
  if (code === 0xfe0f) return 1;
  if (/\p{M}/u.test(character)) return 0;
  const isBox = code >= 0x2500 && code < 0x2580;
  const isWide =
    code >= 0x2e80 || (code >= 0x1100 && code < 0x1200) || (code >= 0x2300 && code < 0x27c0);
  return isWide && !isBox ? 2 : 1;
}
