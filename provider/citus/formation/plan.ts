import type { Effect, PlanRules } from "../../resource/plan-rules";

/** What a replacement does. */
export const startsEmpty: Effect = {
  kind: "data loss",
  text: "the new formation starts EMPTY, and the old one is destroyed with its data",
};

/** What a change of a formation becomes. */
export const plan: PlanRules = {
  autoname: "name",
  defaults: { coordinatorHa: false, workerHa: false, allowDuplicateName: false },
  properties: [
    {
      change: "tune, disk size, worker count, HA, name or region **changed in the program**",
      properties: [
        "name",
        "region",
        "coordinatorTune",
        "coordinatorDiskSize",
        "coordinatorHa",
        "workerTune",
        "workerCount",
        "workerDiskSize",
        "workerHa",
      ],
      becomes: "replace",
      order: "new first",
      why: "the API updates nothing",
      effect: startsEmpty,
      warning: "{property}: {effect}. Resized in the console? Run `pulumi refresh` first.",
    },
    {
      change: "`allowDuplicateName`",
      properties: ["allowDuplicateName"],
      on: ["changed", "removed", "unknown"],
      becomes: "keep",
      why: "only a creation reads it",
    },
  ],
  whole: [
    {
      change: "a replacement that keeps an explicit `name`",
      when: ({ action, autonamed, observed, desired }) =>
        action === "replace" && !autonamed && observed.name === desired.name,
      becomes: "replace",
      order: "new first",
      why: "two formations may have one name, and the old one is known to the run that replaces it",
    },
  ],
};
