import { isDeepStrictEqual } from "node:util";
import type {
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { type FormerResource, formerResources, StateMissing } from "./former-state";
import { applies, type Config, configSchema, isA, isProduction } from "./production";

/** Inputs whose change replaces a formation by an empty one. */
export const formationInputs: readonly string[] = [
  ...["name", "region", "workerCount"],
  ...["coordinatorTune", "coordinatorDiskSize", "coordinatorHa"],
  ...["workerTune", "workerDiskSize", "workerHa"],
];

/** Inputs whose change replaces a replica. It loses data once it is detached: nothing else has them. */
export const replicaInputs: readonly string[] = ["networkId", "providerId", "regionId"];

const acknowledged = configSchema(
  "acknowledged",
  "Names or URNs of databases whose data may be lost, or have been copied by hand.",
);

/** A change that only a replacement can carry out loses the data, unless a hook copies them before. */
export const noDataLosingReplacement: ResourceValidationPolicy = {
  name: "no-data-losing-replacement",
  description: "Databases in production are not replaced, unless a hook copies their data.",
  configSchema: acknowledged,
  validateResource(args, report) {
    if (!(isA("Formation", args) || isA("Replica", args))) return;
    if (!applies(args, args.getConfig<Config>())) return;
    const old = former(args.urn, report).find((one) => !one.delete && isSame(one, args));
    if (!old || old.retainOnDelete || hasHook(old)) return;
    const changed = losingInputs(old).filter((input) => mayReplace(old, args, input));
    if (changed.length === 0) return;
    report(
      `The change of ${changed.join(", ")} replaces the database, and its data are LOST. ` +
        "Revert it; or give the database a `beforeDelete` hook that copies the data, in a `pulumi up` before this one; " +
        "or add its name to `acknowledged` in the configuration of this policy.",
    );
  },
};

/** The stack's policies see every resource of the program, and so what is no longer among them. */
export const noDataLosingDeletion: StackValidationPolicy = {
  name: "no-data-losing-deletion",
  description: "Databases in production are not deleted.",
  configSchema: acknowledged,
  validateStack({ resources, getConfig }, report) {
    const config = getConfig<Config>();
    const [any] = resources;
    if (!any || !isProduction(any.urn, config)) return;
    for (const old of former(any.urn, report)) {
      if (losingInputs(old).length === 0 || old.delete || old.retainOnDelete) continue;
      const name = old.urn.split("::").slice(3).join("::");
      if (!applies({ ...old, name }, config) || resources.some((one) => isSame(old, one))) continue;
      report(
        `The database ${name} is no longer in the program, and its data are LOST. ` +
          "Put it back, or add its name to `acknowledged` in the configuration of this policy.",
      );
    }
  },
};

/** The resources before the change; none, and a violation, if they are not known. */
function former(urn: string, report: ReportViolation): readonly FormerResource[] {
  try {
    return formerResources(urn);
  } catch (error) {
    if (!(error instanceof StateMissing)) throw error;
    report(error.message);
    return [];
  }
}

/** The inputs whose change loses the data of what exists; none if it has no data of its own. */
function losingInputs(old: FormerResource): readonly string[] {
  if (old.pendingReplacement) return [];
  if (isA("Formation", { ...old, name: "" })) return formationInputs;
  const isPrimary = isA("Replica", { ...old, name: "" }) && old.outputs?.detached === true;
  return isPrimary ? replicaInputs : [];
}

/** Whether they are one resource, also if the program has given it another name or place. */
function isSame(
  old: FormerResource,
  { urn, opts }: ResourceValidationArgs | PolicyResource,
): boolean {
  return old.urn === urn || opts.aliases.includes(old.urn);
}

/** Whether a hook runs before it is deleted: that of the last run, and not one which this run adds. */
function hasHook({ resourceHooks = {} }: FormerResource): boolean {
  return (resourceHooks.BeforeDelete ?? []).length > 0;
}

/**
 * Whether an input asks for something that neither the last run nor the server has. What the server has
 * already, for instance since somebody resized the database by hand, is only recorded.
 */
function mayReplace(
  { inputs = {}, outputs = {} }: FormerResource,
  { props }: ResourceValidationArgs,
  input: string,
): boolean {
  // A name that the provider made changes with another input.
  if (input === "name" && inputs.__autoname === true) return false;
  const wanted = known(() => props[input]);
  if (wanted === undefined) return false;
  return ![inputs, outputs].some((one) => isDeepStrictEqual(one[input] ?? defaults[input], wanted));
}

const defaults: Readonly<Record<string, unknown>> = { coordinatorHa: false, workerHa: false };

/** A value that a preview does not know yet may be any. */
function known(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return "(not known yet)";
  }
}
