import { FormationsError } from "../../errors";
import { withApplied } from "../../resource/dynamic-marks";
import * as lifecycle from "../../resource/lifecycle";
import { asPending } from "../../resource/marks";
import { secretProperties } from "../../resource/property";
import { containsUnknown } from "../../resource/unknown";
import type { Values } from "../../resource/values";
import type { Pulumi } from "../pulumi";
import { type Creation, definitionOf, pendingCreations, previewedCreations } from "./creation";
import { type Decision, decide } from "./decision";
import {
  concealed,
  exportState,
  holdsSecret,
  insert,
  logicalName,
  providerOf,
  type ResourceState,
  revealed,
  type StackState,
} from "./deployment";
import { Sessions } from "./sessions";

/** What the user said that does not fit the stack. */
export class WrongAdoption extends FormationsError {
  readonly code = "WRONG_ADOPTION";
}

/** One creation, and what becomes of it. */
export interface Recovered {
  creation: Creation;
  decision: Decision;
}

/** What a recovery would do, and the state as it would be. */
export interface Recovery {
  recovered: Recovered[];
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

/** Finds out what the interrupted creations of a stack left. Changes nothing. */
export async function planRecovery(pulumi: Pulumi, options: RecoveryOptions): Promise<Recovery> {
  const before = await exportState(pulumi);
  const sessions = new Sessions(pulumi);
  const previewed = options.withPreview ? await previewedCreations(pulumi, before) : [];
  const creations = [...pendingCreations(before), ...previewed];
  for (const name of options.adopt.keys()) {
    if (creations.some((creation) => isNamed(creation, name))) continue;
    const urns = creations.map(({ resource }) => `\n  ${resource.urn}`).join("") || " none";
    throw new WrongAdoption(`${name} is no creation that did not end. There are:${urns}`);
  }
  const recovered = await Promise.all(
    creations.map(async (creation) => ({
      creation,
      decision: await examine(creation, before, sessions, options),
    })),
  );
  const repeated = (before.deployment.pending_operations ?? [])
    .filter(({ type, resource }) => type !== "creating" && definitionOf(resource.type))
    .map(({ type, resource }) => ({ type, urn: resource.urn }));
  return { recovered, repeated, before, after: completed(before, recovered) };
}

async function examine(
  creation: Creation,
  { deployment }: StackState,
  sessions: Sessions,
  { adopt, onWait }: RecoveryOptions,
): Promise<Decision> {
  const { definition, resource } = creation;
  const asked = [...adopt].find(([name]) => isNamed(creation, name))?.[1];
  try {
    const inputs = await plainInputs(creation, sessions);
    const session = await sessions.of(resource);
    const call = {
      signal: new AbortController().signal,
      progress: () => {},
      onWait,
      warn: onWait,
    };
    const found = await lifecycle.find(definition, session, inputs, call);
    if (asked === undefined) {
      const taken = takenIds(deployment.resources, resource);
      return decide(
        creation,
        inputs,
        found.filter(({ id }) => !taken.has(id)),
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

/** The IDs of the resources of the same type and account that the state has. */
function takenIds(resources: readonly ResourceState[], wanted: ResourceState): Set<string> {
  const [provider] = providerOf(wanted);
  const alike = resources.filter(
    (one) =>
      definitionOf(one.type) === definitionOf(wanted.type) &&
      providerOf(one)[0] === provider &&
      !one.pendingReplacement,
  );
  return new Set(alike.flatMap(({ id }) => id ?? []));
}

/** The state with what was found, and without the operations that are settled. */
function completed(before: StackState, recovered: readonly Recovered[]): StackState {
  const settled = recovered.filter(({ decision }) => ["adopt", "create"].includes(decision.action));
  const urns = new Set(settled.map(({ creation }) => creation.resource.urn));
  const pending = (before.deployment.pending_operations ?? []).filter(({ type, resource }) =>
    type === "creating" ? !urns.has(resource.urn) : !definitionOf(resource.type),
  );
  const resources = recovered.reduce(
    (all, { creation, decision }) =>
      decision.action === "adopt"
        ? insert(all, adopted(creation, decision), creation.besides)
        : all,
    before.deployment.resources,
  );
  const { pending_operations: _, ...rest } = before.deployment;
  const operations = pending.length > 0 ? { pending_operations: pending } : {};
  return { ...before, deployment: { ...rest, resources, ...operations } };
}

/** The resource as the engine would have kept it, had the creation ended. */
function adopted(
  { definition, isDynamic, resource }: Creation,
  { snapshot }: Extract<Decision, { action: "adopt" }>,
): ResourceState {
  const inputs = resource.inputs ?? {};
  const secrets = new Set([
    ...secretProperties(definition.inputs),
    ...Object.keys(inputs).filter((key) => holdsSecret(inputs[key])),
  ]);
  const { state } = snapshot;
  const applied = Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [key, secrets.has(key) ? state[key] : value]),
  );
  const whole = isDynamic
    ? { ...withApplied(definition, state, applied), __provider: inputs.__provider }
    : state;
  const secretOutputs = secretProperties(definition.outputs);
  const outputs = Object.entries(whole).map(([key, value]) => {
    // The program's own secrets go as the stack encrypted them.
    if (secrets.has(key) && inputs[key] !== undefined) return [key, inputs[key]];
    return [key, secrets.has(key) || secretOutputs.has(key) ? concealed(value) : value];
  });
  return { ...resource, custom: true, id: snapshot.id, outputs: Object.fromEntries(outputs) };
}

/** Whether a recovery has anything to write. */
export function changesState({ recovered, repeated, before }: Recovery): boolean {
  const isPending = (urn: string) =>
    (before.deployment.pending_operations ?? []).some(({ resource }) => resource.urn === urn);
  return (
    repeated.length > 0 ||
    recovered.some(
      ({ creation, decision }) =>
        decision.action === "adopt" ||
        (decision.action === "create" && isPending(creation.resource.urn)),
    )
  );
}
