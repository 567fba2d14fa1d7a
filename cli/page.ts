import { brokenAtWords } from "./terminal/layout";
import { drawTable } from "./terminal/table";

/**
 * A page of documentation as a terminal shows it: paragraphs and lists in its width, tables with lines,
 * without pictures; code is left unchanged.
 *
 * @param markdown with links that the terminal's user can follow
 * @param width columns of the terminal
 */
export function pageIn(markdown: string, width: number): string {
  const text = markdown.replaceAll(/^!\[.*\]\(.*\)\n\n/gm, "");
  // Code comes apart from everything else: what looks like a table in it is none.
  return text
    .split(/^(```[\s\S]*?^```$)/m)
    .map((part) => (part.startsWith("```") ? part : proseIn(part, width)))
    .join("");
}

function proseIn(text: string, width: number): string {
  const plain = text.replaceAll(/\*\*(.+?)\*\*/g, "$1").replaceAll(/<!--[\s\S]*?-->\n*/g, "");
  return plain
    .split(/((?:^\|.*\|$\n?)+)/m)
    .map((part) => (part.startsWith("|") ? `${tableIn(part, width)}\n` : linesIn(part, width)))
    .join("");
}

function linesIn(text: string, width: number): string {
  return text
    .split("\n")
    .flatMap((line) => {
      const [indent = ""] = /^(?:> | *(?:[-*]|\d+\.)? *)/.exec(line) ?? [];
      return brokenAtWords(line, width, indent === "> " ? indent : " ".repeat(indent.length));
    })
    .join("\n");
}

/** A cell of Markdown has an escaped line of a table as a character of its own. */
function tableIn(text: string, width: number): string {
  const [head = [], , ...rows] = text
    .trimEnd()
    .split("\n")
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll("\\|", "|")),
    );
  return drawTable(head, rows, { width });
}
