/**
 * Characters that a reader can't see, or that change the order of what is seen: control and format
 * characters, lone surrogates, private use, unassigned ones, line and paragraph separators, fillers, and
 * every space but the usual one.
 */
const invisible = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;

/** What CI systems take for a command of theirs, anywhere in a line: `##[group]`, `##vso[…]`. */
const command = /##(?=\w*\[)/g;

const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** The text on one line, with what can't be seen as an escape: `\n`, `\u202e`, `\u{e0001}`. */
export function visible(text: string): string {
  return text
    .replaceAll(invisible, (one) => named[one] ?? escaped(one))
    .replaceAll(/ (?= )/g, "\\u0020")
    .replaceAll(command, "#\\u0023");
}

function escaped(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}

/** Several lines of text, each with what can't be seen as an escape, and without empty ones. */
export function visibleLines(text: string): string[] {
  return text
    .split(/\r\n|[\r\n]/)
    .map((line) => visible(line.replaceAll(/[\t ]+/g, " ").trim()))
    .filter((line) => line !== "");
}
