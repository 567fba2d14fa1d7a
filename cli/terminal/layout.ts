/** The columns that a text takes on a terminal, at most: wide characters take two. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

/** The columns that the widest of some texts takes, at least one. */
export function longest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, widthOf(text)), 1);
}

/** Letters of East Asia and pictures; lines of a table are among neither. */
function columnsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  const isBox = code >= 0x2500 && code < 0x2580;
  const isWide =
    code >= 0x2e80 ||
    (code >= 0x1100 && code < 0x1200) ||
    (code >= 0x2300 && code < 0x27c0) ||
    (code >= 0x2b00 && code < 0x2c00);
  return isWide && !isBox ? 2 : 1;
}

/**
 * Breaks a text into lines, at blanks where there are some.
 *
 * @param indent put before every line but the first, which is broken at no blank within as many columns
 */
export function wrap(text: string, width: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  let columns = 0;
  for (const character of text) {
    const more = columnsOf(character);
    if (columns + more > width && columns > 0) {
      const blank = line.lastIndexOf(" ");
      const at = character !== " " && blank >= Math.max(1, indent.length) ? blank : line.length;
      lines.push(line.slice(0, at).trimEnd());
      line = indent + line.slice(at).trimStart();
      columns = widthOf(line);
      if (character === " ") continue;
    }
    line += character;
    columns += more;
  }
  return [...lines, line];
}

/**
 * Breaks sentences into lines at blanks, but not within a command, which somebody may copy. A line that is
 * indented is a command as a whole.
 */
export function sentencesIn(text: string, width: number): string {
  return text
    .split("\n")
    .flatMap((line) => (line.startsWith(" ") ? [line] : brokenAtWords(line, width)))
    .join("\n");
}

/**
 * Breaks a line at blanks, but neither within words nor within a command.
 *
 * @param indent put before every line but the first
 */
export function brokenAtWords(line: string, width: number, indent = ""): string[] {
  const [begin = ""] = /^\s*/.exec(line) ?? [];
  const words = line.match(/(?:`[^`]*`|[^\s`]|`)+/g) ?? [];
  const lines: string[] = [];
  let current = begin + (words.shift() ?? "");
  for (const word of words) {
    const longer = `${current} ${word}`;
    if (widthOf(longer) <= width) current = longer;
    else {
      lines.push(current);
      current = indent + word;
    }
  }
  return [...lines, current];
}

/** A text's beginning, if it is too long for a line. */
export function fitted(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let [line, columns] = ["", 1];
  for (const character of text) {
    columns += widthOf(character);
    if (columns > width) break;
    line += character;
  }
  return `${line}…`;
}

/**
 * Shares out room among columns: those that need little get that, and the others the same each.
 *
 * @param needs the room that each would take
 */
export function share(needs: readonly number[], room: number): number[] {
  const widths = needs.map(() => 0);
  const byNeed = needs.map((need, at) => ({ need, at })).sort((a, b) => a.need - b.need);
  let left = room;
  byNeed.forEach(({ need, at }, index) => {
    const width = Math.max(1, Math.min(need, Math.floor(left / (byNeed.length - index))));
    widths[at] = width;
    left -= width;
  });
  return widths;
}
