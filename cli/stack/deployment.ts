import { randomUUID } from "node:crypto";
import { z } from "zod";
import { resources } from "../../provider";
import type { Definition } from "../../provider/resource/definition";
import { definitionOfType, parseUrn } from "../../provider/resource/urn";
import { kindKey, secretKind, type Values } from "../../provider/resource/values";
import { type Pulumi, PulumiFailed, parsedJson } from "./pulumi";

/** What a preview shows in place of a secret, whatever it is. */
export const secretText = "[secret]";

const properties = z.record(z.string(), z.unknown());

/** A resource in a state or a preview. */
export const resourceSchema = z.looseObject({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  inputs: properties.optional(),
  outputs: properties.optional(),
  /** `urn::id` of its provider. */
  provider: z.string().optional(),
  parent: z.string().optional(),
  /** Whether a provider serves it; false: a component. */
  custom: z.boolean().optional(),
  deletedWith: z.string().optional(),
  replaceWith: z.array(z.string()).nullish(),
  /** When it was added to the state. */
  created: z.string().optional(),
  dependencies: z.array(z.string()).nullish(),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).nullish(),
  /** A replaced resource that is yet to be deleted. */
  delete: z.boolean().optional(),
  /** Already deleted; its replacement does not exist yet. */
  pendingReplacement: z.boolean().optional(),
});

const deployment = z.looseObject({
  resources: z.array(resourceSchema).default([]),
  pending_operations: z
    .array(z.looseObject({ resource: resourceSchema, type: z.string() }))
    .optional(),
});

const state = z.looseObject({ version: z.number(), deployment });

/** A resource in a stack's state. */
export type ResourceState = z.output<typeof resourceSchema>;

/** A stack's state, as `pulumi stack export` prints it; fields that are not named here are kept. */
export type StackState = z.output<typeof state>;

/**
 * Reads a stack's state. This runs `pulumi` directly, since the Automation API would do the same and
 * only take longer to load.
 *
 * @param showSecrets secrets in plain text, for memory only. Default: as the stack encrypts them
 */
export async function exportState(pulumi: Pulumi, showSecrets = false): Promise<StackState> {
  const printed = await pulumi.run([
    ...["stack", "export"],
    ...(showSecrets ? ["--show-secrets"] : []),
  ]);
  const read = state.safeParse(parsedJson("pulumi stack export", printed));
  if (read.success) return read.data;
  throw new PulumiFailed(
    `\`pulumi stack export\` printed a state in an unknown format: ${read.error}`,
  );
}

/** Replaces a stack's state. It is passed by standard input, so nothing is written to a file. */
export async function importState(pulumi: Pulumi, changed: StackState): Promise<void> {
  await pulumi.run(["stack", "import"], JSON.stringify(changed));
}

/** A value of a state with its secrets in plain, as far as the state shows them. */
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

/** Whether a value of a state contains a secret. */
export function containsSecret(value: unknown): boolean {
  if (value === null || typeof value !== "object") return false;
  return isSecret(value) || Object.values(value).some(containsSecret);
}

/** Whether it is one itself, as states and events write it. */
export function isSecret(value: object): value is Values {
  return kindKey in value && value[kindKey] === secretKind;
}

/**
 * Adds a resource to a state, after everything that it depends on. A resource of the same URN becomes
 * one that is yet to be deleted, unless it is already deleted. A component or provider that the state lacks
 * is added too: the next run completes it. What else the resource refers to and the state lacks is left out,
 * since the engine rejects such a state; the next run, which creates it, refers to it again.
 *
 * @param besides components and explicit providers that the state may lack, by URN
 */
export function insert(
  resources: readonly ResourceState[],
  added: ResourceState,
  besides: ReadonlyMap<string, ResourceState> = new Map(),
): ResourceState[] {
  const exists = (urn: string) => resources.some((one) => one.urn === urn && !one.delete);
  const parent = added.parent === undefined ? undefined : besides.get(added.parent);
  if (parent && parent.custom !== true && !exists(parent.urn)) {
    return insert(insert(resources, parent, besides), added, besides);
  }
  const [providerUrn] = providerOf(added);
  if (providerUrn !== "" && !exists(providerUrn)) {
    const provider = newProvider(providerUrn, besides);
    return insert(insert(resources, provider, besides), added, besides);
  }
  const kept = resources
    .filter((one) => one.urn !== added.urn || !one.pendingReplacement)
    .map((one) => (one.urn === added.urn ? { ...one, delete: true } : one));
  const fitting = withReferences(added, kept);
  const needed = new Set([providerUrn, ...referencesOf(fitting)]);
  const last = kept.findLastIndex(({ urn }) => needed.has(urn));
  return kept.toSpliced(last + 1, 0, fitting);
}

/**
 * A resource that refers only to what a state has. Its provider is the one that is there: a preview does
 * not know the ID of one that the next run creates.
 */
function withReferences(one: ResourceState, resources: readonly ResourceState[]): ResourceState {
  const [providerUrn, id] = providerOf(one);
  const providers = resources.filter(({ urn }) => urn === providerUrn);
  const provider =
    providers.find((other) => other.id === id) ?? providers.find((other) => !other.delete);
  return {
    ...withoutReferences(one, (urn) => !resources.some((other) => other.urn === urn)),
    ...(provider && { provider: `${providerUrn}::${provider.id}` }),
  };
}

/** The URNs that a resource refers to, its provider's aside. */
function referencesOf(one: ResourceState): (string | undefined)[] {
  const { parent, deletedWith, replaceWith, dependencies, propertyDependencies } = one;
  const ofProperties = Object.values(propertyDependencies ?? {}).flatMap((on) => on ?? []);
  return [
    ...[parent, deletedWith],
    ...[...(replaceWith ?? []), ...(dependencies ?? []), ...ofProperties],
  ];
}

/** Removes live resources from a state, and the references of others to them. */
export function remove(
  resources: readonly ResourceState[],
  urns: ReadonlySet<string>,
): ResourceState[] {
  return resources
    .filter((one) => one.delete === true || !urns.has(one.urn))
    .map((one) => withoutReferences(one, (urn) => urns.has(urn)));
}

/** A resource without its references to others that are gone. */
function withoutReferences(one: ResourceState, isGone: (urn: string) => boolean): ResourceState {
  const stays = (urn: string) => !isGone(urn);
  const { parent, deletedWith, replaceWith, dependencies, propertyDependencies } = one;
  return {
    ...one,
    ...(parent && isGone(parent) && { parent: undefined }),
    ...(deletedWith && isGone(deletedWith) && { deletedWith: undefined }),
    ...(replaceWith && { replaceWith: replaceWith.filter(stays) }),
    ...(dependencies && { dependencies: dependencies.filter(stays) }),
    ...(propertyDependencies && {
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies).map(([key, on]) => [key, (on ?? []).filter(stays)]),
      ),
    }),
  };
}

/** A provider as the engine creates it, with a random ID that no server knows. */
function newProvider(urn: string, besides: ReadonlyMap<string, ResourceState>): ResourceState {
  const type = parseUrn(urn)?.type ?? "";
  const declared = besides.get(urn) ?? { urn, type, inputs: {} };
  return { ...declared, custom: true, id: randomUUID(), outputs: declared.inputs };
}

/** The definition of a resource's type, on either host; undefined: it is not a resource of this package. */
export function definitionOf(type: string): Definition | undefined {
  return definitionOfType(type, resources);
}

/** The URN and the ID of a resource's provider; empty without one. */
export function providerOf({ provider }: ResourceState): [urn: string, id: string] {
  if (!provider) return ["", ""];
  const at = provider.lastIndexOf("::");
  return [provider.slice(0, at), provider.slice(at + 2)];
}
