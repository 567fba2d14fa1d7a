import type { ResourceValidationPolicy } from "@pulumi/policy";
import { applies, type Config, configSchema, isA } from "./production";

/** A node without a standby is down until its replacement has started. */
export const highAvailability: ResourceValidationPolicy = {
  name: "high-availability",
  description: "Databases in production have standbys.",
  configSchema: configSchema("exceptions", "Names or URNs of databases that need no standby."),
  validateResource(args, report) {
    if (!applies(args, args.getConfig<Config>())) return;
    const { props } = args;
    if (isA("Formation", args)) {
      if (props.coordinatorHa !== true) {
        report("Set `coordinatorHa: true`: the coordinator has no standby.");
      }
      if (props.workerCount !== 0 && props.workerHa !== true) {
        report("Set `workerHa: true`: the workers have no standbys.");
      }
    }
    if (isA("Replica", args) && props.isHa !== true) {
      report("Set `isHa: true`: the replica has no standby.");
    }
  },
};

/** A t2 machine is slow once it has used up its credits. */
export const noBurstableMachines: ResourceValidationPolicy = {
  name: "no-burstable-machines",
  description: "Formations in production run on no t2 machines.",
  configSchema: configSchema("exceptions", "Names or URNs of formations that may run on t2."),
  validateResource(args, report) {
    if (!isA("Formation", args) || !applies(args, args.getConfig<Config>())) return;
    for (const property of ["coordinatorTune", "workerTune"]) {
      const tune: unknown = args.props[property];
      if (typeof tune === "string" && tune.startsWith("t2.")) {
        report(`Choose another \`${property}\` than ${tune}: a t2 is slow without CPU credits.`);
      }
    }
  },
};
