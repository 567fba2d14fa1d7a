import { createHash } from "node:crypto";
import type { Explanation, PropertyChange, ResourceChange } from "./model";

/** What a fingerprint begins with; another version would be another way to make it. */
const version = "f1";

/** Above how many changes a fingerprint has no digest of each. */
const mostChanges = 50;

/** How long the digests are in a fingerprint, in characters: of all, and of a URN and of a change. */
const [allLength, oneLength] = [22, 8] as const;

/** What of a stack's changes a reviewer wants to know, as digests. */
export interface Digests {
  /** Of all changes of the stack. */
  all: string;
  /** Of each change, by the digest of its URN. */
  changes: ReadonlyMap<string, string>;
  /** The same by the URN itself. */
  byUrn: ReadonlyMap<string, string>;
}

/**
 * What was reviewed, as digests: `f1.` and one of all changes, then `.` and, for up to 50 changes, one
 * of each, so that a comparison can name what differs. It changes with what happens to a resource, with
 * an old or new value, a consequence, a refusal and a mandatory policy's result, and with nothing else:
 * not with the time, the order, prices, texts of messages, or how the engine marks what it can't know yet.
 */
export function fingerprintOf(explanation: Explanation): string {
  const { all, changes } = digestsOf(explanation);
  const each = [...changes].map(([urn, content]) => `${urn}${content}`);
  const named = each.length > 0 && each.length <= mostChanges ? `.${each.join("")}` : "";
  return `${version}.${all}${named}`;
}

/** The fingerprint without the digests of each change: what people copy. */
export function shortFingerprintOf(explanation: Explanation): string {
  return `${version}.${digestsOf(explanation).all}`;
}

/** Takes a fingerprint apart. Undefined: it is none. */
export function parseFingerprint(
  text: string,
): { all: string; changes?: Map<string, string> } | undefined {
  const [, all, each] = /^f1\.([\w-]{22})(?:\.((?:[\w-]{16})+))?$/.exec(text) ?? [];
  if (all === undefined) return undefined;
  if (each === undefined) return { all };
  const pairs = each.match(/.{16}/g) ?? [];
  return {
    all,
    changes: new Map(pairs.map((pair) => [pair.slice(0, oneLength), pair.slice(oneLength)])),
  };
}

const known = new WeakMap<Explanation, Digests>();

/** The digests that a fingerprint is made of. */
export function digestsOf(explanation: Explanation): Digests {
  const made = known.get(explanation) ?? newDigests(explanation);
  known.set(explanation, made);
  return made;
}

function newDigests(explanation: Explanation): Digests {
  const contents = new Map<string, string[]>();
  for (const change of explanation.changes.filter(isReviewed)) {
    const texts = contents.get(change.urn) ?? [];
    contents.set(change.urn, [...texts, canonical(factsOf(change))]);
  }
  const own = stackFactsOf(explanation);
  if (own.length > 0) contents.set(stackKey, [canonical(own)]);
  const whole = [...contents].map(([urn, texts]) => [urn, ...texts.toSorted()]);
  const { project = "", stack = "" } = explanation;
  const each = whole
    .map(([urn = "", ...texts]) => [urn, digest(canonical(texts), oneLength)] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    all: digest(canonical([project, stack, whole.map(canonical).toSorted()]), allLength),
    changes: new Map(each.map(([urn, content]) => [urnDigest(urn), content])),
    byUrn: new Map(each),
  };
}

/** What stands for the stack itself among URNs. */
export const stackKey = "stack";

/** The digest that stands for a URN in a fingerprint. */
export function urnDigest(urn: string): string {
  return digest(urn, oneLength);
}

/** Whether `up` does something that was reviewed: what stays unchanged or is read is not. */
function isReviewed({ operation }: ResourceChange): boolean {
  return operation !== "keep" && operation !== "read";
}

/** What happens to the stack as a whole. */
function stackFactsOf({ hasFailed, messages }: Explanation): unknown[] {
  return [...(hasFailed ? ["failed"] : []), ...mandatoryOf(messages)];
}

function factsOf({
  operation,
  order,
  definition,
  effect,
  properties,
  messages,
}: ResourceChange): unknown {
  return {
    operation,
    ...(definition ? { order, effect: effect && [effect.kind, effect.text] } : {}),
    properties: properties.map(propertyFacts).map(canonical).toSorted(),
    policies: mandatoryOf(messages),
  };
}

function propertyFacts({ property, from, to, effect, mayDiffer }: PropertyChange): unknown {
  return [property, from, to, effect?.kind, mayDiffer === true];
}

/** The policies that refuse, without their words. */
function mandatoryOf(messages: Explanation["messages"]): string[] {
  const names = messages.flatMap(({ severity, policy }) =>
    severity === "error" && policy ? [policy] : [],
  );
  return [...new Set(names)].sort();
}

/** The same text for equal values, whatever the order of their keys. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, one: unknown) => {
      if (one === null || typeof one !== "object" || Array.isArray(one)) return one;
      return Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)));
    }) ?? "undefined"
  );
}

function digest(text: string, length: number): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, length);
}
