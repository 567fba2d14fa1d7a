import type { Context } from "../../resource/definition";
import type { WholeChange } from "../../resource/plan-rules";
import { utc } from "../../resource/values";
import type { ClusterWithState, CrunchyBridgeApi } from "../api";
import type { Operation, Upgrade } from "../endpoints";
import { carriesOut, nextWindow } from "../operations";
import type { Inputs, State } from "./schema";
import { settle } from "./waits";
import { wire } from "./wire";

/*
 * When an upgrade of plan or storage switches over. The server builds the replacement at once; where the
 * cluster has a maintenance window, it switches over in the next one unless the request says when.
 */

/** When to switch over: as soon as possible, or in the maintenance window. */
export type Timing = NonNullable<Inputs["upgradeTiming"]>;

/** The pauses before each look for an upgrade that was requested a moment ago, in milliseconds. */
const pausesBetweenLooks = [0, 1_000, 3_000];

/** For a plan: whether the replica has a maintenance window, or is to get one. */
export function hasWindow({
  observed,
  desired,
}: Pick<WholeChange, "observed" | "desired">): boolean {
  const start = desired.maintenanceWindowStart ?? observed.maintenanceWindowStart;
  return typeof start === "number" && start >= 0;
}

/** Whether an upgrade has to wait for the maintenance window; without one it does not. */
export function waitsForWindow(timing: Timing, seen: ClusterWithState): boolean {
  return timing === "window" && typeof seen.maintenance_window_start === "number";
}

/** The body of an upgrade request. */
export function upgradeBody(
  differences: Partial<Inputs>,
  timing: Timing,
  seen: ClusterWithState,
  now: number,
): Upgrade {
  const body = wire.change("upgrade", differences);
  const isInWindow = typeof seen.maintenance_window_start === "number";
  return timing === "now" && isInWindow ? { ...body, starting_from: utc(now) } : body;
}

/** The pending upgrade of a replica, if there is one. */
async function pendingUpgrade(
  id: string,
  { api, ...context }: Context<CrunchyBridgeApi>,
): Promise<Operation | undefined> {
  const operations = await api.operations(id, context);
  return operations?.find((operation) => carriesOut("upgrade", operation));
}

/** Looks for an upgrade that has just been requested; undefined: it has ended already. */
export async function scheduledUpgrade(
  id: string,
  context: Context<CrunchyBridgeApi>,
): Promise<Operation | undefined> {
  for (const pause of pausesBetweenLooks) {
    if (pause > 0) await context.clock.sleep(pause, context.signal);
    const pending = await pendingUpgrade(id, context);
    if (pending) return pending;
  }
  return undefined;
}

/**
 * A replica whose upgrade is pending: it counts as having what was asked, whichever plan the server shows
 * until it has switched over.
 */
export function withPending(
  seen: ClusterWithState,
  asked: Partial<Pick<State, "planId" | "storage">>,
  { starting_from }: Operation,
  now: number,
): ClusterWithState {
  const window = nextWindow(seen.maintenance_window_start ?? 0, now);
  return {
    ...withAsked(seen, asked),
    upgrade_scheduled_for: utc(starting_from ?? window),
  };
}

/** A replica as a refresh finds it, with the upgrade that it scheduled if that is still pending. */
export async function withScheduled(
  seen: ClusterWithState,
  known: Partial<State>,
  context: Context<CrunchyBridgeApi>,
): Promise<ClusterWithState> {
  if (known.upgradeScheduledFor === undefined) return seen;
  const pending = await pendingUpgrade(seen.id, context);
  if (!pending) return { ...seen, upgrade_scheduled_for: null };
  return withPending(seen, known, pending, context.clock.now());
}

/** A replica as the state has it while its upgrade is scheduled. */
export function asScheduled(seen: ClusterWithState, known: Partial<State>): ClusterWithState {
  const { upgradeScheduledFor } = known;
  if (upgradeScheduledFor === undefined) return seen;
  return { ...withAsked(seen, known), upgrade_scheduled_for: upgradeScheduledFor };
}

/** What is known of the scheduled upgrade, carried on through a step that is not about it. */
export function stillScheduled(
  before: ClusterWithState,
  after: ClusterWithState,
): ClusterWithState {
  const { upgrade_scheduled_for: scheduled, plan_id, storage } = before;
  const isOfThisStep =
    after.upgrade_scheduled_for !== undefined && after.upgrade_scheduled_for !== scheduled;
  if (isOfThisStep) return after;
  const kept = { ...after, upgrade_scheduled_for: scheduled };
  return scheduled ? { ...kept, plan_id, storage } : kept;
}

/** Cancels a pending upgrade and waits until it is gone. It waits for one that is switching over. */
export async function cancelPending(
  id: string,
  context: Context<CrunchyBridgeApi>,
  report: (state: string) => void,
): Promise<ClusterWithState> {
  if (await pendingUpgrade(id, context)) {
    context.progress("cancelling its scheduled upgrade");
    await context.api.cancelUpgrade(id, context);
  }
  const awaits = (operation: Operation) => carriesOut("upgrade", operation);
  const seen = await settle({ id, what: "its upgrade to be cancelled", awaits }, context, report);
  return { ...seen, upgrade_scheduled_for: null };
}

function withAsked(
  seen: ClusterWithState,
  { planId, storage }: Partial<Pick<State, "planId" | "storage">>,
): ClusterWithState {
  return { ...seen, plan_id: planId ?? seen.plan_id, storage: storage ?? seen.storage };
}
