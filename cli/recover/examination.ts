import { FormationsError } from "../../provider/errors";
import { placeOf } from "../../provider/resource/identity";
import type { Call, Found } from "../../provider/resource/lifecycle";
import * as lifecycle from "../../provider/resource/lifecycle";
import { unpack } from "../../provider/resource/marks";
import { isReplaceOnly } from "../../provider/resource/plan";
import type { Session } from "../../provider/resource/session";
import { logicalName } from "../../provider/resource/urn";
import { containsUnknown, type Values } from "../../provider/resource/values";
import {
  definitionOf,
  providerOf,
  type ResourceState,
  revealed,
  type StackState,
} from "../stack/deployment";
import type { Sessions } from "../stack/sessions";
import { WrongAdoption } from "./adoption";
import type { Offer } from "./adoption-file";
import type { InterruptedCreation } from "./creation";
import { type Decision, decide, differencesOf } from "./decision";
import { decideOffer } from "./offers";

/** A creation, and what it takes to find its result. */
interface Case {
  creation: InterruptedCreation;
  /** What it asked for, as far as it is known. */
  inputs: Values;
  session: Session;
  before: StackState;
  call: Call;
}

/**
 * Finds a creation's result, and decides what to do about it.
 *
 * @param asked the ID that the user named
 * @throws WrongAdoption if that ID can't be its own
 */
export async function examine(
  creation: InterruptedCreation,
  asked: string | undefined,
  { before, sessions, call }: { before: StackState; sessions: Sessions; call: Call },
): Promise<Decision> {
  try {
    const missing = await missingFirst(creation, sessions);
    if (missing !== undefined && asked === undefined) return { action: "create", why: missing };
    const inputs = await plainInputs(creation, before, sessions);
    const session = await sessions.of(creation.resource);
    const one = { creation, inputs, session, before, call };
    if (asked !== undefined) return await adoptNamed(asked, one, missing === undefined);
    const { definition } = creation;
    const held = heldPlaces(one);
    const { properties } = unpack(inputs);
    const found = await lifecycle.find(definition, session, properties, call);
    const free = found.filter(({ id, state }) => !held.has(placeOf(definition, id, state)));
    return decide(creation, inputs, free, beginning(creation, before));
  } catch (error) {
    if (asked !== undefined || !(error instanceof FormationsError)) throw error;
    return { action: "leave", why: error.message };
  }
}

/** What it takes to decide about an offer. */
interface OfferSurroundings {
  before: StackState;
  sessions: Sessions;
  /** The program's inputs by URN, secrets in plain; empty: they did not have to be read. */
  plain: ReadonlyMap<string, Values>;
}

/**
 * Decides about a creation for which a file offers a resource. No request is sent.
 */
export async function examineOffer(
  creation: InterruptedCreation,
  offer: Offer,
  { before, sessions, plain }: OfferSurroundings,
): Promise<Decision> {
  const asked = await plainInputs(creation, before, sessions);
  const inputs = known({ ...asked, ...plain.get(creation.resource.urn) });
  return decideOffer({ creation, offer, inputs, held: heldPlaces({ creation, before }) });
}

/** Adopts what the user named, if it exists and no other resource of the stack has it. */
async function adoptNamed(asked: string, one: Case, isKnown: boolean): Promise<Decision> {
  const { creation, inputs, session, call } = one;
  const { definition, resource } = creation;
  // The inputs of some resources determine the ID.
  const foreseen = isKnown ? definition.foresee?.(unpack(inputs).properties).id : undefined;
  if (
    foreseen !== undefined &&
    ![foreseen, placeOf(definition, foreseen, inputs)].includes(asked)
  ) {
    throw new WrongAdoption(
      `According to the program, ${logicalName(resource.urn)} is ${foreseen}, not ${asked}.`,
    );
  }
  const id = foreseen ?? asked;
  const found = isKnown
    ? await lifecycle.find(definition, session, unpack(inputs).properties, call)
    : [];
  const snapshot = found.find((other) => other.id === id) ?? (await readNamed(id, one, foreseen));
  if (!snapshot) {
    throw new WrongAdoption(`${definition.system.title} has no ${definition.name} ${asked}.`);
  }
  const holder = heldPlaces(one).get(placeOf(definition, snapshot.id, snapshot.state));
  if (holder !== undefined) {
    throw new WrongAdoption(`${asked} is already in the state, as ${holder}.`);
  }
  const differences = differencesOf(definition, inputs, snapshot.state, (key) =>
    isReplaceOnly(key, definition.plan),
  );
  const though = differences.length > 0 ? `, although ${differences.join(", ")}` : "";
  return { action: "adopt", snapshot, why: `you named it${though}` };
}

/** Reads an ID. An import's read comes first, since that refuses a resource of another kind. */
async function readNamed(
  id: string,
  { creation: { definition }, inputs, session, call }: Case,
  foreseen: string | undefined,
): Promise<Found | undefined> {
  const unseen = { id, state: {}, marks: {} };
  if (foreseen === undefined && !(await lifecycle.read(definition, session, unseen, call))) {
    return undefined;
  }
  const { properties: state } = unpack(inputs);
  return lifecycle.read(definition, session, { id, state, marks: { pending: true } }, call);
}

/**
 * What a creation needs that does not exist yet, so that it cannot have started: a preview does not know
 * the ID of a resource before it is created.
 */
async function missingFirst(
  { definition, resource, origin }: InterruptedCreation,
  sessions: Sessions,
): Promise<string | undefined> {
  if (origin === "pending") return undefined;
  if (!(await sessions.canServe(resource))) {
    return "its provider depends on a resource that does not exist yet";
  }
  const unknown = Object.keys(resource.inputs ?? {}).find(
    (key) =>
      (key === definition.plan.autoname || isReplaceOnly(key, definition.plan)) &&
      containsUnknown(resource.inputs?.[key]),
  );
  return unknown && `its ${unknown} depends on a resource that does not exist yet`;
}

/**
 * The earliest time at which this stack can have created a resource: when its provider was added to the
 * state. Milliseconds since the epoch; undefined: unknown.
 */
function beginning(
  { resource, origin }: InterruptedCreation,
  { deployment }: StackState,
): number | undefined {
  const [wanted, id] = providerOf(resource);
  const provider = deployment.resources.find(
    (one) => one.urn === wanted && (origin === "preview" || one.id === id),
  );
  if (!provider) return origin === "preview" ? Number.POSITIVE_INFINITY : undefined;
  return provider.created === undefined ? undefined : Date.parse(provider.created);
}

/** What a creation asked for, secrets in plain, for memory only. */
async function plainInputs(
  { resource, origin }: InterruptedCreation,
  before: StackState,
  sessions: Sessions,
): Promise<Values> {
  return known(revealed(await shownInputs()) as Values);

  /** A resource may be listed more than once, with different inputs. */
  async function shownInputs(): Promise<Values> {
    if (origin !== "pending") return resource.inputs ?? {};
    const listed = before.deployment.pending_operations ?? [];
    const at = listed.findIndex((one) => one.resource === resource);
    const shown = (await sessions.state()).deployment.pending_operations?.[at]?.resource;
    return shown?.inputs ?? {};
  }
}

/** Inputs without those that a preview does not know. */
function known(inputs: Values): Values {
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => !containsUnknown(value)));
}

/** The places that the state has for resources of the same type and account, with their names. */
function heldPlaces({ creation, before }: Pick<Case, "creation" | "before">): Map<string, string> {
  const { resource: wanted } = creation;
  const [provider] = providerOf(wanted);
  const isAlike = (one: ResourceState) =>
    !one.pendingReplacement &&
    definitionOf(one.type) === definitionOf(wanted.type) &&
    providerOf(one)[0] === provider;
  return new Map(
    before.deployment.resources
      .filter(isAlike)
      .flatMap(({ id, urn, outputs = {} }) =>
        id ? [[placeOf(creation.definition, id, outputs), logicalName(urn)]] : [],
      ),
  );
}
