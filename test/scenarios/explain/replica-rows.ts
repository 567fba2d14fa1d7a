import type { Values } from "../../../provider/resource/values.ts";
import { toUuid } from "../../../simulators/crunchybridge.ts";
import { otherPrimaryId, replicaOf } from "../lifecycle/crunchybridge.ts";
import type { Declared } from "../lifecycle/program.ts";
import { primaryId } from "../world.ts";
import type { Refusal, Row, Rows, Systems } from "./row.ts";

function replica(change: Values = {}): Declared {
  return { type: "Replica", properties: { clusterId: primaryId, ...change } };
}

const inWindow = { upgradeTiming: "window", maintenanceWindowStart: 3 };
const settings = { environment: "production", maintenanceWindowStart: 3 };

/** A replica that the server grows to 300 GB. */
function growing(name: string): Pick<Row, "before" | "meanwhile"> {
  return {
    before: replica({ storage: 200 }),
    meanwhile: ({ bridge }) => bridge.autoresize(replicaOf(bridge, name).id, 300),
  };
}

/** A replica turns out not to have been created. */
function fail({ bridge }: Systems, name: string): void {
  bridge.setState(replicaOf(bridge, name).id, "creation_failed");
}

const upgrades: Rows = {
  autoresized: {
    change: "`storage` that autoresize raised above what the program asks",
    ...growing("autoresized"),
    after: replica({ storage: 200 }),
  },
  grownAlready: {
    change: "`storage` more than the program asked, less than the server has",
    ...growing("grownAlready"),
    after: replica({ storage: 250 }),
    says: "storage is already 300 GB on the server and can't shrink to 250",
  },
  upgradedInWindow: {
    change: '`planId`, `storage` up, with `upgradeTiming: "window"` and a maintenance window',
    before: replica({ ...inWindow, planId: "standard-8" }),
    after: replica({ ...inWindow, planId: "standard-16" }),
    op: "update",
    effect: "interruption",
    says: "an upgrade in the next maintenance window, from 3:00 UTC",
  },
  upgraded: {
    change: "`planId`, `storage` up",
    before: replica({ planId: "standard-8" }),
    after: replica({ planId: "standard-16", storage: 200 }),
    op: "update",
    effect: "interruption",
    says: "an upgrade that starts now; connections are interrupted briefly",
  },
  rescheduled: {
    change: "`upgradeTiming` while an upgrade is scheduled",
    before: replica({ ...inWindow, planId: "standard-8" }),
    between: replica({ ...inWindow, planId: "standard-16" }),
    after: replica({ ...inWindow, planId: "standard-16", upgradeTiming: "now" }),
    op: "update",
    effect: "in place",
    says: 'the upgrade that is scheduled for "2030-01-01T03:00:00Z" is cancelled',
  },
  timed: {
    change: "`upgradeTiming`",
    before: replica(),
    after: replica({ upgradeTiming: "window" }),
  },
};

const inPlace: Rows = {
  madeAvailable: {
    change: "`isHa`",
    before: replica(),
    after: replica({ isHa: true }),
    op: "update",
    effect: "in place",
    says: "enabled or disabled in place",
  },
  reconfigured: {
    change: "`name`, `environment`, `isProtected`, `maintenanceWindowStart`",
    before: replica({ name: "reconfigured" }),
    after: replica({ name: "reconfigured too", ...settings, isProtected: true }),
    op: "update",
    effect: "in place",
    says: "changed in place, with one request",
  },
  cleared: {
    change:
      "`isHa`, `isProtected`, `environment`, `maintenanceWindowStart` removed from the program",
    before: replica({ ...settings, isHa: true, isProtected: true }),
    after: replica(),
    op: "update",
    effect: "in place",
    says: "absent means false, or none",
  },
  detached: {
    change: "`detached` false → true",
    before: replica(),
    after: replica({ detached: true }),
    op: "update",
    effect: "interruption",
    says: "becomes an independent primary and no longer receives changes from its parent",
  },
  detachedParent: {
    change: "`clusterId` once detached",
    before: replica({ detached: true }),
    after: replica({ clusterId: otherPrimaryId, detached: true }),
  },
  detachedOutside: {
    change: "detached outside the program",
    before: replica(),
    meanwhile: ({ bridge }) => bridge.detachOutOfBand(replicaOf(bridge, "detachedOutside").id),
    after: replica(),
    says: "The replica was detached outside the program and is now an independent primary",
  },
};

const replacements: Rows = {
  moved: {
    change: "`clusterId`, `networkId`, `providerId`, `regionId`",
    before: replica(),
    after: replica({ regionId: "eu-west-1" }),
    op: "replace",
    order: "new first",
    effect: "interruption",
    says: "a new replica is built, then the old one is destroyed",
  },
  neverWorked: {
    change: "state `creation_failed`",
    before: replica(),
    meanwhile: (systems) => fail(systems, "neverWorked"),
    after: replica(),
    op: "replace",
    order: "old first",
    effect: "deletion",
    says: "the replica, which never worked, is destroyed first",
  },
  protectedAndFailed: {
    change: "state `creation_failed` while protected, `isProtected` true → false",
    before: replica({ isProtected: false }),
    meanwhile: (systems) => {
      fail(systems, "protectedAndFailed");
      replicaOf(systems.bridge, "protectedAndFailed").is_protected = true;
    },
    after: replica({ isProtected: false }),
    op: "update",
    effect: "in place",
    says: "unprotected, so that the next `pulumi up` can replace it",
  },
  namedReplica: {
    change: "a replacement that keeps an explicit `name`",
    before: replica({ name: "reports" }),
    after: replica({ name: "reports", regionId: "us-west-2" }),
    op: "replace",
    order: "old first",
    effect: "interruption",
    says: "there is no replica from the destruction of the old one until the new one is ready",
  },
  movedOnceDetached: {
    change: "a replacement once detached",
    before: replica({ detached: true }),
    after: replica({ detached: true, regionId: "us-west-2" }),
    op: "replace",
    order: "new first",
    effect: "data loss",
    says: "everything written to it since then is LOST",
  },
};

const others: Rows = {
  newReplica: { after: replica(), op: "create", effect: "none" },
  removedReplica: {
    before: replica(),
    op: "delete",
    effect: "deletion",
    says: "the replica is destroyed; the cluster that it follows stays",
  },
  removedOnceDetached: {
    before: replica({ detached: true }),
    op: "delete",
    effect: "data loss",
    says: "the replica is detached: its data is destroyed with it",
  },
};

/** The rules of replicas. */
export const replicaRows: Rows = { ...upgrades, ...inPlace, ...replacements, ...others };

/** The rules of every resource that a replica shows. */
export const commonReplicaRows: Rows = {
  spelt: {
    change:
      'server and program agree, or differ only in spelling (`"100"` and `100`, absent and the default)',
    before: replica({ isHa: false }),
    after: replica({ clusterId: toUuid(primaryId), maintenanceWindowStart: -1 }),
  },
  renamedOutside: {
    change: "the generated name of a resource that exists",
    before: replica(),
    meanwhile: ({ bridge }) => {
      replicaOf(bridge, "renamedOutside").name = "renamed by hand";
    },
    after: replica(),
  },
};

/** The rules of replicas that refuse. */
export const replicaRefusals: Readonly<Record<string, Refusal>> = {
  shrunk: {
    change: "`storage` less than the program asked and the server has",
    before: replica({ storage: 200 }),
    after: replica({ storage: 150 }),
    says: "storage can't shrink",
  },
  reattached: {
    change: "`detached` true → false, or removed from the program",
    before: replica({ detached: true }),
    after: replica({ detached: false }),
    says: "an independent primary can't become a replica again",
  },
  movedWhileProtected: {
    change: "any replacement while protected",
    before: replica({ isProtected: true }),
    after: replica({ isProtected: true, regionId: "eu-west-1" }),
    says: "the server does not destroy a protected cluster",
  },
};
