import { visible } from "../../visible";
import type { PropertyChange, Shown } from "../model";
import { type Excerpt, excerptOf, grouped } from "./excerpt";

/**
 * A piece of a sentence, which each format escapes in its way. `code` is what a program or a server gave,
 * `name` the name of what the sentence is about; `strong` is our own; a text may be either, and then
 * nothing in it is taken for markup.
 */
export type Span = string | { code: string } | { name: string } | { strong: string };

/** A string that is shown without quotes: nothing in it could be taken for another kind of value. */
const plain = /^(?![[{"]|(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)$)\S(?:.*\S)?$/;

/** A value as a reader sees it: a plain string without quotes, anything else as JSON. */
function valueText(value: unknown): string {
  if (typeof value === "string" && plain.test(value) && visible(value) === value) return value;
  return JSON.stringify(value) ?? String(value);
}

/** A text that was given, whole or shortened in the middle, then with its full length. */
export function given({ parts, length }: Excerpt): Span[] {
  const shown = parts.flatMap((part, at): Span[] => [
    ...(at > 0 ? [" … "] : []),
    { code: visible(part) },
  ]);
  return length === undefined ? shown : [...shown, ` (${grouped(length)} characters)`];
}

function shownSpans(shown: Shown, other: Shown): Span[] {
  switch (shown.kind) {
    case "value": {
      const compared = other.kind === "value" ? valueText(other.value) : undefined;
      return given(excerptOf(valueText(shown.value), compared));
    }
    case "secret":
      return ["secret"];
    case "unknown":
      return ["not known yet"];
    case "absent":
      return ["not set"];
  }
}

/** Both sides of a change. Of a secret, only what became of it, as the second side. */
export function sidesOf({ from, to, mayDiffer }: PropertyChange): [from: Span[], to: Span[]] {
  if (from.kind === "secret" || to.kind === "secret") {
    const what =
      from.kind === "absent" ? "set" : to.kind === "absent" ? "removed" : secretChange(mayDiffer);
    return [[], [`${what}, secret`]];
  }
  // An interrupted update sends a value again that the server may have already.
  if (
    from.kind === "value" &&
    to.kind === "value" &&
    valueText(from.value) === valueText(to.value)
  ) {
    return [[], [...shownSpans(to, from), " (sent again)"]];
  }
  return [shownSpans(from, to), shownSpans(to, from)];
}

function secretChange(mayDiffer: boolean | undefined): string {
  return mayDiffer ? "may have changed" : "changed";
}

/** A change of a property as part of a sentence: `workerCount 2 → 4`. */
export function changeSpans(change: PropertyChange): Span[] {
  const [from, to] = sidesOf(change);
  const name = given(excerptOf(change.property));
  return from.length > 0 ? [...name, " ", ...from, " → ", ...to] : [...name, " ", ...to];
}

/** The spans of several, with a text in between. */
export function joined(all: readonly (readonly Span[])[], separator: string): Span[] {
  return all.flatMap((spans, at) => (at > 0 ? [separator, ...spans] : spans));
}
