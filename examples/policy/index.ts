import { PolicyPack } from "@pulumi/policy";
import { noDataLosingDeletion, noDataLosingReplacement } from "./data-loss";
import { highAvailability, noBurstableMachines } from "./machines";
import { protectedDatabases } from "./protection";

new PolicyPack("formations", {
  description: "Rules for production databases of pulumi-formations",
  enforcementLevel: "mandatory",
  policies: [
    protectedDatabases,
    highAvailability,
    noBurstableMachines,
    noDataLosingReplacement,
    noDataLosingDeletion,
  ],
});
