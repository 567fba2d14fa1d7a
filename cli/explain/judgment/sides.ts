import { isDeepStrictEqual } from "node:util";
import type { Definition, DiffRequest } from "../../../provider/resource/definition";
import {
  below,
  holdsSecret,
  type Secrets,
  secretKeys,
  secretProperties,
  secretsOf,
  union,
} from "../../../provider/resource/secrets";
import { isHidden, type Values } from "../../../provider/resource/values";
import { unpackInputs, unpackState } from "../../../sdk/dynamic/marks";
import type { ResourceState } from "../../stack/deployment";
import { secretText } from "../../stack/deployment";
import type { Step } from "../model";
import { normalised, plainSecrets, secretsOfAll, secretsWithin } from "./values";

/** The three sides of a change, the same for both hosts, and where they have secrets. */
export interface Sides extends Omit<DiffRequest, "id" | "secrets"> {
  secrets: Secrets;
  /** Secrets that the preview shows all the same. */
  exposed: readonly string[];
}

/** Takes a step of either host apart. */
export function sidesOf(definition: Definition, step: Step): Sides {
  const [oldInputs, oldOutputs, newInputs] = [
    bagOf(step.old?.inputs),
    bagOf(step.old?.outputs),
    bagOf(step.new?.inputs),
  ];
  const before = unpackInputs(oldInputs);
  const state = unpackState(definition, oldOutputs);
  const now = unpackInputs(newInputs);
  const applied = step.old?.inputs ? before.properties : state.applied;
  const all = [applied, state.properties, now.properties, now.former, before.former, state.applied];
  const known = union(secretsOf(definition.inputs), secretsOf(definition.outputs));
  const secrets = secretsOfAll([...all, normalised(step.new?.outputs)], known);
  return {
    ...{ applied, state: state.properties, marks: state.marks, news: now.properties },
    ...{ autonamed: now.marks.autonamed ?? false, secrets },
    exposed: all.flatMap((one) => plainSecrets(one, secrets)),
  };
}

/** Marks of the dynamic host that are lists; its other marks are of any type, or objects. */
const lists = ["__unset", "__foreseen"];

/** A bag that can be taken apart: a mark of another type counts as absent. */
function bagOf(values: Values | undefined): Values {
  const sound = Object.entries(normalised(values)).filter(
    ([key, value]) => !lists.includes(key) || Array.isArray(value),
  );
  return Object.fromEntries(sound);
}

/** Whether a property changed: only the host knows it of a secret, which a preview does not show. */
export type Evidence = "changed" | "unchanged" | "not known";

/** What the host says of a property besides its values. */
export function evidenceOf(step: Step, property: string): Evidence {
  const { detailedDiff, diffReasons, replaceReasons } = step;
  const named = [...Object.keys(detailedDiff ?? {}), ...diffReasons, ...replaceReasons];
  if (named.some((path) => headOf(path) === property)) return "changed";
  if (detailedDiff) return "unchanged";
  if (!isDynamic(step)) return "not known";
  const { former } = formerIn(step.new);
  if (former && Object.hasOwn(former, property)) return "changed";
  // The inputs of a replacement were checked as those of a new resource, which remembers nothing.
  return former || step.op === "update" ? "unchanged" : "not known";
}

/**
 * The sides with what the host says of secrets, which all look alike: one that it calls changed is another
 * on each side, one that it calls unchanged is the same on all.
 */
export function settled(sides: Sides, step: Step): Sides {
  const [applied, state, news] = [{ ...sides.applied }, { ...sides.state }, { ...sides.news }];
  for (const key of secretKeys(sides.secrets)) {
    const evidence = evidenceOf(step, key);
    // A value that is sent again is one that did not change.
    const isOpen = evidence === "not known" || sides.marks.unfinished?.includes(key);
    if (news[key] === undefined || isOpen || !hidesChange(sides, key)) continue;
    const now = evidence === "unchanged" ? (state[key] ?? news[key]) : news[key];
    news[key] = now;
    for (const side of [applied, state]) {
      if (side[key] === undefined) continue;
      if (evidence === "unchanged") side[key] = now;
      else if (isDeepStrictEqual(side[key], now)) side[key] = anotherSecret;
    }
  }
  return { ...sides, applied, state, news };
}

/**
 * The inputs that only the program makes secrets, where the host is not told so and may say their values:
 * the engine passes a dynamic provider values without their marks.
 */
export function concealedIn(definition: Definition, step: Step, { secrets }: Sides): string[] {
  if (!isDynamic(step)) return [];
  const known = secretProperties(definition.inputs);
  const inputs = Object.keys(definition.inputs.shape);
  return inputs.filter((key) => !known.has(key) && holdsSecret(below(secrets, key)));
}

/** Whether a property has a value on any side that the preview does not show. */
export function hidesChange({ applied, state, news }: Sides, key: string): boolean {
  const values = [applied[key], state[key], news[key]];
  return values.some((value) => holdsSecret(secretsWithin(value)));
}

/** Differs from every value of a preview. */
const anotherSecret = { [secretText]: "another" };

/** The property that a path begins with: `options` of `options.env["A"]`. */
export function headOf(path: string): string {
  return /^[^.[\]"]+/.exec(path)?.[0] ?? /^\["([^"]+)"\]/.exec(path)?.[1] ?? path;
}

/** Whether the dynamic host serves the resource of a step. */
function isDynamic({ urn, old, new: now }: Step): boolean {
  return [urn, old?.type, now?.type].some((type) => type?.includes("pulumi-nodejs:dynamic/"));
}

function formerIn(state: ResourceState | undefined): { former?: Values } {
  const former = state?.inputs?.__former;
  return typeof former === "object" && former !== null ? { former: former as Values } : {};
}

/** The properties whose values the program hides: `hideDiff` in the digest, `hideDiffs` in the events. */
export function hiddenIn(...states: readonly (ResourceState | undefined)[]): ReadonlySet<string> {
  const paths = states.flatMap((state) => [state?.hideDiff, state?.hideDiffs]);
  const heads = paths.flatMap((list) => (Array.isArray(list) ? list.map(pathHead) : []));
  return new Set(heads.filter((head) => head !== "" && !isHidden(head)));
}

/** The events and the digest have a path as a list of its steps. */
function pathHead(path: unknown): string {
  if (typeof path === "string") return headOf(path);
  return Array.isArray(path) && typeof path[0] === "string" ? path[0] : "";
}
