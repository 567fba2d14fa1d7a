import { clockSkew } from "../../provider/process/clock";
import type { Definition } from "../../provider/resource/definition";
import { creationTimeOf } from "../../provider/resource/identity";
import type { Found } from "../../provider/resource/lifecycle";
import { unpack } from "../../provider/resource/marks";
import { isReplaceOnly, same } from "../../provider/resource/plan";
import { show, type Values } from "../../provider/resource/values";
import type { InterruptedCreation } from "./creation";

/** What to do about a creation that was interrupted. */
export type Decision =
  /** It took effect: this is its result. */
  | { action: "adopt"; snapshot: Found; why: string }
  /** It left nothing: the next `pulumi up` creates the resource. */
  | { action: "create"; why: string }
  /** The user has to say which of these it is, if any. `isMatch`: there is one, and nothing differs. */
  | { action: "ask"; candidates: Found[]; why: string; isMatch?: boolean }
  /** Its result could not be found out. */
  | { action: "leave"; why: string };

/**
 * Decides which of the resources with its name or place is a creation's result. A name that the
 * provider made can't belong to anybody else. Nor can the one match of an interrupted operation, unless it is older
 * than the provider that the operation used.
 *
 * @param inputs what the creation asked for
 * @param found resources that are not in the state yet
 * @param began the earliest time of the creation, in milliseconds since the epoch. Default: unknown
 */
export function decide(
  { definition, origin }: InterruptedCreation,
  inputs: Values,
  found: readonly Found[],
  began = Number.NEGATIVE_INFINITY,
): Decision {
  const isOwnName = unpack(inputs).marks.autonamed === true;
  const [first] = found;
  if (!first) return { action: "create", why: nothingLeft(definition) };
  if (found.length > 1) {
    return { action: "ask", candidates: [...found], why: `${found.length} resources match` };
  }
  const undone = new Set(first.marks.unfinished);
  const differing = (counts: (key: string) => boolean) =>
    differencesOf(definition, inputs, first.state, (key) => counts(key) && !undone.has(key));
  const differences = differing(
    (key) => origin === "preview" || isReplaceOnly(key, definition.plan),
  );
  if (isOwnName) return { action: "adopt", snapshot: first, why: "it has the generated name" };
  if (differences.length > 0) {
    const why = `it differs from the program: ${differences.join(", ")}`;
    return { action: "ask", candidates: [first], why };
  }
  const doubt = doubtAbout(first, origin, began);
  if (doubt) {
    const isMatch = differing(() => true).length === 0 && !setsUnreadable(definition, inputs);
    const why = `${doubt}, so it may belong to someone else`;
    return { action: "ask", candidates: [first], why, isMatch };
  }
  return { action: "adopt", snapshot: first, why: "it matches the program" };
}

/** Why it may belong to someone else, if there is a reason. */
function doubtAbout(
  found: Found,
  origin: InterruptedCreation["origin"],
  began: number,
): string | undefined {
  const created = creationTimeOf(found);
  if (created === undefined) {
    // An interrupted operation speaks for it; a preview doesn't.
    return origin === "preview" ? "its creation time is unknown" : undefined;
  }
  const isOlder = Date.parse(created) < began - clockSkew;
  return isOlder ? "it existed before this stack could have created it" : undefined;
}

/** Whether the program sets what the server never returns, so that nobody can compare it. */
function setsUnreadable({ inputs: schema }: Definition, asked: Values): boolean {
  return Object.keys(asked).some((key) => schema.shape[key]?.meta()?.writeOnly === true);
}

/** A decision for a user who wants every resource that equals the program. */
export function withoutDoubt(decision: Decision): Decision {
  const [only] = decision.action === "ask" && decision.isMatch ? decision.candidates : [];
  return only ? { action: "adopt", snapshot: only, why: "it matches the program" } : decision;
}

function nothingLeft({ find }: Definition): string {
  return find ? "the server does not have it" : "creating it leaves nothing on the server";
}

/**
 * How a resource on the server differs from what was asked for.
 *
 * @param counts whether a difference in a property matters: not if the rest of the creation would have
 * set it
 */
export function differencesOf(
  { inputs: schema, plan }: Definition,
  asked: Values,
  state: Values,
  counts: (key: string) => boolean,
): string[] {
  return Object.entries(unpack(asked).properties)
    .filter(([key]) => Object.hasOwn(schema.shape, key) && counts(key))
    .filter(([key]) => schema.shape[key]?.meta()?.writeOnly !== true)
    .filter(([key, value]) => !same(plan, key, state[key], value))
    .map(([key, value]) => `${key} is ${show(state[key])}, not ${show(value)}`);
}
