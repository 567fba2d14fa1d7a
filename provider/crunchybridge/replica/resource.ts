import { type Context, defineResource, type Snapshot } from "../../resource/definition";
import { NoSuchResource } from "../../resource/errors";
import type { PlanRules, WholeChange } from "../../resource/plan-rules";
import { type ClusterWithState, type CrunchyBridgeApi, isSettled } from "../api";
import { describeCluster } from "../cluster";
import { canonical, sameId, toEid } from "../eid";
import { crunchyBridge } from "../system";
import { createOnce, namesake } from "./create";
import { constraints, foresee, inputs, outputs, type State } from "./schema";
import { bring, change, leftUndone } from "./update";
import { destroy, settle } from "./waits";

const isLess = (a: unknown, b: unknown) => Number(a) < Number(b);

const rules: PlanRules = {
  autoname: "name",
  defaults: {
    isHa: false,
    isProtected: false,
    environment: "",
    maintenanceWindowStart: -1,
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
      why: "storage can't shrink: make a replica with less, or leave it",
    },
    {
      change: "`storage` that autoresize raised above what the program asks",
      properties: ["storage"],
      on: ["drifted"],
      when: ({ observed, desired }) => isLess(desired, observed),
      becomes: "keep",
      why: "storage grows by itself and can't shrink",
    },
    {
      change: "`storage` more than the program asked, less than the server has",
      properties: ["storage"],
      when: ({ observed, desired }) => isLess(desired, observed),
      becomes: "keep",
      why: "there is more of it already, inherited or by autoresize",
      warning:
        "{property} is {observed} GB on the server already, which can't shrink to {desired}.",
    },
    {
      change: "`planId`, `storage` up",
      properties: ["planId", "storage"],
      becomes: "update",
      why: "upgraded in place",
      warning: "{property}: an upgrade; connections are interrupted shortly when it switches over.",
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
      why: "an independent primary can't become a replica again: make another replica",
    },
    {
      change: "`detached` false → true",
      properties: ["detached"],
      when: ({ desired }) => desired !== false,
      becomes: "update",
      why: "detached in place",
      warning:
        "{property}: an independent primary from then on, which nothing of its parent reaches any more. There is no way back.",
    },
    {
      change: "`clusterId` once detached",
      properties: ["clusterId"],
      when: ({ all }) => all.observed.detached === true,
      becomes: "keep",
      why: "an independent primary replicates from no cluster",
    },
    {
      change: "`clusterId`, `networkId`, `providerId`, `regionId`",
      properties: ["clusterId", "networkId", "providerId", "regionId"],
      becomes: "replace",
      order: "new first",
      why: "a replica can't move",
    },
  ],
  whole: [
    {
      change: "`detached` outside of the program",
      when: ({ applied, observed, desired }) =>
        observed.detached === true && applied.detached !== true && desired.detached !== true,
      becomes: "keep",
      why: "it stays an independent primary",
      warning:
        "The replica was detached outside of the program: it is an independent primary now. It is kept: put `detached: true` into the program.",
    },
    {
      change: "state `creation_failed`",
      when: (all) => all.observed.state === "creation_failed" && !isUnprotectedFirst(all),
      becomes: "replace",
      order: "old first",
      why: "the server could not create it",
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
      warning:
        "The replica keeps its name, so it is gone before the new one exists. Give it another name, or none, to have the new one first.",
    },
    {
      change: "a replacement once detached",
      when: ({ action, observed }) => action === "replace" && observed.detached === true,
      becomes: "replace",
      why: "a new replica takes its place",
      warning:
        "The replica is detached, an independent primary: what was written to it since is LOST with it.",
    },
    {
      change: "any replacement while protected",
      when: ({ action, observed }) => action === "replace" && observed.isProtected === true,
      becomes: "refuse",
      why: "the server destroys no protected cluster: set isProtected to false in a `pulumi up` of its own first; the next one replaces it, whatever isProtected is then",
    },
  ],
};

/** Whether what could not be created is unprotected. What the program never set stays protected. */
function isUnprotectedFirst({ action, applied, observed, desired }: WholeChange): boolean {
  const isSet = desired.isProtected !== undefined || applied.isProtected !== undefined;
  const isUnprotected = observed.isProtected === true && desired.isProtected !== true && isSet;
  return isUnprotected && action !== "replace" && observed.state === "creation_failed";
}

/** A detached replica's answer names no parent any more: its `clusterId` is carried from the state. */
function toModel(seen: ClusterWithState, clusterId: string): Snapshot<State> {
  const facts = describeCluster(seen);
  const state = {
    ...facts,
    clusterId: facts.parentId ?? clusterId,
    detached: facts.parentId === undefined,
  };
  return { id: canonical(seen.id), state };
}

/** A replica of a cluster, and what becomes of it when it is detached. */
export const replica = defineResource({
  name: "Replica",
  description:
    "A replica of a Crunchy Bridge cluster: a read-only copy that follows its parent, in the same network or elsewhere. It may have replicas itself.\n\n" +
    "Plan, storage, high availability and settings are changed in place, network, provider, region and parent by a replacement. With `detached` it becomes an independent primary, for instance to move to it; it is still this resource then.",
  id: "the replica's ID, as EID (26 letters a–z and digits 2–7) or UUID",
  isId: (id) => toEid(id) !== undefined,
  example: { clusterId: "rvf73a77ozfsvcttryebfrnlem", planId: "standard-8", storage: 200 },
  system: crunchyBridge,
  inputs,
  outputs,
  plan: rules,
  constraints,
  pending: ({ state }) => (isSettled(state) ? undefined : `state "${state}"`),
  isLeaving: ({ state }) => state === "destroying",
  foresee,

  async create(wanted, context) {
    const made = await createOnce(wanted, context);
    const begun = { ...made, state: made.state ?? "creating" };
    const report = reporter(wanted.clusterId, context);
    report(begun, []);
    const seen = await settle({ id: made.id, what: "to become ready" }, context, (state) =>
      report({ ...begun, state }, []),
    );
    report(seen, []);
    if (isLess(wanted.storage, seen.storage)) {
      context.warn(`Storage is ${seen.storage} GB, inherited; it can't shrink to what is asked.`);
    }
    return toModel(await bring(seen, wanted, context, report), wanted.clusterId);
  },

  async read(id, known, { api, ...context }) {
    const seen = await api.get(id, context);
    if (!seen) return undefined;
    // Only an import knows nothing: a replica that was detached is known with its `clusterId`.
    if (seen.parent_id === null && !known.clusterId) {
      throw new NoSuchResource(
        `Crunchy Bridge has no replica ${id}: this cluster is a primary, which getCluster reads.`,
      );
    }
    return toModel(seen, known.clusterId ?? "");
  },

  async find(wanted, context) {
    const { clusterId, name = "" } = wanted;
    const rival = await namesake(clusterId, name, context);
    const seen = rival?.isReplica ? await context.api.get(rival.id, context) : undefined;
    return seen ? [{ ...toModel(seen, clusterId), unfinished: leftUndone(seen, wanted) }] : [];
  },

  async update(request, context) {
    const { clusterId } = request.state;
    return toModel(await change(request, context, reporter(clusterId, context)), clusterId);
  },

  async delete(id, { detached }, context) {
    if (detached) context.warn("It is detached: its data is destroyed with it.");
    await destroy(id, context);
  },
});

function reporter(clusterId: string, context: Context<CrunchyBridgeApi>) {
  return (seen: ClusterWithState, unfinished: string[]) =>
    context.exists({ ...toModel(seen, clusterId), unfinished });
}
