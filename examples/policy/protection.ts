import type { ResourceValidationPolicy } from "@pulumi/policy";
import { applies, type Config, configSchema, isA } from "./production";

/** Pulumi refuses to delete or replace what is protected; Crunchy Bridge does, too, if it knows. */
export const protectedDatabases: ResourceValidationPolicy = {
  name: "protected-databases",
  description: "Databases in production are protected from being deleted and replaced.",
  configSchema: configSchema("exceptions", "Names or URNs of databases that need no protection."),
  validateResource(args, report) {
    if (!applies(args, args.getConfig<Config>()) || args.opts.protect) return;
    if (isA("Formation", args)) {
      report("Set the option `protect: true`: this is a production database.");
    }
    if (isA("Replica", args) && args.props.isProtected !== true) {
      report(
        "Set the option `protect: true` or the input `isProtected: true`: this is a production database.",
      );
    }
  },
};
