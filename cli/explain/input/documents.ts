import { UnreadablePreview } from "./errors";

/** A JSON value in a text. */
export interface Found {
  value: unknown;
  /** The line that it begins in, from 1. */
  line: number;
}

/** Deeper than any resource's properties, and far less than what the recursion over them can take. */
const deepest = 200;

/**
 * The JSON values of a text: the text as a whole, or else every object that begins at the start of a line.
 * Other lines are passed over.
 *
 * @throws UnreadablePreview where an object is cut off, malformed or nested too deeply
 */
export function jsonIn(text: string, source: string): Found[] {
  const whole = parsed(text);
  const found = whole ? [{ value: whole.value, line: 1 }] : objectsIn(text, source);
  for (const { value, line } of found) {
    if (isTooDeep(value)) {
      throw new UnreadablePreview(
        `${source}: the JSON that begins in line ${line} is nested more than ${deepest} levels deep, which no preview is.`,
      );
    }
  }
  return found;
}

function objectsIn(text: string, source: string): Found[] {
  const found: Found[] = [];
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const endOfLine = endOfLineAt(text, at);
    const start = at + (/^\s*/.exec(text.slice(at, endOfLine))?.[0].length ?? 0);
    let next = endOfLine + 1;
    if (text[start] === "{") {
      const { value, end } = objectAt(text, start, source, line);
      found.push({ value, line });
      // What follows in the same line is a log's, or another object.
      next = /^\s*\{/.test(text.slice(end, endOfLineAt(text, end)))
        ? end
        : endOfLineAt(text, end) + 1;
    }
    line += linesIn(text, at, next);
    at = next;
  }
  return found;
}

function objectAt(
  text: string,
  start: number,
  source: string,
  line: number,
): { value: unknown; end: number } {
  const endOfLine = endOfLineAt(text, start);
  const one = parsed(text.slice(start, endOfLine));
  if (one) return { value: one.value, end: endOfLine };
  const end = endOfObject(text, start) ?? cutOff(text, source, line);
  return { value: demandParsed(text.slice(start, end), source, line), end };
}

function endOfLineAt(text: string, at: number): number {
  const newline = text.indexOf("\n", at);
  return newline < 0 ? text.length : newline;
}

/** JSON's own messages quote the text, which may have secrets; so they are not passed on. */
function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function demandParsed(text: string, source: string, line: number): unknown {
  const one = parsed(text);
  if (one) return one.value;
  throw new UnreadablePreview(
    `${source}: the object that begins in line ${line} is not valid JSON. If other output is mixed into it, redirect the standard output of \`pulumi preview --json\` alone.`,
  );
}

function cutOff(text: string, source: string, line: number): never {
  const size = Buffer.byteLength(text);
  throw new UnreadablePreview(
    `${source} is cut off after ${size} bytes, in line ${1 + linesIn(text, 0, text.length)}: the object that begins in line ${line} has no end. Run the preview again, and check that \`pulumi\` was not killed and the disk is not full.`,
  );
}

/** The position after the object that begins here; undefined: the text ends before. */
function endOfObject(text: string, start: number): number | undefined {
  const marks = /["{}[\]]/g;
  marks.lastIndex = start;
  let depth = 0;
  for (let match = marks.exec(text); match; match = marks.exec(text)) {
    if (match[0] === '"') {
      const end = endOfString(text, match.index);
      if (end === undefined) return undefined;
      marks.lastIndex = end;
    } else if (match[0] === "{" || match[0] === "[") depth++;
    else if (--depth === 0) return match.index + 1;
  }
  return undefined;
}

function endOfString(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at++) {
    const next = text[at];
    if (next === "\\") at++;
    else if (next === '"') return at + 1;
  }
  return undefined;
}

function linesIn(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1))
    count++;
  return count;
}

/** Without recursion, which is what too deep a value would break. */
function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return true;
    level = level.flatMap((one) =>
      typeof one === "object" && one !== null ? Object.values(one).filter(isNested) : [],
    );
  }
  return false;
}

function isNested(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
