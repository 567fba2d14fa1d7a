import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Definition } from "../../provider/resource/definition";
import { dynamicType } from "../../provider/resource/urn";
import type { Values } from "../../provider/resource/values";
import { withoutForeseen } from "../../sdk/dynamic/marks";
import {
  containsSecret,
  definitionOf,
  type ResourceState,
  resourceSchema,
  revealed,
  type StackState,
  secretText,
} from "../stack/deployment";
import { type Pulumi, PulumiFailed, parsedJson } from "../stack/pulumi";
import { isDefault, providerType } from "../stack/sessions";

/** A creation that was interrupted, or that the next run would start. */
export interface InterruptedCreation {
  definition: Definition;
  /** Whether a dynamic provider serves it, whose state contains more. */
  isDynamic: boolean;
  /** As the operation recorded it, without an ID; secrets are encrypted. */
  resource: ResourceState;
  /** An interrupted operation, or a step of a preview. */
  origin: "pending" | "preview";
  /** What the same preview creates, by URN: possibly the resource's parent and provider. */
  besides: ReadonlyMap<string, ResourceState>;
}

/** The creations of this package's resources that a state lists as pending. */
export function pendingCreations({ deployment }: StackState): InterruptedCreation[] {
  return (deployment.pending_operations ?? [])
    .filter(({ type }) => type === "creating")
    .flatMap(({ resource }) => creationOf(resource, "pending", new Map()));
}

/** The creation of a resource, if it is one of this package's. */
function creationOf(
  resource: ResourceState,
  origin: InterruptedCreation["origin"],
  besides: InterruptedCreation["besides"],
): InterruptedCreation[] {
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

const plan = z.object({
  resourcePlans: z.record(
    z.string(),
    z.object({
      goal: z.object({ inputDiff: z.object({ adds: changed, updates: changed }) }).nullish(),
    }),
  ),
});

/** A preview shows a replacement as one step, whichever resource goes first. */
const creating = new Set(["create", "replace"]);

/** What the next `pulumi up` would do. */
export interface Preview {
  /** What it would create: a creation whose plugin died leaves no pending operation. */
  creations: InterruptedCreation[];
  /** The URNs of what it would create, replace or delete. */
  replaced: ReadonlySet<string>;
  /** The configuration of the explicit providers that it would create, secrets in plain: for memory only. */
  accounts: ReadonlyMap<string, Values>;
  /** The inputs that each resource gets, secrets in plain: for memory only. Empty: nobody asked for them. */
  plain: ReadonlyMap<string, Values>;
}

/**
 * Runs a preview of the next `pulumi up`; a second one if secrets are needed in plain.
 *
 * @param withSecrets whether the program's own secrets are needed. Default: those of new providers alone
 * @throws PulumiFailed if the program or its preview fails
 */
export async function preview(
  pulumi: Pulumi,
  state: StackState,
  withSecrets = false,
): Promise<Preview> {
  const { printed, plans } = await planned(pulumi);
  const { steps } = parsed(previewed, printed);
  const created = new Map(
    steps
      .filter(({ op }) => creating.has(op))
      .flatMap(({ urn, newState }) => {
        if (!newState) return [];
        const former = state.deployment.resources.find((one) => one.urn === urn && !one.delete);
        const encrypted = { ...former?.inputs, ...plans.get(urn) };
        return [[urn, withoutPositions(storedInputs(newState, encrypted))]] as const;
      }),
  );
  const creations = [...created.values()]
    .filter((resource) => !isPending(state, resource))
    .flatMap((resource) => creationOf(resource, "preview", created));
  const replaced = steps.filter(({ op }) => op !== "same" && op !== "update");
  const explicit = [...created.values()].filter(
    ({ type, urn }) => type === providerType && !isDefault(urn),
  );
  const isNeeded = withSecrets || explicit.some(({ inputs }) => containsSecret(inputs));
  const plain = isNeeded ? revealedAll((await planned(pulumi, true)).plans) : new Map();
  return {
    creations,
    replaced: new Set(replaced.map(({ urn }) => urn)),
    accounts: accountsOf(explicit, plain),
    plain: withSecrets ? plain : new Map(),
  };
}

/**
 * Runs a preview, and reads the inputs that each resource gets with it.
 *
 * @param showSecrets secrets in plain text, which then are in a file for a moment: in memory where the
 * system has a file system there, in any case for its owner only. Default: as the stack encrypts them
 */
async function planned(
  pulumi: Pulumi,
  showSecrets = false,
): Promise<{ printed: string; plans: Map<string, Values> }> {
  const name = "formations-";
  const onDisk = () => mkdtemp(join(tmpdir(), name));
  const folder = await (showSecrets ? mkdtemp(`/dev/shm/${name}`).catch(onDisk) : onDisk());
  const file = join(folder, "plan.json");
  const flags = showSecrets ? ["--show-secrets"] : [];
  try {
    const printed = await pulumi.run(["preview", "--json", "--save-plan", file, ...flags]);
    const { resourcePlans } = parsed(plan, await readFile(file, "utf8"));
    const plans = Object.entries(resourcePlans).map(([urn, { goal }]) => {
      return [urn, { ...goal?.inputDiff.adds, ...goal?.inputDiff.updates }] as const;
    });
    return { printed, plans: new Map(plans) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The configuration of explicit providers.
 *
 * @param plain what has secrets in plain, by URN
 */
function accountsOf(
  explicit: readonly ResourceState[],
  plain: ReadonlyMap<string, Values>,
): Map<string, Values> {
  return new Map(
    explicit.map(({ urn, inputs }) => [urn, revealed({ ...inputs, ...plain.get(urn) }) as Values]),
  );
}

function revealedAll(plans: ReadonlyMap<string, Values>): Map<string, Values> {
  return new Map([...plans].map(([urn, inputs]) => [urn, revealed(inputs) as Values]));
}

/**
 * The inputs that the run would store. A preview shows a secret as `[secret]`: its plan has the encrypted value if it is new, and the state
 * has it if it is unchanged; a secret that neither has is left out.
 *
 * @param encrypted inputs with their secrets as the stack encrypts them
 */
function storedInputs(resource: ResourceState, encrypted: Values): ResourceState {
  const entries = Object.entries(withoutForeseen(resource.inputs ?? {})).map(([key, value]) =>
    JSON.stringify(value)?.includes(`"${secretText}"`) ? [key, encrypted[key]] : [key, value],
  );
  const inputs = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  return { ...resource, inputs };
}

/** Source positions are long, and useless here. */
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
  throw new PulumiFailed(`\`pulumi preview\` printed an unknown format: ${read.error}`);
}
