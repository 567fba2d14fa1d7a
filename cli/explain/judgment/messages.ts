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

/** Messages without those that an explanation says already, as the hosts put them. */
export function withoutSaid(
  messages: readonly Message[],
  said: ReadonlySet<string>,
  name?: string,
): Message[] {
  return messages.filter(({ policy, text }) => policy !== undefined || !isSaid(text, said, name));
}

/** The hosts add the resource before or after what they say: `events (Formation): …`, `… (events)`. */
function isSaid(text: string, said: ReadonlySet<string>, name: string | undefined): boolean {
  const ending = name === undefined ? /\s\([^()]*\)$/ : ` (${name})`;
  const bare =
    typeof ending === "string" && text.endsWith(ending)
      ? text.slice(0, -ending.length)
      : typeof ending === "string"
        ? text
        : text.replace(ending, "");
  const starts = [...bare.slice(0, 400).matchAll(/: /g)].map(({ index }) => index + 2);
  return [text, bare, ...starts.map((start) => bare.slice(start))].some((one) => said.has(one));
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
