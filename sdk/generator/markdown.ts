/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");
}

/** Text as code. */
export function code(text: string): string {
  return `\`${text}\``;
}

/** A document with the text between two marks replaced: `<!-- begin name -->` and `<!-- end name -->`. */
export function fillSection(document: string, name: string, text: string): string {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const [start, stop] = [document.indexOf(begin), document.indexOf(end)];
  if (start < 0 || stop < start) throw new Error(`The document has no section ${begin} … ${end}.`);
  return `${document.slice(0, start + begin.length)}\n${text}\n${document.slice(stop)}`;
}

/** The anchor that GitHub and the site give a heading. */
export function headingAnchor(heading: string): string {
  const kept = heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "");
  return kept.trim().replaceAll(" ", "-");
}

/** The first sentence of a description. */
export function firstSentence(text: string): string {
  return /^.+?\.(?=\s|$)/s.exec(text)?.[0] ?? text;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
}
