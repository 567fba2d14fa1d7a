import type { Definition } from "../../provider/resource/definition";
import { pack, unpack } from "../../provider/resource/marks";
import { secretProperties } from "../../provider/resource/secrets";
import { containsUnknown, type Values } from "../../provider/resource/values";
import { packState } from "../../sdk/dynamic/marks";
import {
  concealed,
  containsSecret,
  definitionOf,
  insert,
  type ResourceState,
  remove,
  type StackState,
} from "../stack/deployment";
import type { InterruptedCreation } from "./creation";
import type { Decision } from "./decision";
import type { Removal } from "./removal";

/** One creation, and what to do about it. */
export interface Recovered {
  creation: InterruptedCreation;
  decision: Decision;
}

/** The state with what was found, but without what is gone and without the settled operations. */
export function completed(
  before: StackState,
  recovered: readonly Recovered[],
  removed: readonly Removal[],
): StackState {
  const settled = recovered.filter(({ decision }) => ["adopt", "create"].includes(decision.action));
  const urns = new Set(settled.map(({ creation }) => creation.resource.urn));
  const pending = (before.deployment.pending_operations ?? []).filter(({ type, resource }) => {
    if (isSettledAtOnce(type, resource)) return false;
    return type === "creating" ? !urns.has(resource.urn) : !definitionOf(resource.type);
  });
  const gone = new Set(removed.map(({ resource }) => resource.urn));
  const resources = inOrder(recovered).reduce(
    (all, { creation, decision }) =>
      decision.action === "adopt"
        ? insert(all, adopted(creation, decision), creation.besides)
        : all,
    remove(before.deployment.resources, gone),
  );
  const { pending_operations: _, ...rest } = before.deployment;
  const operations = pending.length > 0 ? { pending_operations: pending } : {};
  return { ...before, deployment: { ...rest, resources, ...operations } };
}

/**
 * The order in which the engine would have created them, parents and dependencies first: it lists the
 * newest of the interrupted operations first, and the steps of a preview as it takes them. Of two
 * operations for one resource the newest comes last, as it is current.
 */
function inOrder(recovered: readonly Recovered[]): Recovered[] {
  const isPending = ({ creation }: Recovered) => creation.origin === "pending";
  const pending = recovered.filter(isPending).toReversed();
  return [...pending, ...recovered.filter((one) => !isPending(one))];
}

/** Creating a provider, or a component, leaves nothing on a server. */
export function isSettledAtOnce(type: string, { type: token, custom }: ResourceState): boolean {
  return type === "creating" && (custom === false || token.startsWith("pulumi:providers:"));
}

/** The resource as the engine would have stored it if the creation had finished. */
function adopted(
  { definition, isDynamic, resource }: InterruptedCreation,
  { snapshot }: Extract<Decision, { action: "adopt" }>,
): ResourceState {
  const { state, marks } = snapshot;
  const inputs = knownInputs(definition, resource.inputs ?? {}, state);
  const secrets = new Set([
    ...secretProperties(definition.inputs),
    ...Object.keys(inputs).filter((key) => containsSecret(inputs[key])),
  ]);
  const kept = { properties: state, marks };
  const applied = Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [key, secrets.has(key) ? state[key] : value]),
  );
  const whole = isDynamic
    ? { ...packState(definition, kept, unpack(applied)), __provider: inputs.__provider }
    : pack(kept);
  const secretOutputs = secretProperties(definition.outputs);
  const outputs = Object.entries(whole).map(([key, value]) => {
    // The program's own secrets stay as the stack encrypted them.
    if (secrets.has(key) && inputs[key] !== undefined) return [key, inputs[key]];
    return [key, secrets.has(key) || secretOutputs.has(key) ? concealed(value) : value];
  });
  return {
    ...resource,
    inputs,
    custom: true,
    id: snapshot.id,
    outputs: Object.fromEntries(outputs),
  };
}

/** Inputs of a preview; what it does not know yet, for instance a new resource's ID, is as it was found. */
function knownInputs({ inputs: schema }: Definition, inputs: Values, state: Values): Values {
  const secrets = secretProperties(schema);
  const entries = Object.entries(inputs).flatMap(([key, value]) => {
    if (!containsUnknown(value)) return [[key, value]];
    const found = state[key];
    if (found === undefined) return [];
    return [[key, secrets.has(key) ? concealed(found) : found]];
  });
  return Object.fromEntries(entries);
}
