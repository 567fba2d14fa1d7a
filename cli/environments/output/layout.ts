import { columnsOf, widthOf } from "../../table";

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
