import { FormationsError } from "../../provider/errors";
import type { Call, Found } from "../../provider/resource/lifecycle";
import * as lifecycle from "../../provider/resource/lifecycle";
import { unpack } from "../../provider/resource/marks";
import { isReplaceOnly } from "../../provider/resource/plan";
import type { Session } from "../../provider/resource/session";
import { containsUnknown, type Values } from "../../provider/resource/values";
import {
  definitionOf,
  logicalName,
  providerOf,
  type ResourceState,
  revealed,
  type StackState,
} from "../stack/deployment";
import { isDefault, type Sessions } from "../stack/sessions";
import { WrongAdoption } from "./adoption";
import type { Creation } from "./creation";
import { type Decision, decide, differencesOf } from "./decision";

/** A creation, and what is needed to look for what it left. */
interface Case {
  creation: Creation;
  /** What it asked, as far as it is known. */
  inputs: Values;
  session: Session;
  before: StackState;
  call: Call;
}

/**
 * Finds out what a creation left, and what becomes of it.
 *
 * @param asked the ID that the user named
 * @throws WrongAdoption where that ID can't be its own
 */
export async function examine(
  creation: Creation,
  asked: string | undefined,
  { before, sessions, call }: { before: StackState; sessions: Sessions; call: Call },
): Promise<Decision> {
  try {
    const missing = missingFirst(creation, before);
    if (missing !== undefined && asked === undefined) return { action: "create", why: missing };
    const inputs = await plainInputs(creation, before, sessions);
    const session = await sessions.of(creation.resource);
    const one = { creation, inputs, session, before, call };
    if (asked !== undefined) return await take(asked, one, missing === undefined);
    const taken = takenBy(one);
    const found = await lifecycle.find(
      creation.definition,
      session,
      unpack(inputs).properties,
      call,
    );
    const free = found.filter(({ id, state }) => !taken.has(placeOf(id, state)));
    return decide(creation, inputs, free, beginning(creation, before));
  } catch (error) {
    if (asked !== undefined || !(error instanceof FormationsError)) throw error;
    return { action: "leave", why: error.message };
  }
}

/** Takes what the user named, if there is such a thing and it is nobody else's. */
async function take(asked: string, one: Case, isKnown: boolean): Promise<Decision> {
  const { creation, inputs, session, call } = one;
  const { definition, resource } = creation;
  // Of some resources the inputs say the ID: their place.
  const place = isKnown ? definition.foresee?.(unpack(inputs).properties).id : undefined;
  if (place !== undefined && ![place, `${inputs.url}/${place}`].includes(asked)) {
    throw new WrongAdoption(
      `${logicalName(resource.urn)} is ${place} by what the program asks, not ${asked}.`,
    );
  }
  const id = place ?? asked;
  const found = isKnown
    ? await lifecycle.find(definition, session, unpack(inputs).properties, call)
    : [];
  const snapshot = found.find((other) => other.id === id) ?? (await named(id, one, place));
  if (!snapshot) {
    throw new WrongAdoption(`${definition.system.title} has no ${definition.name} ${asked}.`);
  }
  const holder = takenBy(one).get(placeOf(snapshot.id, snapshot.state));
  if (holder !== undefined) {
    throw new WrongAdoption(`${asked} is ${holder} in the state already.`);
  }
  const differences = differencesOf(definition, inputs, snapshot.state, (key) =>
    isReplaceOnly(key, definition.plan),
  );
  const though = differences.length > 0 ? `, though ${differences.join(", ")}` : "";
  return { action: "adopt", snapshot, why: `you named it${though}` };
}

/** What has an ID. Read as an import reads it first: what is of another kind is refused there. */
async function named(
  id: string,
  { creation: { definition }, inputs, session, call }: Case,
  place: string | undefined,
): Promise<Found | undefined> {
  const unseen = { id, state: {}, marks: {} };
  if (place === undefined && !(await lifecycle.read(definition, session, unseen, call))) {
    return undefined;
  }
  const { properties: state } = unpack(inputs);
  return lifecycle.read(definition, session, { id, state, marks: { pending: true } }, call);
}

/**
 * What a creation needs that does not exist yet, so that it cannot have begun: a preview does not know
 * the ID of what is still to be created, nor has the state a provider that no run has come to.
 */
function missingFirst({ definition, resource, origin }: Creation, { deployment }: StackState) {
  if (origin === "pending") return undefined;
  const [provider] = providerOf(resource);
  const isKnown = deployment.resources.some(({ urn }) => urn === provider);
  if (!isKnown && !isDefault(provider)) return "its provider is new";
  const unknown = Object.keys(resource.inputs ?? {}).find(
    (key) =>
      (key === definition.plan.autoname || isReplaceOnly(key, definition.plan)) &&
      containsUnknown(resource.inputs?.[key]),
  );
  return unknown && `its ${unknown} is not known before something else is created`;
}

/**
 * When this stack can have begun to create something: not before the provider that serves it was
 * there. Milliseconds since the epoch; undefined: nobody knows.
 */
function beginning({ resource, origin }: Creation, { deployment }: StackState): number | undefined {
  const [wanted, id] = providerOf(resource);
  const provider = deployment.resources.find(
    (one) => one.urn === wanted && (origin === "preview" || one.id === id),
  );
  if (!provider) return origin === "preview" ? Number.POSITIVE_INFINITY : undefined;
  return provider.created === undefined ? undefined : Date.parse(provider.created);
}

/** What a creation asked, secrets as plain values, for memory only. */
async function plainInputs(
  { resource, origin }: Creation,
  before: StackState,
  sessions: Sessions,
): Promise<Values> {
  const inputs = revealed(await shownInputs()) as Values;
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => !containsUnknown(value)));

  /** A resource may be listed more than once, with other inputs each time. */
  async function shownInputs(): Promise<Values> {
    if (origin !== "pending") return resource.inputs ?? {};
    const listed = before.deployment.pending_operations ?? [];
    const at = listed.findIndex((one) => one.resource === resource);
    const shown = (await sessions.state()).deployment.pending_operations?.[at]?.resource;
    return shown?.inputs ?? {};
  }
}

/** The places of the resources of the same type and account that the state has, with their names. */
function takenBy({ creation: { resource: wanted }, before }: Case): Map<string, string> {
  const [provider] = providerOf(wanted);
  const isAlike = (one: ResourceState) =>
    !one.pendingReplacement &&
    definitionOf(one.type) === definitionOf(wanted.type) &&
    providerOf(one)[0] === provider;
  return new Map(
    before.deployment.resources
      .filter(isAlike)
      .flatMap(({ id, urn, outputs = {} }) =>
        id ? [[placeOf(id, outputs), logicalName(urn)]] : [],
      ),
  );
}

/** What no two resources of an account share: the ID, with the server where a resource names one. */
export function placeOf(id: string, { url }: Values): string {
  return JSON.stringify([url ?? "", id]);
}
