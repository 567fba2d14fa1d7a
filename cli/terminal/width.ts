/** What output takes where no terminal says how many columns it has. */
const usual = 80;

/** What sentences take at most: longer lines are hard to read. */
const widestText = 100;

/** Where columns are known: `process.stdout`. */
interface Stream {
  columns?: number;
}

/** The columns that a table may take. Default without a terminal: `COLUMNS`, or 80. */
export function tableWidth({ columns }: Stream = process.stdout): number {
  const given = Number(process.env.COLUMNS);
  // A terminal that was never told its size has zero columns.
  return columns || (Number.isInteger(given) && given > 0 ? given : usual);
}

/** The columns that sentences may take: those of {@link tableWidth}, but 100 at most. */
export function textWidth(stream: Stream = process.stdout): number {
  return Math.min(tableWidth(stream), widestText);
}
