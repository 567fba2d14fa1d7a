import type { PlanRules } from "../../resource/plan-rules";
import { isStored } from "./wire";

/** What a change of a secret becomes. */
export const plan: PlanRules = {
  properties: [
    {
      change: "`value`",
      properties: ["value"],
      becomes: "update",
      why: "overwritten in place, with one request",
    },
    {
      change: "`key`, `url`",
      properties: ["key", "url"],
      becomes: "replace",
      order: "new first",
      why: "it is another secret, or on another server",
      effect: {
        kind: "deletion",
        text: "the secret is stored in its new place, and the old one is deleted; no call returns its value",
      },
    },
  ],
  whole: [
    {
      change: "a secret of which only an environment variable is left",
      when: ({ action, observed, desired }) =>
        action !== "replace" && observed.status === "configured_env" && desired.value !== undefined,
      becomes: "update",
      why: "stored again, which takes precedence over the variable",
      warning:
        "The secret is no longer stored on the server, which uses the value of an environment variable instead.",
    },
    {
      change: "a secret that only a file mounted into the server provides",
      when: ({ action, observed, desired }) =>
        action !== "replace" &&
        observed.status !== "configured_env" &&
        !isStored(observed) &&
        desired.value !== undefined,
      becomes: "update",
      why: "stored, which takes precedence over the file",
      warning:
        "The secret is not stored on the server, which uses the value of a mounted file instead.",
    },
  ],
};
