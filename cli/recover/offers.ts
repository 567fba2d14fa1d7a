import { placeOf } from "../../provider/resource/identity";
import type { Found } from "../../provider/resource/lifecycle";
import { unpack } from "../../provider/resource/marks";
import { isReplaceOnly } from "../../provider/resource/plan";
import { logicalName } from "../../provider/resource/urn";
import type { Values } from "../../provider/resource/values";
import { definitionOf, providerOf, type ResourceState, type StackState } from "../stack/deployment";
import { isDefault } from "../stack/sessions";
import { inUtcIfTime } from "../terminal/time";
import type { Offer } from "./adoption-file";
import type { InterruptedCreation } from "./creation";
import { type Decision, differencesOf } from "./decision";

/** Which creation each offer of a file is for. */
export interface Assigned {
  /** By the creation's URN. */
  offers: ReadonlyMap<string, Offer>;
  /** Those that the state has already. */
  held: Offer[];
  /** Those that nothing can take, each with the reason: whole sentences. */
  left: string[];
}

/** Finds the creations that a file's offers are for: those of their type and name. */
export function assign(
  offers: readonly Offer[],
  creations: readonly InterruptedCreation[],
  { deployment }: StackState,
): Assigned {
  const assigned = new Map<string, Offer>();
  const held: Offer[] = [];
  const left: string[] = [];
  for (const offer of offers) {
    const { definition, name, id } = offer;
    const isMeant = ({ type, urn }: ResourceState) =>
      definitionOf(type) === definition && logicalName(urn) === name;
    const wanted = creations.map(({ resource }) => resource).filter(isMeant);
    const [urn, ...others] = new Set(wanted.map((one) => one.urn));
    const existing = deployment.resources.filter((one) => isMeant(one) && !one.delete);
    const what = `${name} (${definition.name})`;
    if (urn !== undefined && others.length === 0) assigned.set(urn, offer);
    else if (urn !== undefined) {
      left.push(
        `${what}: several resources of the program have this name. Use --adopt with the URN.`,
      );
    } else if (existing.some((one) => one.id === id)) held.push(offer);
    else if (existing.length > 0) {
      left.push(`${what}: the state has it already, with ID ${existing[0]?.id}, not ${id}.`);
    } else left.push(`${what}: the program does not declare it, so ${id} stays unmanaged.`);
  }
  return { offers: assigned, held, left };
}

/** What a decision about an offer takes. */
export interface OfferCase {
  creation: InterruptedCreation;
  offer: Offer;
  /** What the program asks, as far as it is known, secrets in plain where they had to be read. */
  inputs: Values;
  /** The places that the state has for resources of this kind and account, with their names. */
  held: ReadonlyMap<string, string>;
}

/**
 * Decides about a resource that a file offers, without a request. What is no longer in the place that the
 * program asks for is never adopted on the file's word alone.
 */
export function decideOffer({ creation, offer, inputs, held }: OfferCase): Decision {
  const { definition, resource } = creation;
  const [provider] = providerOf(resource);
  const own = isDefault(provider) ? undefined : provider;
  if (own !== offer.provider) {
    const why = `the file has it in the account of ${accountOf(offer.provider)}, while the program has it in that of ${accountOf(own)}.`;
    return { action: "leave", why };
  }
  const snapshot = snapshotOf(offer, inputs);
  const holder = held.get(placeOf(definition, offer.id, snapshot.state));
  if (holder !== undefined) {
    return { action: "leave", why: `${offer.id} is already in the state, as ${holder}.` };
  }
  const differing = (counts: (key: string) => boolean) =>
    differencesOf(definition, inputs, snapshot.state, counts);
  const elsewhere = differing((key) => isReplaceOnly(key, definition.plan));
  if (elsewhere.length > 0) {
    const why = `the file has it, but it differs from the program: ${elsewhere.join(", ")}`;
    return { action: "ask", candidates: [snapshot], why };
  }
  const others = differing(() => true);
  const though = others.length > 0 ? `, although ${others.join(", ")}` : "";
  return {
    action: "adopt",
    snapshot,
    why: `the file has it, as of ${inUtcIfTime(offer.readAt)}${though}`,
  };
}

function accountOf(provider: string | undefined): string {
  return provider === undefined ? "the default provider" : `provider ${logicalName(provider)}`;
}

/**
 * The resource as a search for the program's own would have found it. What no server returns is the
 * program's; a secret that is not known to be stored is stored by the next run.
 */
function snapshotOf({ definition, id, state, marks }: Offer, inputs: Values): Found {
  const { properties: asked } = unpack(inputs);
  const unreadable = Object.entries(definition.inputs.shape)
    .filter(([, property]) => property.meta()?.writeOnly === true)
    .map(([key]) => key);
  const whole: Values = { ...state };
  const unfinished = new Set(marks.unfinished);
  for (const key of unreadable) {
    if (isReplaceOnly(key, definition.plan)) {
      if (asked[key] !== undefined) whole[key] = asked[key];
    } else if (key in inputs && (state[key] === undefined || state[key] !== asked[key])) {
      delete whole[key];
      unfinished.add(key);
    }
  }
  return { id, state: whole, marks: { ...marks, unfinished: [...unfinished] } };
}

/** Whether an offer has a secret's value, which has to be compared with the program's. */
export function hasSecretValue({ definition, state }: Offer): boolean {
  return Object.entries(definition.inputs.shape).some(
    ([key, property]) => property.meta()?.writeOnly === true && state[key] !== undefined,
  );
}
