import { createRedactor } from "../../../provider/process/redact";
import { effectKinds } from "../../../provider/resource/plan-rules";
import { parseUrn } from "../../../provider/resource/urn";
import { inOrder } from "../../../provider/resource/values";
import { definitionOf } from "../../stack/deployment";
import type { Explanation, Message, Operation, Preview, ResourceChange } from "../model";
import { type Judged, judged, type Surroundings } from "./change";
import { effects } from "./effects";
import { about, isSerious, type MessagesByUrn, messagesOf, ofNone } from "./messages";
import { hasHooks } from "./notes";
import { type Occurrence, occurrencesOf, outcomeOf } from "./occurrences";

/**
 * Says what each change of a preview does to data and service. Pure: the same preview gives the same
 * explanation. The engine's steps say what happens; this package's plan rules say why, and with what effect.
 */
export function explain(preview: Preview): Explanation {
  const occurrences = occurrencesOf(preview);
  const surroundings = surroundingsOf(preview, occurrences);
  const known = occurrences.map((one) => ({ one, ...explained(one, surroundings) }));
  const exposed = new Set(known.flatMap((each) => each.exposed));
  const messages = new Map(messagesOf(preview, createRedactor([...exposed])));
  const changes = known.flatMap(({ one, change, remarks, concealed }): ResourceChange[] => {
    if (!change) return [];
    const said = about(messages.get(one.urn) ?? [], remarks, { ...change, concealed });
    messages.delete(one.urn);
    return [{ ...change, messages: said }];
  });
  const { mentioned, others } = unattached(messages, known);
  const { source, project, stack, hasFailed, counts } = preview;
  return {
    ...{ source, project, stack, hasFailed, counts },
    changes: [...changes, ...mentioned].toSorted(byEffect),
    messages: others,
  };
}

function surroundingsOf({ steps }: Preview, occurrences: readonly Occurrence[]): Surroundings {
  const urnsOf = (...operations: Operation[]) =>
    new Set(occurrences.filter((one) => operations.includes(one.operation)).map(({ urn }) => urn));
  return {
    replaced: urnsOf("replace"),
    deleted: urnsOf("replace", "delete"),
    usesHooks: steps.some(({ old, new: now }) => hasHooks(old) || hasHooks(now)),
  };
}

/** What is known of what a host says of a resource. */
type Said = Pick<Judged, "remarks" | "concealed">;

interface Known extends Omit<Judged, "change"> {
  change?: ResourceChange;
}

function explained(occurrence: Occurrence, surroundings: Surroundings): Known {
  const { urn, step } = occurrence;
  const type = parseUrn(urn)?.type ?? step.new?.type ?? step.old?.type ?? "";
  const definition = definitionOf(type);
  if (!definition) return { change: foreign(occurrence, type), ...nothingSaid };
  const { change, ...rest } = judged(definition, occurrence, surroundings);
  if (!change) return rest;
  const identity = { urn, name: nameOf(urn), type: definition.name, definition, messages: [] };
  return { change: { ...identity, ...change }, ...rest };
}

/** Of another provider's resource, whose plan nobody here knows. */
const nothingSaid = { remarks: [], exposed: [], concealed: [] };

/** Another provider's resource: what happens to it, and no more. */
function foreign(occurrence: Occurrence, type: string): ResourceChange | undefined {
  const { urn, operation, order, step } = occurrence;
  const isComponent = (step.new ?? step.old)?.custom === false;
  if (operation === "keep" || isComponent || isSilent(urn, type, operation)) return undefined;
  return {
    ...{ urn, name: nameOf(urn), type },
    operation: outcomeOf(occurrence),
    ...(order && { order }),
    ...{ reasons: [], properties: [], notes: [], messages: [] },
  };
}

/**
 * The engine's own resources. Of these only a provider that the program declares and that is replaced
 * matters: what it serves may be replaced with it.
 */
function isSilent(urn: string, type: string, operation: Operation): boolean {
  if (type.startsWith("pulumi:pulumi:")) return true;
  const isDefault = /^default(_|$)/.test(nameOf(urn));
  return type.startsWith("pulumi:providers:") && (isDefault || operation !== "replace");
}

/** Resources of which something was said although nothing happens to them, and what is said of none. */
function unattached(
  messages: MessagesByUrn,
  known: readonly ({ one: Occurrence } & Said)[],
): { mentioned: ResourceChange[]; others: Message[] } {
  const mentioned: ResourceChange[] = [];
  const others: Message[] = [];
  const own = new Map<string | undefined, Said>(known.map((each) => [each.one.urn, each]));
  for (const [urn, said] of messages) {
    const one = urn === undefined ? undefined : unchanged(urn, said, own.get(urn) ?? nothingSaid);
    if (one) mentioned.push(one);
    else others.push(...said);
  }
  const all = known.flatMap((each) => each.remarks);
  return { mentioned, others: ofNone(others, all) };
}

/** A resource without a change: the host refused it, or has something to say of it. */
function unchanged(
  urn: string,
  said: readonly Message[],
  { remarks, concealed }: Said,
): ResourceChange | undefined {
  const token = parseUrn(urn)?.type;
  if (token === undefined || token.startsWith("pulumi:")) return undefined;
  const definition = definitionOf(token);
  const [name, type] = [nameOf(urn), definition?.name ?? token];
  const messages = about(said, remarks, { name, type, concealed });
  if (!messages.some(isSerious)) return undefined;
  const isRefused = messages.some(({ severity, policy }) => severity === "error" && !policy);
  return {
    ...{ urn, name, type },
    ...(definition && { definition, effect: isRefused ? effects.refused : effects.kept }),
    operation: isRefused ? "refuse" : "keep",
    ...{ reasons: [], properties: [], notes: [], messages },
  };
}

function nameOf(urn: string): string {
  return parseUrn(urn)?.name ?? urn;
}

/** The worst first, other providers' last; then by name. */
function byEffect(a: ResourceChange, b: ResourceChange): number {
  const rank = ({ effect }: ResourceChange) =>
    effect ? effectKinds.indexOf(effect.kind) : effectKinds.length;
  return rank(a) - rank(b) || inOrder(a.name, b.name) || inOrder(a.urn, b.urn);
}
