import { randomUUID } from "node:crypto";
import { z } from "zod";
import { resources } from "../../provider";
import type { Definition } from "../../provider/resource/definition";
import { dynamicType, token } from "../../provider/resource/urn";
import { kindKey, secretKind, type Values } from "../../provider/resource/values";
import { type Pulumi, PulumiFailed, parsedJson } from "./pulumi";

const properties = z.record(z.string(), z.unknown());

/** A resource, as states and previews have it. */
export const resourceSchema = z.looseObject({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  inputs: properties.optional(),
  outputs: properties.optional(),
  /** `urn::id` of the provider that serves it. */
  provider: z.string().optional(),
  parent: z.string().optional(),
  /** When it came into the state. */
  created: z.string().optional(),
  dependencies: z.array(z.string()).nullish(),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).nullish(),
  /** A replaced resource that is still to be deleted. */
  delete: z.boolean().optional(),
  /** Deleted already, to be replaced by one that was not made yet. */
  pendingReplacement: z.boolean().optional(),
});

const deployment = z.looseObject({
  resources: z.array(resourceSchema).default([]),
  pending_operations: z
    .array(z.looseObject({ resource: resourceSchema, type: z.string() }))
    .optional(),
});

const state = z.looseObject({ version: z.number(), deployment });

/** A resource as a stack's state has it. */
export type ResourceState = z.output<typeof resourceSchema>;

/** A stack's state, as `pulumi stack export` prints it; what is not named here is kept as it is. */
export type StackState = z.output<typeof state>;

/**
 * Reads a stack's state.
 *
 * @param showSecrets secrets as plain text, for memory only; else as the stack encrypts them
 */
export async function exportState(pulumi: Pulumi, showSecrets = false): Promise<StackState> {
  const printed = await pulumi.run([
    ...["stack", "export"],
    ...(showSecrets ? ["--show-secrets"] : []),
  ]);
  const read = state.safeParse(parsedJson("pulumi stack export", printed));
  if (read.success) return read.data;
  throw new PulumiFailed(
    `\`pulumi stack export\` prints a state of an unknown form: ${read.error}`,
  );
}

/** Replaces a stack's state. It goes by standard input: nothing of it is written to a file. */
export async function importState(pulumi: Pulumi, changed: StackState): Promise<void> {
  await pulumi.run(["stack", "import"], JSON.stringify(changed));
}

/** A value of a state with its secrets as plain values, as far as they are shown. */
export function revealed(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(revealed);
  if (isSecret(value)) {
    return typeof value.plaintext === "string" ? JSON.parse(value.plaintext) : undefined;
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revealed(item)]));
}

/** A value as a secret, which `pulumi stack import` encrypts. */
export function concealed(value: unknown): Values {
  return { [kindKey]: secretKind, plaintext: JSON.stringify(value) };
}

/** Whether a value of a state has a secret in it. */
export function holdsSecret(value: unknown): boolean {
  if (value === null || typeof value !== "object") return false;
  return isSecret(value) || Object.values(value).some(holdsSecret);
}

function isSecret(value: object): value is Values {
  return kindKey in value && value[kindKey] === secretKind;
}

/**
 * Puts a resource into a state, after all that it depends on. One of the same URN that it replaces is
 * kept as what is still to be deleted, unless it is deleted already. A parent or provider that the
 * state lacks comes along: the next run gives it the rest.
 *
 * @param besides where parents and explicit providers can be found, by URN
 */
export function insert(
  resources: readonly ResourceState[],
  added: ResourceState,
  besides: ReadonlyMap<string, ResourceState> = new Map(),
): ResourceState[] {
  const isThere = (urn: string) => resources.some((one) => one.urn === urn && !one.delete);
  const parent = added.parent === undefined ? undefined : besides.get(added.parent);
  if (parent && !isThere(parent.urn)) {
    return insert(insert(resources, parent, besides), added, besides);
  }
  const [providerUrn] = providerOf(added);
  if (providerUrn !== "" && !isThere(providerUrn)) {
    const provider = newProvider(providerUrn, besides);
    const served = { ...added, provider: `${providerUrn}::${provider.id}` };
    return insert(insert(resources, provider, besides), served, besides);
  }
  const needed = new Set([added.parent, providerUrn, ...(added.dependencies ?? [])]);
  const kept = resources
    .filter((one) => one.urn !== added.urn || !one.pendingReplacement)
    .map((one) => (one.urn === added.urn ? { ...one, delete: true } : one));
  const last = kept.findLastIndex(({ urn }) => needed.has(urn));
  return kept.toSpliced(last + 1, 0, added);
}

/** Takes live resources out of a state, and what others have noted of depending on them. */
export function remove(
  resources: readonly ResourceState[],
  urns: ReadonlySet<string>,
): ResourceState[] {
  const stays = (urn: string) => !urns.has(urn);
  return resources
    .filter((one) => one.delete === true || stays(one.urn))
    .map((one) => ({
      ...one,
      ...(one.dependencies && { dependencies: one.dependencies.filter(stays) }),
      ...(one.propertyDependencies && {
        propertyDependencies: Object.fromEntries(
          Object.entries(one.propertyDependencies).map(([key, on]) => [
            key,
            (on ?? []).filter(stays),
          ]),
        ),
      }),
    }));
}

/** A provider as the engine makes it; its ID is a random one that no server knows. */
function newProvider(urn: string, besides: ReadonlyMap<string, ResourceState>): ResourceState {
  const [, , type = ""] = urn.split("::");
  const declared = besides.get(urn) ?? { urn, type, inputs: {} };
  return { ...declared, custom: true, id: randomUUID(), outputs: declared.inputs };
}

/** What a type of a state names: served by a plugin, or by the dynamic host. */
export function definitionOf(type: string): Definition | undefined {
  return resources.find(({ name }) => [token(name), dynamicType(name)].includes(type));
}

/** The name that the program gives a resource. */
export function logicalName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The URN and the ID of the provider that serves a resource. */
export function providerOf({ provider }: ResourceState): [urn: string, id: string] {
  if (!provider) return ["", ""];
  const at = provider.lastIndexOf("::");
  return [provider.slice(0, at), provider.slice(at + 2)];
}
