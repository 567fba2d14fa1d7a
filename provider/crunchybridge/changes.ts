import { HttpError } from "../http/errors";
import type { Context } from "../resource/definition";
import { ResourceFailed } from "../resource/errors";
import { type Verdict, waitUntil } from "../resource/wait";
import { type ClusterWithState, type CrunchyBridgeApi, isSettled, type Status } from "./api";
import type { Cluster, ClusterPatch } from "./endpoints";

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
export const patchedProperties: readonly string[] = steps
  .filter(({ ends }) => ends === "at once")
  .flatMap(({ properties }) => properties);

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

/** What to wait for. */
export interface Settling {
  id: string;
  /** For messages: `its upgrade to end`. */
  what: string;
  /** Whether to wait for operations that somebody has scheduled for later, too. Default: true. */
  withScheduled?: boolean;
}

/**
 * Waits until the server is busy with nothing of a cluster, going by its state and its pending
 * operations: the plan that it shows is the new one long before an upgrade has ended.
 *
 * @param report told the state at each look that finds it busy or failed
 * @throws ResourceFailed at once when the state says that it failed
 */
export async function settle(
  { id, what, withScheduled = true }: Settling,
  context: Context<CrunchyBridgeApi>,
  report: (state: string) => void,
): Promise<ClusterWithState> {
  const { api } = context;
  const verdict = (seen: Status | undefined) =>
    verdictOn(seen?.state, busyWith(seen, withScheduled).length === 0);
  const status = await waitUntil({
    ...context,
    what: `replica ${id}: ${what}`,
    poll: async () => {
      const seen = await api.status(id, context);
      if (seen && verdict(seen) !== "done") report(seen.state);
      return seen;
    },
    verdict,
    describe: (seen) => [seen?.state ?? "gone", ...busyWith(seen, withScheduled)].join(", "),
  });
  const cluster = await api.read(id, context);
  if (!cluster || !status) throw gone(id);
  return { ...cluster, state: status.state };
}

/** Waits until a replica has no parent any more, by its own answer. */
async function detachment(
  id: string,
  context: Context<CrunchyBridgeApi>,
): Promise<ClusterWithState> {
  const { api } = context;
  const seen = await waitUntil({
    ...context,
    what: `replica ${id}: its detachment to end`,
    poll: () => api.get(id, context),
    verdict: (seen) => verdictOn(seen?.state, seen?.parent_id === null),
    describe: (seen) => (seen ? `detaching, ${seen.state}` : "gone"),
  });
  if (!seen) throw gone(id);
  return seen;
}

/** Destroys a replica, and waits until it is gone. That it is gone already is success. */
export async function destroy(id: string, context: Context<CrunchyBridgeApi>): Promise<void> {
  const { api } = context;
  if (await api.destroy(id, context)) return;
  await untilGone(id, context);
}

/** Waits until a cluster that is being destroyed is gone. */
export async function untilGone(id: string, context: Context<CrunchyBridgeApi>): Promise<void> {
  await waitUntil({
    ...context,
    what: `replica ${id} to be gone`,
    poll: () => context.api.isGone(id, context),
    verdict: (isGone) => (isGone ? "done" : "waiting"),
    describe: () => "destroying",
  });
}

/** A cluster that has to be there. @throws ResourceFailed when it is gone */
export async function existing(
  id: string,
  context: Context<CrunchyBridgeApi>,
): Promise<ClusterWithState> {
  const seen = await context.api.get(id, context);
  if (!seen) throw gone(id);
  return seen;
}

function busyWith(status: Status | undefined, withScheduled: boolean): string[] {
  return (status?.operations ?? [])
    .filter((operation) => withScheduled || operation.state !== "scheduled")
    .map(({ flavor = "operation", state = "pending" }) => `${flavor} ${state}`);
}

/** Only known failures end a wait; a state that is new goes on waiting. */
function verdictOn(state: string | undefined, isIdle: boolean): Verdict {
  if (state === undefined) return { failed: "it is gone" };
  if (state === "creation_failed" || state === "failed" || state === "destroying") {
    return { failed: `the server reports the state "${state}"` };
  }
  return isIdle && isSettled(state) ? "done" : "waiting";
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

function gone(id: string): ResourceFailed {
  return new ResourceFailed(
    `Replica ${id} is gone from the server. Run \`pulumi refresh\`, then \`pulumi up\` creates it again.`,
  );
}
