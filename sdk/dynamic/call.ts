import { milliseconds } from "../../provider/process/duration";
import type { NamingMode } from "../../provider/resource/naming";
import { parseUrn } from "../../provider/resource/urn";
import { unknownValue, type Values } from "../../provider/resource/values";

/*
 * What a class knows and Pulumi's dynamic provider does not pass on: the resource's URN, its timeouts,
 * whether this is a preview. The class puts it among the inputs, under a hidden key that a check takes out
 * again, so that no state has it. Later calls of the same process find it by the inputs that the check
 * returned, or by the ID that a diff was about.
 *
 * The classes import this file at the start of every program: it must not load zod.
 */

/** In the inputs of the program; never in a state. */
export const callMark = "__call";

/** What a class tells of its resource. */
export interface CallNote {
  urn: string;
  /** As the program's `customTimeouts` says: `30m`. */
  create?: string;
  update?: string;
  /** What `pulumi:autonaming` says of the name among the inputs. Default: it is the provider's own. */
  naming?: Exclude<NamingMode, "default">;
  /** The inputs whose change the program makes a replacement; `*`: each of them. */
  replaceOnChanges?: readonly string[];
  /** The unknown value in a preview, so that a plan that is made of it allows for its absence. */
  preview?: string;
  /** Inputs that the program makes secrets: Pulumi passes a dynamic provider their values without the marks. */
  secrets?: readonly string[];
}

/** What is known of a resource while a process runs. */
export interface Known {
  urn?: string;
  /** Its inputs in the run before, if there was one. */
  before?: Values;
  isPreview: boolean;
  /** Inputs that the program makes secrets. */
  secrets: ReadonlySet<string>;
  /** Milliseconds, where the program says so. */
  timeouts: { create?: number; update?: number };
  /** The inputs whose change the program makes a replacement; `*`: each of them. */
  replaceOnChanges: readonly string[];
  /** How the name among its inputs was made, where the program gives none. */
  naming: NamingMode;
}

/** What the checks of one process noted. */
export class CallNotes {
  readonly #byUrn = new Map<string, Known>();
  readonly #byInputs = new Map<string, Known | "ambiguous">();
  readonly #byId = new Map<string, Known>();

  /**
   * Notes what the class of a resource says at a check.
   *
   * @param before the inputs of the run before; undefined: there was none, or it is a replacement
   */
  take(bag: Values, before: Values | undefined): Known {
    const note = bag[callMark] as CallNote | undefined;
    const earlier = note && this.#byUrn.get(note.urn);
    const known: Known = {
      urn: note?.urn,
      before: before ?? earlier?.before,
      isPreview: note?.preview === unknownValue,
      secrets: new Set(note?.secrets),
      timeouts: { create: milliseconds(note?.create), update: milliseconds(note?.update) },
      replaceOnChanges: note?.replaceOnChanges ?? [],
      naming: note?.naming ?? "default",
    };
    if (note) this.#byUrn.set(note.urn, known);
    return known;
  }

  /** Notes which inputs a check returned for a resource: two resources may have the same. */
  checked(resource: string, inputs: Values, known: Known): void {
    const key = keyOf(resource, inputs);
    const other = this.#byInputs.get(key);
    const isSame = other === undefined || (other !== "ambiguous" && other.urn === known.urn);
    this.#byInputs.set(key, isSame ? known : "ambiguous");
  }

  /** What is known of the resource that has these checked inputs, or else this ID. */
  find(resource: string, inputs: Values | undefined, id?: string): Known | undefined {
    // A refresh checks nothing.
    const isNoted = inputs !== undefined && this.#byInputs.size > 0;
    const found = isNoted ? this.#byInputs.get(keyOf(resource, inputs)) : undefined;
    const known = found === "ambiguous" ? undefined : found;
    if (id === undefined) return known;
    if (known) this.#byId.set(`${resource} ${id}`, known);
    return known ?? this.#byId.get(`${resource} ${id}`);
  }
}

/** A resource as a message names it: `events (Formation)`. */
export function labelOf(resource: string, { urn }: Known): string | undefined {
  const name = urn === undefined ? undefined : parseUrn(urn)?.name;
  return name === undefined ? undefined : `${name} (${resource})`;
}

/** The same for each bag of the same content, however the engine has ordered it. */
function keyOf(resource: string, inputs: Values): string {
  const { __provider: _, ...own } = inputs;
  return JSON.stringify([resource, ordered(own)]);
}

/** A value whose objects have their keys in order, without those that are null. */
function ordered(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(ordered);
  const fields = value as Values;
  const keys = Object.keys(fields).filter((key) => fields[key] !== null);
  return keys.sort().map((key) => [key, ordered(fields[key])]);
}
