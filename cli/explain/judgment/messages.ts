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

/**
 * What was said of a resource, besides what its change says already. The hosts name the resource before or
 * after what they say, `events (Formation): …` and `… (events)`: beside the resource that says nothing.
 *
 * @param said what the change says
 */
export function about(
  messages: readonly Message[],
  said: ReadonlySet<string>,
  { name, type }: { name: string; type: string },
): Message[] {
  const [before, after] = [`${name} (${type}): `, ` (${name})`];
  return messages.flatMap((message) => {
    if (message.policy !== undefined) return [message];
    const { text: whole } = message;
    const start = whole.startsWith(before) ? before.length : 0;
    const end = whole.endsWith(after) ? whole.length - after.length : whole.length;
    const text = whole.slice(start, end);
    return said.has(text) || said.has(whole) ? [] : [{ ...message, text }];
  });
}

/** What was said of no resource, besides what changes say already: an old engine shows some of that so. */
export function ofNone(messages: readonly Message[], said: ReadonlySet<string>): Message[] {
  return messages.filter(({ text }) => {
    const starts = [...text.slice(0, 400).matchAll(/: /g)].map(({ index }) => index + 2);
    return !starts.some((start) => said.has(text.slice(start)));
  });
}

function ofDiagnostic({ severity, message }: Diagnostic): Message {
  const known = severities.find((one) => one === severity) ?? "info";
  return { severity: known, text: message };
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
