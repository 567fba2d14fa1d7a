import { clockSkew } from "../../provider/process/clock";
import type { Definition } from "../../provider/resource/definition";
import type { Found } from "../../provider/resource/lifecycle";
import { unpack } from "../../provider/resource/marks";
import { isReplaceOnly, same } from "../../provider/resource/plan";
import { show, type Values } from "../../provider/resource/values";
import type { Creation } from "./creation";

/** What becomes of a creation that did not end. */
export type Decision =
  /** It took effect: this is what it left. */
  | { action: "adopt"; snapshot: Found; why: string }
  /** It left nothing: the next `pulumi up` creates. */
  | { action: "create"; why: string }
  /** Somebody has to say which of these it is, if any. */
  | { action: "ask"; candidates: Found[]; why: string }
  /** It could not be found out. */
  | { action: "leave"; why: string };

/**
 * Decides what a creation left, of what has its name or place. A name that the provider made can be
 * nobody else's; neither can what an operation asked for that was cut short, where it is the only one
 * and not older than what the operation came from.
 *
 * @param inputs what the creation asked
 * @param found what is not in the state yet
 * @param began when the creation can have begun, in milliseconds since the epoch; undefined: unknown
 */
export function decide(
  { definition, origin }: Creation,
  inputs: Values,
  found: readonly Found[],
  began = Number.NEGATIVE_INFINITY,
): Decision {
  const isAutonamed = unpack(inputs).marks.autonamed;
  const [first] = found;
  if (!first) return { action: "create", why: nothingLeft(definition) };
  if (found.length > 1) {
    return { action: "ask", candidates: [...found], why: `${found.length} of them are there` };
  }
  const undone = new Set(first.marks.unfinished);
  const differences = differencesOf(
    definition,
    inputs,
    first.state,
    (key) => (origin === "preview" || isReplaceOnly(key, definition.plan)) && !undone.has(key),
  );
  if (isAutonamed) return { action: "adopt", snapshot: first, why: "it has the name made for it" };
  if (differences.length > 0) {
    const why = `it differs from what the program asks: ${differences.join(", ")}`;
    return { action: "ask", candidates: [first], why };
  }
  const doubt = whoseElse(first, origin, began);
  if (doubt) return { action: "ask", candidates: [first], why: `${doubt}, and may be another's` };
  return { action: "adopt", snapshot: first, why: "it is what the program asks" };
}

/** Why it may be somebody else's, if anything speaks for that. */
function whoseElse(
  { createdAt, state }: Found,
  origin: Creation["origin"],
  began: number,
): string | undefined {
  const created = createdAt ?? state.createdAt;
  if (typeof created !== "string") {
    // An operation that was cut short is a reason of its own to take it; a preview is none.
    return origin === "preview" ? "nobody tells since when it is there" : undefined;
  }
  const isOlder = Date.parse(created) < began - clockSkew;
  return isOlder ? "it was there before this stack can have created it" : undefined;
}

function nothingLeft({ find }: Definition): string {
  return find ? "nothing of it is there" : "creating it leaves nothing on a server";
}

/**
 * Where the server has something else than was asked.
 *
 * @param counts whether a difference of a property means anything: what the rest of the creation would
 * have set does not
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
