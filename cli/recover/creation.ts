import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Definition } from "../../provider/resource/definition";
import { dynamicType } from "../../provider/resource/urn";
import type { Values } from "../../provider/resource/values";
import {
  definitionOf,
  type ResourceState,
  resourceSchema,
  type StackState,
} from "../stack/deployment";
import { type Pulumi, PulumiFailed, parsedJson } from "../stack/pulumi";

/** A creation that did not end, or that the next run would make. */
export interface Creation {
  definition: Definition;
  /** Whether a dynamic provider serves it: its state then carries more. */
  isDynamic: boolean;
  /** As the operation recorded it, without an ID; secrets are encrypted. */
  resource: ResourceState;
  /** An operation that was cut short, or a step of a preview. */
  origin: "pending" | "preview";
  /** What the same preview creates, by URN: the resource's parent and provider may be among it. */
  besides: ReadonlyMap<string, ResourceState>;
}

/** The creations of this package's resources that a state lists as pending. */
export function pendingCreations({ deployment }: StackState): Creation[] {
  return (deployment.pending_operations ?? [])
    .filter(({ type }) => type === "creating")
    .flatMap(({ resource }) => creationOf(resource, "pending", new Map()));
}

/** The creation of a resource, if it is one of this package. */
function creationOf(
  resource: ResourceState,
  origin: Creation["origin"],
  besides: Creation["besides"],
): Creation[] {
  const definition = definitionOf(resource.type);
  if (!definition) return [];
  const isDynamic = resource.type === dynamicType(definition.name);
  return [{ definition, isDynamic, resource, origin, besides }];
}

const previewed = z.object({
  steps: z
    .array(z.object({ op: z.string(), urn: z.string(), newState: resourceSchema.optional() }))
    .default([]),
});

const changed = z.record(z.string(), z.unknown()).optional();

const planned = z.object({
  resourcePlans: z.record(
    z.string(),
    z.object({
      goal: z.object({ inputDiff: z.object({ adds: changed, updates: changed }) }).nullish(),
    }),
  ),
});

/** A preview shows a replacement as one step, in either order. */
const creating = new Set(["create", "replace"]);

/** What the next `pulumi up` would do. */
export interface Preview {
  /** What it would create: a creation that failed because its plugin died leaves no pending operation. */
  creations: Creation[];
  /** The URNs of what it would create, replace or delete; what stays as it is has no step. */
  replaced: ReadonlySet<string>;
}

/**
 * Asks what the next `pulumi up` would do.
 *
 * @throws PulumiFailed when the program or its preview fails
 */
export async function preview(pulumi: Pulumi, state: StackState): Promise<Preview> {
  const folder = await mkdtemp(join(tmpdir(), "formations-"));
  const file = join(folder, "plan.json");
  try {
    const printed = await pulumi.run(["preview", "--json", "--save-plan", file]);
    const { steps } = parsed(previewed, printed);
    const { resourcePlans } = parsed(planned, await readFile(file, "utf8"));
    const created = new Map(
      steps
        .filter(({ op }) => creating.has(op))
        .flatMap(({ urn, newState }) => {
          if (!newState) return [];
          const former = state.deployment.resources.find((one) => one.urn === urn && !one.delete);
          const { adds, updates } = resourcePlans[urn]?.goal?.inputDiff ?? {};
          const encrypted = { ...former?.inputs, ...adds, ...updates };
          return [[urn, withoutPositions(withSecrets(newState, encrypted))]] as const;
        }),
    );
    const creations = [...created.values()]
      .filter((resource) => !isPending(state, resource))
      .flatMap((resource) => creationOf(resource, "preview", created));
    const replaced = steps.filter(({ op }) => op !== "same" && op !== "update");
    return { creations, replaced: new Set(replaced.map(({ urn }) => urn)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * A preview shows a secret as `[secret]`; its plan has the same value encrypted where it is new, and
 * the state where it stays. What neither has is left out.
 *
 * @param encrypted inputs with their secrets as the stack encrypts them
 */
function withSecrets(resource: ResourceState, encrypted: Values): ResourceState {
  const entries = Object.entries(resource.inputs ?? {}).map(([key, value]) =>
    JSON.stringify(value)?.includes('"[secret]"') ? [key, encrypted[key]] : [key, value],
  );
  const inputs = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  return { ...resource, inputs };
}

/** Where in a program a resource was declared is of no use here, and long. */
function withoutPositions(resource: ResourceState): ResourceState {
  const { sourcePosition: _, stackTrace: __, ...rest } = resource;
  return rest;
}

function isPending({ deployment }: StackState, { urn }: ResourceState): boolean {
  return (deployment.pending_operations ?? []).some(({ resource }) => resource.urn === urn);
}

function parsed<T>(schema: z.ZodType<T>, text: string): T {
  const read = schema.safeParse(parsedJson("pulumi preview", text));
  if (read.success) return read.data;
  throw new PulumiFailed(`\`pulumi preview\` prints something of an unknown form: ${read.error}`);
}
