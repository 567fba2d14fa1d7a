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
