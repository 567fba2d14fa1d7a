import { visible } from "../../visible";
import type { Span } from "./spans";

/**
 * Text in Markdown as GitHub and GitLab render it, so that nothing in it becomes markup. What they make
 * links or pictures of after rendering (`@name`, `#123`, `GH-1`, URLs, commits, `:tada:`) is put into code,
 * where they don't look: a backslash or an entity would not stop them.
 */

/** A span of code. Two of a kind of fence would end it, so the fence is longer than any in the text. */
function code(text: string): string {
  const shown = visible(text).replace(/^ $/, "\\u0020") || "(empty)";
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = /^[` ]|[` ]$/.test(shown) ? " " : "";
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** What must not be in plain text, in any word: see above, and GitLab's `!1`, `~label`, `%1`, `&1`, `[[…]]`. */
const linked =
  /[@#$~^]|:\/\/|\bwww\.|:[\w+-]+:|[!%&]["\w]|\[\[|\bgh-\d|\bgl-\d|\bghsa-|[A-Z]{2,}-\d|\b(?=[a-f]*\d)[0-9a-f]{7,40}\b|\[\w+:|^\/\w/i;

/** What begins and ends a word without being part of it. */
const word = /^([("'[]*)(.*?)([)\]"',.;:!?]*)$/su;

/** Text between code, word by word. */
function words(text: string): string {
  return text
    .split(" ")
    .map((one) => {
      if (!linked.test(one)) return punctuation(one);
      const [, start = "", middle = "", end = ""] = word.exec(one) ?? [];
      if (middle === "") return code(one);
      return `${punctuation(start)}${code(middle)}${punctuation(end)}`;
    })
    .join(" ");
}

function punctuation(text: string): string {
  const inline = text.replaceAll(/[\\`*_[\]<>&|~#!$]/g, "\\$&");
  // What begins a list or underlines a heading at the start of a line.
  return inline.replace(/^(?:[-+=]+|\d+[.)])$/, (one) => `${one.slice(0, -1)}\\${one.slice(-1)}`);
}

/** Text of a sentence. What it has between backticks is code; white space is one space. */
function prose(text: string): string {
  const parts = visible(text.replaceAll(/\s+/g, " ")).split(/`([^`]+)`/);
  return apart(parts.map((part, at) => (at % 2 === 1 ? code(part) : words(part))));
}

/** Pieces in a row. Two pieces of code are kept apart, for their fences would merge. */
function apart(pieces: readonly string[]): string {
  return pieces.reduce((text, next) => {
    const meet = text.endsWith("`") && next.startsWith("`");
    return `${text}${meet ? " " : ""}${next}`;
  }, "");
}

/** A sentence in Markdown. */
export function inMarkdown(spans: readonly Span[]): string {
  return apart(
    spans.map((span) => {
      if (typeof span === "string") return prose(span);
      if ("name" in span) return `**${code(span.name)}**`;
      return "code" in span ? code(span.code) : `**${prose(span.strong)}**`;
    }),
  );
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function characters(text: string): string {
  return visible(text).replaceAll(/[&<>"']/g, (one) => entities[one] ?? one);
}

/** A sentence within a block of HTML, where no Markdown is read. */
export function inHtml(spans: readonly Span[]): string {
  return spans
    .map((span) => {
      if (typeof span === "string") return htmlProse(span);
      if ("strong" in span) return `<b>${htmlProse(span.strong)}</b>`;
      return "name" in span ? `<b>${htmlCode(span.name)}</b>` : htmlCode(span.code);
    })
    .join("");
}

function htmlCode(text: string): string {
  return `<code>${characters(text || "(empty)")}</code>`;
}

function htmlProse(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .split(/`([^`]+)`/)
    .flatMap((part, at) => {
      if (at % 2 === 1) return [htmlCode(part)];
      return [
        part
          .split(" ")
          .map((one) => (linked.test(one) ? htmlCode(one) : characters(one)))
          .join(" "),
      ];
    })
    .join("");
}

/** Lines of text in a block of HTML, on one line of the source. */
export function preformatted(lines: readonly string[]): string {
  return `<pre>${lines.map(characters).join("&#10;")}</pre>`;
}
