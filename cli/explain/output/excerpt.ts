/** From how many characters on a text is shortened. */
const longest = 120;

/** How much is shown of a long text: of its start, around what differs, and of its end. */
const [head, before, after, tail] = [50, 10, 40, 20] as const;

/** What is shown of a text: the whole, or parts of it with something left out between two. */
export interface Excerpt {
  parts: readonly string[];
  /** Of the whole, in Unicode characters; undefined: nothing is left out. */
  length?: number;
}

/**
 * Shortens a text in the middle.
 *
 * @param other what it is compared with: the place of the first difference is shown as well
 */
export function excerptOf(text: string, other?: string): Excerpt {
  if (text.length <= longest) return { parts: [text] };
  const ranges = [[0, head], ...differing(text, other), [text.length - tail, text.length]];
  const parts: string[] = [];
  let end = -1;
  for (const [from = 0, to = 0] of ranges) {
    const [start, stop] = [wholeAt(text, Math.max(from, end)), wholeAt(text, to)];
    if (stop <= start) continue;
    const part = text.slice(start, stop);
    if (start === end) parts.push(`${parts.pop() ?? ""}${part}`);
    else parts.push(part);
    end = stop;
  }
  return { parts, length: charactersOf(text) };
}

/** A text in one piece, for names. */
export function shortened(text: string): string {
  const { parts, length } = excerptOf(text);
  return length === undefined ? text : `${parts.join("…")} (${grouped(length)} characters)`;
}

function differing(text: string, other: string | undefined): number[][] {
  if (other === undefined || other === text) return [];
  let at = 0;
  while (at < text.length && text[at] === other[at]) at++;
  return [[at - before, Math.min(at + after, text.length)]];
}

/** The same place, or the start of the character or of the escape (`\n`, `\u202e`) that it is in. */
function wholeAt(text: string, at: number): number {
  const [begun = ""] =
    /(?<!\\)(?:\\\\)*\\(?:u[\da-f]{0,3})?$/.exec(text.slice(Math.max(0, at - 40), at)) ?? [];
  if (begun !== "" && at < text.length) return at - begun.length;
  const isHalf =
    /^[\uDC00-\uDFFF]/.test(text[at] ?? "") && /[\uD800-\uDBFF]/.test(text[at - 1] ?? "");
  return isHalf ? at - 1 : at;
}

function charactersOf(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** `1,048,576`, whatever the machine's language. */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
}
