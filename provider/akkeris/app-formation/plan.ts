import { isDeepStrictEqual } from "node:util";
import type { Change, Effect, PlanRules, WholeChange } from "../../resource/plan-rules";
import { isUuid, type Values } from "../../resource/values";
import { isSameSize } from "./wire";

/** What a creation, and each change of what instances run with, does to the rest of the app. */
export const redeployment: Effect = {
  kind: "redeployment",
  text: "Akkeris then redeploys every formation of the app",
};

/** What a replacement does. */
export const recreation: Effect = {
  kind: "interruption",
  text: "the formation is deleted and created again: its processes stop in between, and Akkeris redeploys the app twice",
};

/** What instances run with. */
const running = ["size", "port", "command", "healthcheck"];

/** Whether an update with these changes redeploys the app. */
export function redeploys(changes: Readonly<Values>): boolean {
  return running.some((property) => property in changes);
}

const warning = "`pulumi up` changes {property} from {observed} to {desired}; {effect}.";

/** What a change of a formation becomes. */
export const plan: PlanRules = {
  defaults: { oneoff: false },
  properties: [
    {
      change: "`size` changed in the program between `gp2` and the server's own `gp2-prod`",
      properties: ["size"],
      when: namesServerSize,
      becomes: "keep",
      why: "the two are equal in a space tagged `compliance=prod`, where the server appends `-prod`",
      warning:
        "size {desired} is treated as equal to {observed} and kept. If the app's space is not tagged compliance=prod and the two sizes differ there, change to another size first.",
    },
    {
      change: "`size` `gp2` while the server says `gp2-prod`",
      properties: ["size"],
      on: ["drifted"],
      when: namesServerSize,
      becomes: "keep",
      why: "the two are equal; `serverSize` shows the server's spelling",
    },
    {
      change: "`size`, `port`, `command` or `healthcheck` set or changed",
      properties: running,
      becomes: "update",
      why: "sent in one batch PATCH; Akkeris redeploys the app",
      effect: redeployment,
      warning,
    },
    {
      change: "`quantity` from 0",
      properties: ["quantity"],
      when: ({ observed, desired }) => observed === 0 && Number(desired) > 0,
      becomes: "update",
      why: "sent in one batch PATCH; instances start, and nothing is redeployed",
      warning:
        "{property} is 0 on the server: this starts {desired} instances. If somebody scaled the formation to zero, for instance for maintenance, ask first; `ignoreChanges` keeps it as it is.",
    },
    {
      change: "`quantity`",
      properties: ["quantity"],
      becomes: "update",
      why: "sent in one batch PATCH; instances start or stop, and nothing is redeployed",
    },
    {
      change: "`command` of a `web`, or `healthcheck`, removed from the program",
      properties: ["command", "healthcheck"],
      on: ["removed"],
      when: ({ all }) => all.desired.type === "web",
      becomes: "update",
      why: "cleared: the image's own command runs, or no healthcheck; Akkeris redeploys the app",
      effect: redeployment,
      warning,
    },
    {
      change: "`command` of a type other than `web` removed from the program",
      properties: ["command"],
      on: ["removed"],
      when: ({ all }) => staysInPlace(all),
      becomes: "refuse",
      why: "the API can clear only the command of a `web`; give the formation a command",
    },
    {
      change: "`app` changed between an app's name and its UUID",
      properties: ["app"],
      when: ({ applied, desired }) => isUuid(String(applied)) !== isUuid(String(desired)),
      becomes: "refuse",
      why: "both may be the same app, which a plan can't tell, and a replacement would delete the formation: keep the spelling that the formation was created with, or give another app in that spelling",
    },
    {
      change: "`app`, `type`",
      properties: ["app", "type"],
      becomes: "replace",
      order: "new first",
      why: "it belongs to another app, or is another type of process",
      effect: {
        kind: "deletion",
        text: "the formation starts in its new place, and ends in the old one; Akkeris redeploys both apps",
      },
    },
    {
      change: "`oneoff`, `options`",
      properties: ["oneoff", "options"],
      becomes: "replace",
      order: "old first",
      why: "no update can change them, and an app has one formation per type",
      effect: recreation,
    },
  ],
};

/** Whether the size asked for is the server's, with or without the suffix that the server appends. */
function namesServerSize({ desired, observed, all }: Change): boolean {
  const [asked, seen] = [String(desired), String(observed)];
  return isSameSize(asked, seen) || (asked === all.observed.serverSize && isSameSize(seen, asked));
}

/** Whether no property asks for a replacement, as far as the values are known. */
function staysInPlace({ observed, desired }: Pick<WholeChange, "observed" | "desired">): boolean {
  return ["app", "type", "oneoff", "options"].every(
    (key) => desired[key] === undefined || isDeepStrictEqual(desired[key], observed[key]),
  );
}
