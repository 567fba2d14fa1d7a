import { withoutMore } from "../../../provider/process/more";
import type { Redactor } from "../../../provider/process/redact";
import type { Diagnostic, Message, PolicyResult, Preview } from "../model";

/** What was said, by URN; `undefined` is what was said of no resource. */
export type MessagesByUrn = ReadonlyMap<string | undefined, readonly Message[]>;

const severities = ["error", "warning", "info"] as const;

/** What the engine and policies said, errors first, each once. */
export function messagesOf({ diagnostics, policies }: Preview, redact: Redactor): MessagesByUrn {
  const all = [
    ...diagnostics.map((one) => ({ urn: one.urn, message: ofDiagnostic(one) })),
    ...policies.flatMap((one) => {
      const message = ofPolicy(one);
      return message ? [{ urn: one.urn, message }] : [];
    }),
  ];
  const byUrn = Map.groupBy(all, ({ urn }) => urn);
  return new Map(
    [...byUrn].map(([urn, said]) => {
      const messages = said.map(({ message }) => ({ ...message, text: redact(message.text) }));
      return [urn, inOrder(withoutRepeats(messages))];
    }),
  );
}

/** Whom messages are about. */
interface Subject {
  name: string;
  type: string;
  /** Inputs whose values the host may say although they are secrets. */
  concealed: readonly string[];
}

/**
 * What was said of a resource, besides what its change says already. The hosts name the resource before or
 * after what they say, `events (Formation): …` and `… (events)`: beside the resource that says nothing.
 *
 * @param said what the change says
 */
export function about(
  messages: readonly Message[],
  said: readonly string[],
  { name, type, concealed }: Subject,
): Message[] {
  const [before, after] = [`${name} (${type}): `, ` (${name})`];
  const isSaid = saying(said);
  return messages.flatMap((message) => {
    if (message.policy !== undefined) return [message];
    const { text: whole } = message;
    const start = whole.startsWith(before) ? before.length : 0;
    const end = whole.endsWith(after) ? whole.length - after.length : whole.length;
    const text = whole.slice(start, end);
    if (isSaid(text) || isSaid(whole)) return [];
    const secret = concealed.find((property) => new RegExp(`\\b${property}\\b`).test(text));
    return [{ ...message, text: secret === undefined ? text : withheld(secret) }];
  });
}

function withheld(property: string): string {
  return `A message about \`${property}\` is not shown, since it may have its value, which the program makes a secret.`;
}

/** What was said of no resource, besides what changes say already: an old engine shows some of that so. */
export function ofNone(messages: readonly Message[], said: readonly string[]): Message[] {
  const isSaid = saying(said);
  return messages.filter(({ text }) => {
    const starts = [...text.slice(0, 400).matchAll(/: /g)].map(({ index }) => index + 2);
    return !starts.some((start) => isSaid(text.slice(start)));
  });
}

/** Tells whether a text is among several; where one of these has `(secret)`, the text may have any value. */
function saying(said: readonly string[]): (text: string) => boolean {
  const all = new Set(said);
  const patterns = said.map((one) => one.split("(secret)")).filter(({ length }) => length > 1);
  return (text) => all.has(text) || patterns.some((parts) => fits(text, parts));
}

/** Whether a text consists of these parts in this order, with anything in between. */
function fits(text: string, parts: readonly string[]): boolean {
  const [first = "", ...others] = parts;
  const last = others.pop() ?? "";
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

function ofDiagnostic({ severity, message }: Diagnostic): Message {
  const known = severities.find((one) => one === severity) ?? "info";
  return { severity: known, text: withoutMore(message) };
}

function ofPolicy({ pack, policy, enforcement, message }: PolicyResult): Message | undefined {
  if (enforcement === "disabled") return undefined;
  const severity =
    enforcement === "mandatory" ? "error" : enforcement === "remediate" ? "info" : "warning";
  return { severity, text: message, policy: [pack, policy].filter(Boolean).join("/") };
}

function withoutRepeats(messages: readonly Message[]): Message[] {
  return [...new Map(messages.map((one) => [JSON.stringify(one), one])).values()];
}

function inOrder(messages: readonly Message[]): Message[] {
  const rank = ({ severity }: Message) => severities.indexOf(severity);
  return messages.toSorted((a, b) => rank(a) - rank(b));
}

/** The more serious half of messages: what cannot go unsaid although nothing happens. */
export function isSerious({ severity, policy }: Message): boolean {
  return severity !== "info" || policy !== undefined;
}
