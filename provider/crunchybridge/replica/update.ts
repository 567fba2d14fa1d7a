import { HttpError } from "../../http/errors";
import type { Context, UpdateRequest } from "../../resource/definition";
import { ResourceFailed } from "../../resource/errors";
import { type ClusterWithState, type CrunchyBridgeApi, hasFailed, isSettled } from "../api";
import type { Cluster, ClusterPatch } from "../endpoints";
import type { Inputs, State } from "./schema";
import { detachment, existing, settle } from "./waits";

/** What a replica that exists can be brought to. What is absent stays as it is. */
export interface Wanted {
  name?: string;
  planId?: string;
  /** In GB, at least. */
  storage?: number;
  isHa?: boolean;
  /** `""` for none. */
  environment?: string;
  isProtected?: boolean;
  /** 0 to 23, or -1 for none. */
  maintenanceWindowStart?: number;
  detached?: boolean;
}

/** Told what the server has, and which properties are not carried out yet. */
export type Report = (seen: ClusterWithState, unfinished: string[]) => void;

/** One change: one request, and what it takes until it is done. */
interface Step {
  /** For messages: `its upgrade`. */
  what: string;
  properties: readonly (keyof Wanted)[];
  isDone(seen: ClusterWithState, wanted: Wanted): boolean;
  /** Resolves to the cluster where the change is made at once. */
  send(
    seen: ClusterWithState,
    wanted: Wanted,
    context: Context<CrunchyBridgeApi>,
  ): Promise<Cluster | undefined>;
  /** How it ends: an operation that the server lists, or the replica's having no parent, or at once. */
  ends: "operation" | "parent" | "at once";
}

/** In the order in which they are made. */
const steps: readonly Step[] = [
  {
    what: "its upgrade",
    properties: ["planId", "storage"],
    isDone: (seen, { planId = seen.plan_id, storage = 0 }) =>
      seen.plan_id === planId && seen.storage >= storage,
    send: (seen, { planId, storage = 0 }, { api, ...context }) => {
      const upgrade = {
        plan_id: planId === seen.plan_id ? undefined : planId,
        // Never downwards: the server has at least what autoresize reached.
        storage: storage > seen.storage ? storage : undefined,
      };
      return api.upgrade(seen.id, upgrade, context);
    },
    ends: "operation",
  },
  {
    what: "its change of high availability",
    properties: ["isHa"],
    isDone: (seen, { isHa = seen.is_ha }) => seen.is_ha === isHa,
    send: (seen, { isHa = seen.is_ha }, { api, ...context }) => api.setHa(seen.id, isHa, context),
    ends: "operation",
  },
  {
    what: "its update",
    properties: ["name", "environment", "isProtected", "maintenanceWindowStart"],
    isDone: (seen, wanted) => Object.keys(patchFor(seen, wanted)).length === 0,
    send: (seen, wanted, { api, ...context }) =>
      api.patch(seen.id, patchFor(seen, wanted), context),
    ends: "at once",
  },
  {
    what: "its detachment",
    properties: ["detached"],
    isDone: (seen, { detached }) => !detached || seen.parent_id === null,
    send: (seen, _, { api, ...context }) => api.detach(seen.id, context),
    ends: "parent",
  },
];

/** Properties that change at once, for which the server needs not be at rest. */
const patchedProperties = new Set<string>(
  steps.filter(({ ends }) => ends === "at once").flatMap(({ properties }) => properties),
);

/**
 * Changes a replica that exists. One that failed never comes to rest, yet it can be patched: so it is
 * unprotected. What else is asked of one that could not be created is left to what replaces it.
 */
export async function change(
  { id, state, changes }: UpdateRequest<Inputs, State>,
  context: Context<CrunchyBridgeApi>,
  report: Report,
): Promise<ClusterWithState> {
  const unfinished = Object.keys(changes);
  const patched = Object.entries(changes).filter(([property]) => patchedProperties.has(property));
  const isPatch = patched.length === unfinished.length;
  const canPatch = isSettled(state.state) || hasFailed(state.state);
  if (state.state === "creation_failed" || (isPatch && canPatch)) {
    const wanted: Wanted = Object.fromEntries(patched);
    return await bring(await existing(id, context), wanted, context, report);
  }
  // A change that is still under way, since a former update timed out, is waited for, not sent again.
  const resting = { id, what: "to be at rest", withScheduled: false };
  const seen = await settle(resting, context, (now) =>
    context.exists({ id, state: { ...state, state: now }, unfinished }),
  );
  return await bring(seen, changes, context, report);
}

/**
 * Brings a replica to what is wanted, with one request for each step that it is not at yet, and
 * waits until each is done. The server refuses a second operation while one is pending, so they go
 * one after another.
 *
 * @throws ResourceFailed when an operation ended without effect
 */
export async function bring(
  seen: ClusterWithState,
  wanted: Wanted,
  context: Context<CrunchyBridgeApi>,
  report: Report,
): Promise<ClusterWithState> {
  let current = seen;
  for (const step of steps) {
    if (step.isDone(current, wanted)) continue;
    current = await carryOut(step, current, wanted, context, report);
    report(current, []);
  }
  return current;
}

async function carryOut(
  step: Step,
  before: ClusterWithState,
  wanted: Wanted,
  context: Context<CrunchyBridgeApi>,
  report: Report,
): Promise<ClusterWithState> {
  const { answer, lost } = await sendOnce(step, before, wanted, context);
  const unfinished = step.properties.filter((property) => wanted[property] !== undefined);
  report(before, unfinished);
  const { id } = before;
  const what = `${step.what} to end`;
  const after = await {
    "at once": async () =>
      answer ? { ...answer, state: before.state } : await existing(id, context),
    operation: () =>
      settle({ id, what }, context, (state) => report({ ...before, state }, unfinished)),
    parent: () => detachment(id, context),
  }[step.ends]();
  if (step.isDone(after, wanted)) return after;
  throw (
    lost ??
    new ResourceFailed(
      `Replica ${id}: ${step.what} ended, but ${unfinished.join(", ")} is not as asked. ` +
        "It may have been cancelled; the next `pulumi up` asks for it again.",
    )
  );
}

/** Sends a step's request. Where the answer was lost, whether it took effect is to be seen. */
async function sendOnce(
  step: Step,
  seen: ClusterWithState,
  wanted: Wanted,
  context: Context<CrunchyBridgeApi>,
): Promise<{ answer?: Cluster | undefined; lost?: HttpError }> {
  try {
    return { answer: await step.send(seen, wanted, context) };
  } catch (error) {
    if (!(error instanceof HttpError && error.mayHaveTakenEffect)) throw error;
    context.warn(`${error.message} Looking whether it did.`);
    return { lost: error };
  }
}

/**
 * What a creation has still to set, of what its first request makes without: a replica begins with its
 * parent's storage, and with nothing else of what can be changed.
 */
export function leftUndone(seen: ClusterWithState, wanted: Wanted): string[] {
  const { isHa, isProtected, environment, maintenanceWindowStart: hour, storage = 0 } = wanted;
  const undone = {
    storage: storage > seen.storage,
    isHa: isHa === true && !seen.is_ha,
    isProtected: isProtected === true && !seen.is_protected,
    environment: Boolean(environment) && !seen.environment,
    maintenanceWindowStart: (hour ?? -1) >= 0 && seen.maintenance_window_start == null,
  };
  return Object.entries(undone).flatMap(([property, isUndone]) => (isUndone ? property : []));
}

/** What PATCH has to change; empty where nothing differs. */
function patchFor(seen: ClusterWithState, wanted: Wanted): ClusterPatch {
  const { name, environment, isProtected, maintenanceWindowStart: hour } = wanted;
  return {
    ...(name !== undefined && name !== seen.name && { name }),
    ...(environment !== undefined && environment !== (seen.environment ?? "") && { environment }),
    ...(isProtected !== undefined &&
      isProtected !== seen.is_protected && { is_protected: isProtected }),
    ...(hour !== undefined &&
      hour !== (seen.maintenance_window_start ?? -1) && { maintenance_window_start: hour }),
  };
}
