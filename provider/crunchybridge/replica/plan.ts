import type { Effect, PlanRules, WholeChange } from "../../resource/plan-rules";
import { sameId } from "../eid";
import { hasWindow } from "./upgrade";

/** What a replacement does. */
export const moved: Effect = {
  kind: "interruption",
  text: "a new replica is built, then the old one is destroyed, which ends its connections; the new one has another host",
};

/** What one does whose old one goes first. */
const absent: Effect = {
  kind: "interruption",
  text: "there is no replica from the destruction of the old one until the new one is ready",
};

/** What the replacement of one that was detached does. */
export const detachedIsLost: Effect = {
  kind: "data loss",
  text: "The replica is detached, an independent primary: everything written to it since then is LOST",
};

/** What a change of a replica becomes. */
export const plan: PlanRules = {
  autoname: "name",
  oldFirst: absent,
  defaults: {
    isHa: false,
    isProtected: false,
    environment: "",
    maintenanceWindowStart: -1,
    upgradeTiming: "now",
    detached: false,
  },
  same: { clusterId: sameId, networkId: sameId },
  properties: [
    {
      change: "`storage` less than the program asked and the server has",
      properties: ["storage"],
      when: ({ applied, observed, desired }) =>
        isLess(desired, applied) && isLess(desired, observed),
      becomes: "refuse",
      why: "storage can't shrink: create a replica with less, or keep its size",
    },
    {
      change: "`storage` that autoresize raised above what the program asks",
      properties: ["storage"],
      on: ["drifted"],
      when: ({ observed, desired }) => isLess(desired, observed),
      becomes: "keep",
      why: "autoresize raised it, and storage can't shrink",
    },
    {
      change: "`storage` more than the program asked, less than the server has",
      properties: ["storage"],
      when: ({ observed, desired }) => isLess(desired, observed),
      becomes: "keep",
      why: "the replica already has more, inherited or added by autoresize",
      warning: "{property} is already {observed} GB on the server and can't shrink to {desired}.",
    },
    {
      change: '`planId`, `storage` up, with `upgradeTiming: "window"` and a maintenance window',
      properties: ["planId", "storage"],
      when: ({ all }) => all.desired.upgradeTiming === "window" && hasWindow(all),
      becomes: "update",
      why: "scheduled: it switches over in the next maintenance window",
      effect: {
        kind: "interruption",
        text: "an upgrade in the next maintenance window, from {maintenanceWindowStart}:00 UTC; connections are interrupted briefly when it switches over",
      },
      warning: "{property}: {effect}.",
    },
    {
      change: "`planId`, `storage` up",
      properties: ["planId", "storage"],
      becomes: "update",
      why: "upgraded in place, as soon as the replacement is built",
      effect: {
        kind: "interruption",
        text: "an upgrade that starts now; connections are interrupted briefly when it switches over",
      },
      warning: "{property}: {effect}.",
    },
    {
      change: "`upgradeTiming` while an upgrade is scheduled",
      properties: ["upgradeTiming"],
      on: ["changed", "removed"],
      when: ({ all }) => all.observed.upgradeScheduledFor !== undefined,
      becomes: "update",
      why: "the scheduled upgrade is cancelled and requested again",
      warning:
        "{property}: the upgrade that is scheduled for {upgradeScheduledFor} is cancelled and requested again.",
    },
    {
      change: "`upgradeTiming`",
      properties: ["upgradeTiming"],
      on: ["changed", "removed", "unknown", "drifted"],
      becomes: "keep",
      why: "only upgrades read it",
    },
    {
      change: "`isHa`",
      properties: ["isHa"],
      becomes: "update",
      why: "enabled or disabled in place",
    },
    {
      change: "`name`, `environment`, `isProtected`, `maintenanceWindowStart`",
      properties: ["name", "environment", "isProtected", "maintenanceWindowStart"],
      becomes: "update",
      why: "changed in place, with one request",
    },
    {
      change:
        "`isHa`, `isProtected`, `environment`, `maintenanceWindowStart` removed from the program",
      properties: ["isHa", "isProtected", "environment", "maintenanceWindowStart"],
      on: ["removed"],
      becomes: "update",
      why: "absent means false, or none",
    },
    {
      change: "`detached` true → false, or removed from the program",
      properties: ["detached"],
      on: ["changed", "removed"],
      when: ({ applied, observed, desired }) =>
        applied === true && observed === true && desired !== true,
      becomes: "refuse",
      why: "an independent primary can't become a replica again: create another replica",
    },
    {
      change: "`detached` false → true",
      properties: ["detached"],
      when: ({ desired }) => desired !== false,
      becomes: "update",
      why: "detached in place",
      effect: {
        kind: "interruption",
        text: "the replica becomes an independent primary and no longer receives changes from its parent. This cannot be undone",
      },
      warning: "{property}: {effect}.",
    },
    {
      change: "`clusterId` once detached",
      properties: ["clusterId"],
      when: ({ all }) => all.observed.detached === true,
      becomes: "keep",
      why: "an independent primary has no parent",
    },
    {
      change: "`clusterId`, `networkId`, `providerId`, `regionId`",
      properties: ["clusterId", "networkId", "providerId", "regionId"],
      becomes: "replace",
      order: "new first",
      why: "a replica can't be moved",
      effect: moved,
    },
  ],
  whole: [
    {
      change: "detached outside the program",
      when: ({ applied, observed, desired }) =>
        observed.detached === true && applied.detached !== true && desired.detached !== true,
      becomes: "keep",
      why: "it stays an independent primary",
      warning:
        "The replica was detached outside the program and is now an independent primary. It is kept; set `detached: true` in the program.",
    },
    {
      change: "state `creation_failed`",
      when: (all) => all.observed.state === "creation_failed" && !isUnprotectedFirst(all),
      becomes: "replace",
      order: "old first",
      why: "the server could not create it",
      effect: { kind: "deletion", text: "the replica, which never worked, is destroyed first" },
      shownBy: "state",
    },
    {
      change: "state `creation_failed` while protected, `isProtected` true → false",
      when: isUnprotectedFirst,
      becomes: "update",
      why: "unprotected, so that the next `pulumi up` can replace it",
      warning:
        "The server could not create the replica, and it is protected: this `pulumi up` unprotects it, the next one replaces it.",
    },
    {
      change: "a replacement that keeps an explicit `name`",
      when: ({ action, autonamed, observed, desired }) =>
        action === "replace" &&
        !autonamed &&
        desired.name !== undefined &&
        desired.name === observed.name,
      becomes: "replace",
      order: "old first",
      why: "names are unique in a team",
      effect: absent,
      warning:
        "The replica keeps its name, so it is destroyed before the new one is created. With another name, or none, the new one is created first.",
    },
    {
      change: "a replacement once detached",
      when: ({ action, observed }) => action === "replace" && observed.detached === true,
      becomes: "replace",
      why: "a new replica takes its place",
      effect: detachedIsLost,
      warning: "{effect}.",
    },
    {
      change: "any replacement while protected",
      when: ({ action, observed }) => action === "replace" && observed.isProtected === true,
      becomes: "refuse",
      why: "the server does not destroy a protected cluster: set isProtected to false in a separate `pulumi up` first; the next one replaces the replica, whatever isProtected is then",
    },
  ],
};

/** Whether what could not be created is unprotected. What the program never set stays protected. */
function isUnprotectedFirst({ action, applied, observed, desired }: WholeChange): boolean {
  const isSet = desired.isProtected !== undefined || applied.isProtected !== undefined;
  const isUnprotected = observed.isProtected === true && desired.isProtected !== true && isSet;
  return isUnprotected && action !== "replace" && observed.state === "creation_failed";
}

function isLess(a: unknown, b: unknown): boolean {
  return Number(a) < Number(b);
}
