import { FormationsError } from "../../errors";
import type { Call } from "../../resource/lifecycle";
import * as lifecycle from "../../resource/lifecycle";
import { asPending } from "../../resource/marks";
import { isReplaceOnly } from "../../resource/plan";
import { containsUnknown } from "../../resource/unknown";
import type { Values } from "../../resource/values";
import type { Pulumi } from "../pulumi";
import { completed, isSettledAtOnce, type Recovered } from "./completion";
import { type Creation, definitionOf, pendingCreations, preview } from "./creation";
import { type Decision, decide } from "./decision";
import {
  exportState,
  logicalName,
  providerOf,
  type ResourceState,
  revealed,
  type StackState,
} from "./deployment";
import { type Removal, removals } from "./removal";
import { isDefault, Sessions } from "./sessions";

/** What the user said that does not fit the stack. */
export class WrongAdoption extends FormationsError {
  readonly code = "WRONG_ADOPTION";
}

/** What a recovery would do, and the state as it would be. */
export interface Recovery {
  recovered: Recovered[];
  /** What the state has, and a deletion took or is taking away on the server. */
  removed: Removal[];
  /** Interrupted changes and deletions, by URN: what the next run does again anyway. */
  repeated: { urn: string; type: string }[];
  before: StackState;
  /** The same as `before` where there is nothing to write. */
  after: StackState;
}

/** What the user wants. */
export interface RecoveryOptions {
  /** IDs to adopt, by URN or logical name. */
  adopt: ReadonlyMap<string, string>;
  /** Whether the creations of a preview are looked for too. */
  withPreview: boolean;
  /** Told why and how long something waits. */
  onWait(text: string): void;
}

/** Finds out what the interrupted creations and deletions of a stack left. Changes nothing. */
export async function planRecovery(pulumi: Pulumi, options: RecoveryOptions): Promise<Recovery> {
  const before = await exportState(pulumi);
  const sessions = new Sessions(pulumi);
  const next = options.withPreview ? await preview(pulumi, before) : undefined;
  const creations = [...pendingCreations(before), ...(next?.creations ?? [])];
  for (const name of options.adopt.keys()) {
    if (creations.some((creation) => isNamed(creation, name))) continue;
    const urns = creations.map(({ resource }) => `\n  ${resource.urn}`).join("") || " none";
    throw new WrongAdoption(`${name} is no creation that did not end. There are:${urns}`);
  }
  const recovered = distinct(
    await Promise.all(
      creations.map(async (creation) => ({
        creation,
        decision: await examine(creation, before, sessions, options),
      })),
    ),
  );
  const removed = await removals(before, next?.replaced, sessions, callOf(options));
  const repeated = (before.deployment.pending_operations ?? [])
    .filter(({ type, resource }) => type !== "creating" && definitionOf(resource.type))
    .filter(({ resource }) => !removed.some((one) => one.resource.urn === resource.urn))
    .map(({ type, resource }) => ({ type, urn: resource.urn }));
  return { recovered, removed, repeated, before, after: completed(before, recovered, removed) };
}

/** A resource whose creation was killed twice is listed twice: what is the same counts once. */
function distinct(recovered: readonly Recovered[]): Recovered[] {
  const isNews = (one: Recovered, index: number) =>
    !recovered.some((other, at) => {
      if (at === index || other.creation.resource.urn !== one.creation.resource.urn) return false;
      if (one.decision.action !== other.decision.action) return one.decision.action === "create";
      return at < index && idOf(one) === idOf(other);
    });
  return recovered.filter(isNews);
}

function idOf({ decision }: Recovered): string | undefined {
  return decision.action === "adopt" ? decision.snapshot.id : undefined;
}

function callOf({ onWait }: RecoveryOptions): Call {
  const { signal } = new AbortController();
  return { signal, progress: () => {}, onWait, warn: onWait };
}

async function examine(
  creation: Creation,
  before: StackState,
  sessions: Sessions,
  options: RecoveryOptions,
): Promise<Decision> {
  const { definition, resource } = creation;
  const asked = [...options.adopt].find(([name]) => isNamed(creation, name))?.[1];
  try {
    const missing = missingFirst(creation, before);
    if (missing !== undefined && asked === undefined) return { action: "create", why: missing };
    const inputs = await plainInputs(creation, sessions);
    const session = await sessions.of(resource);
    const call = callOf(options);
    const isKnown = missing === undefined;
    const found = isKnown ? await lifecycle.find(definition, session, inputs, call) : [];
    if (asked === undefined) {
      const taken = takenBy(before.deployment.resources, resource);
      return decide(
        creation,
        inputs,
        found.filter((one) => !taken.has(placeOf(one.id, one.state))),
      );
    }
    const snapshot =
      found.find(({ id }) => id === asked) ??
      (await lifecycle.read(definition, session, asked, asPending(inputs), call));
    if (snapshot) return { action: "adopt", snapshot, why: "you named it" };
    throw new WrongAdoption(`${definition.system.title} has no ${definition.name} ${asked}.`);
  } catch (error) {
    if (asked !== undefined || !(error instanceof FormationsError)) throw error;
    return { action: "leave", why: error.message };
  }
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

/** What a creation asked, secrets as plain values, for memory only. */
async function plainInputs(creation: Creation, sessions: Sessions): Promise<Values> {
  const { resource, origin } = creation;
  const operations = (await sessions.state()).deployment.pending_operations ?? [];
  const shown =
    origin === "pending"
      ? operations.find((one) => one.type === "creating" && one.resource.urn === resource.urn)
          ?.resource
      : resource;
  const inputs = revealed(shown?.inputs ?? {}) as Values;
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => !containsUnknown(value)));
}

function isNamed({ resource }: Creation, name: string): boolean {
  return resource.urn === name || logicalName(resource.urn) === name;
}

/** The places of the resources of the same type and account that the state has. */
function takenBy(resources: readonly ResourceState[], wanted: ResourceState): Set<string> {
  const [provider] = providerOf(wanted);
  const alike = resources.filter(
    (one) =>
      !one.pendingReplacement &&
      definitionOf(one.type) === definitionOf(wanted.type) &&
      providerOf(one)[0] === provider,
  );
  return new Set(alike.flatMap(({ id, outputs = {} }) => (id ? placeOf(id, outputs) : [])));
}

/** What no two resources of an account share: the ID, with the server where a resource names one. */
function placeOf(id: string, { url }: Values): string {
  return JSON.stringify([url ?? "", id]);
}

/** Whether a recovery has anything to write. */
export function changesState({ recovered, removed, repeated, before }: Recovery): boolean {
  const pending = before.deployment.pending_operations ?? [];
  const isPending = (urn: string) => pending.some(({ resource }) => resource.urn === urn);
  return (
    repeated.length > 0 ||
    removed.length > 0 ||
    pending.some(({ type, resource }) => isSettledAtOnce(type, resource)) ||
    recovered.some(
      ({ creation, decision }) =>
        decision.action === "adopt" ||
        (decision.action === "create" && isPending(creation.resource.urn)),
    )
  );
}
