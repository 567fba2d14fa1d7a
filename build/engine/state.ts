import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const propertiesSchema = z.record(z.string(), z.unknown());

const resourceSchema = z.looseObject({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean(),
  id: z.string().optional(),
  inputs: propertiesSchema.optional(),
  outputs: propertiesSchema.optional(),
  /** Why the resource was created but did not become ready. */
  initErrors: z.array(z.string()).optional(),
  protect: z.boolean().optional(),
  /** A replaced resource that is still to be deleted. */
  delete: z.boolean().optional(),
});

const deploymentSchema = z.looseObject({
  resources: z.array(resourceSchema).default([]),
  pending_operations: z
    .array(z.looseObject({ resource: resourceSchema, type: z.string() }))
    .optional(),
});

/** A stack's state as `pulumi stack export` prints it; what is not named here is kept as it is. */
export const stateSchema = z.looseObject({ version: z.number(), deployment: deploymentSchema });

/** A stack's state as the backend of files stores it. */
const storedSchema = z
  .object({ version: z.number(), checkpoint: z.object({ latest: z.unknown().optional() }) })
  .transform(({ version, checkpoint }) => ({ version, deployment: checkpoint.latest ?? {} }))
  .pipe(stateSchema);

/**
 * What `pulumi stack export` would print of a stack, read from its backend's folder: the command takes
 * as long as half a small preview.
 *
 * @returns undefined where the folder has no such stack, or several
 */
export function storedState(backend: string, stack: string): DeploymentState | undefined {
  const folder = join(backend, ".pulumi", "stacks");
  const [file, ...others] = globSync(`*/${stack}.json`, { cwd: folder });
  if (file === undefined || others.length > 0) return undefined;
  return storedSchema.parse(JSON.parse(readFileSync(join(folder, file), "utf8")));
}

export type DeploymentState = z.infer<typeof stateSchema>;
export type ResourceState = z.infer<typeof resourceSchema>;

/** The name that the program gives a resource. */
export function logicalName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/**
 * The resource of that logical name.
 *
 * @throws Error when the state has none, or several (a replaced one still to be deleted).
 */
export function resourceNamed(state: DeploymentState, name: string): ResourceState {
  const { resources } = state.deployment;
  const found = resources.filter(({ urn }) => logicalName(urn) === name);
  const [resource] = found;
  if (!resource || found.length > 1) {
    const names = resources.map(({ urn }) => urn).join("\n");
    throw new Error(`the state has ${found.length} resources named ${name}; it has:\n${names}`);
  }
  return resource;
}
