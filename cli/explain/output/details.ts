import type { PropertyChange, ResourceChange } from "../model";
import { inHtml, preformatted } from "./escape";
import { excerptOf, grouped } from "./excerpt";
import { linesOf, namedIn, reasonsOf, sideOf } from "./sentences";
import { given, type Span, sidesOf } from "./spans";

/*
 * What is folded below a resource's line. It is one line of HTML, in which no Markdown is read, so that
 * no value can end a cell or a table.
 */

/** All properties of a change and the long messages; undefined: the line shows all of it. */
export function detailsOf(change: ResourceChange): string | undefined {
  const texts = change.messages.map(linesOf).filter((lines) => lines.length > 0);
  const count = hasMore(change) ? change.properties.length : 0;
  const parts = [...(count > 0 ? [tableOf(change)] : []), ...texts.map(preformatted)];
  if (parts.length === 0) return undefined;
  const counts = [
    ...(count > 0 ? [countOf(count, "property", "properties")] : []),
    ...(texts.length > 0 ? [countOf(texts.length, "message", "messages")] : []),
  ];
  return folded([counts.join(", ")], parts.join(""));
}

/** Whether a table would say more of the properties than the line does. */
function hasMore(change: ResourceChange): boolean {
  const { properties, operation } = change;
  // Of what is kept, the notes say what differs: before and after would look like a change.
  if (operation === "keep") return false;
  if (namedIn(change).length < properties.length) return true;
  const reasons = new Set(properties.map((one) => reasonOf(one, change)));
  const only = reasons.size === 1 ? [...reasons][0] : undefined;
  return only !== "" && !reasonsOf(change).includes(only ?? "");
}

/** What is to be said of one property besides what holds for the whole resource. */
function reasonOf({ effect, why }: PropertyChange, change: ResourceChange): string {
  const own = effect?.text === change.effect?.text ? undefined : effect?.text;
  const reason = why && change.reasons.includes(why) ? undefined : why;
  return [own, reason].filter(Boolean).join(": ");
}

function countOf(count: number, one: string, several: string): string {
  return `${grouped(count)} ${count === 1 ? one : several}`;
}

/** A summary that unfolds. */
export function folded(summary: readonly Span[], html: string): string {
  return `<details><summary>${inHtml(summary)}</summary>${html}</details>`;
}

/** A message of several lines, folded. */
export function foldedText(lines: readonly string[]): string | undefined {
  return lines.length > 0 ? folded(["the whole message"], preformatted(lines)) : undefined;
}

function tableOf(change: ResourceChange): string {
  const side = sideOf(change);
  const rows = change.properties.map((one) => ({ one, reason: reasonOf(one, change) }));
  const hasWhy = rows.some(({ reason }) => reason);
  const heads = ["Property", ...(side ? ["Value"] : ["Before", "After"])];
  const head = [...heads, ...(hasWhy ? ["Effect and reason"] : [])].map(
    (each) => `<th>${each}</th>`,
  );
  const body = rows.map(({ one, reason }) => {
    const why = hasWhy ? `<td>${inHtml([reason])}</td>` : "";
    return `<tr>${cellsOf(one, side)}${why}</tr>`;
  });
  return `<table><tr>${head.join("")}</tr>${body.join("")}</table>`;
}

function cellsOf(change: PropertyChange, side: "from" | "to" | undefined): string {
  const [from, to] = sidesOf(change);
  const name = `<td>${inHtml(given(excerptOf(change.property)))}</td>`;
  const isSecret = from.length === 0;
  if (side) return `${name}<td>${inHtml(side === "from" && !isSecret ? from : to)}</td>`;
  if (isSecret) return `${name}<td colspan="2">${inHtml(to)}</td>`;
  return `${name}<td>${inHtml(from)}</td><td>${inHtml(to)}</td>`;
}
