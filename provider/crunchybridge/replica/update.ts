import { FormationsError } from "../../errors";
import { sendOnce } from "../../resource/create-once";
import type { Context, UpdateRequest } from "../../resource/definition";
import { ResourceFailed } from "../../resource/errors";
import type { ClusterWithState, CrunchyBridgeApi } from "../api";
import type { Cluster } from "../endpoints";
import { carriesOut, isUnderWay, type RequestedChange } from "../operations";
import type { Inputs, State } from "./schema";
import {
  asScheduled,
  cancelPending,
  scheduledUpgrade,
  stillScheduled,
  type Timing,
  upgradeBody,
  waitsForWindow,
  withPending,
} from "./upgrade";
import { detachment, existing, settle } from "./waits";
import { wire } from "./wire";

/** Receives what the server has, and which properties it has not carried out yet. */
export type Report = (seen: ClusterWithState, unfinished: string[]) => void;

/** What a replica is to be brought to. */
export interface Wanted {
  settings: Partial<Inputs>;
  /** When upgrades switch over. */
  timing: Timing;
}

/** One change: one request, and what it takes until it is done. */
interface Step {
  request: "upgrade" | "ha" | "patch" | "detach";
  /** For messages: `its upgrade`. */
  what: string;
  /**
   * Sends what differs.
   *
   * @returns the cluster where the change is made at once
   */
  send(
    before: ClusterWithState,
    differences: Partial<Inputs>,
    timing: Timing,
    context: Context<CrunchyBridgeApi>,
  ): Promise<Cluster | undefined>;
  /** How it ends: at once, with an operation that the server lists, or when the parent is gone. */
  ends: "at once" | "operation" | "no parent";
}

/** Changes that the server makes at once, in every state of a replica. */
const patch: Step = {
  request: "patch",
  what: "its update",
  send: ({ id }, differences, _, { api, ...context }) =>
    api.patch(id, wire.change("patch", differences), context),
  ends: "at once",
};

/** In the order in which they are made. */
const steps: readonly Step[] = [
  {
    request: "upgrade",
    what: "its upgrade",
    send: (before, differences, timing, { api, clock, ...context }) => {
      const body = upgradeBody(differences, timing, before, clock.now());
      return api.upgrade(before.id, body, context);
    },
    ends: "operation",
  },
  {
    request: "ha",
    what: "its change of high availability",
    send: ({ id }, { isHa = false }, _, { api, ...context }) => api.setHa(id, isHa, context),
    ends: "operation",
  },
  patch,
  {
    request: "detach",
    what: "its detachment",
    send: ({ id }, _differences, _timing, { api, ...context }) => api.detach(id, context),
    ends: "no parent",
  },
];

/** The window is set before the upgrade that is to wait for it. */
const stepsInWindow = [patch, ...steps.filter((step) => step !== patch)];

/**
 * Changes a replica that exists. What a PATCH changes is sent at once, whatever the replica is busy with:
 * so one that failed, which never comes to rest, is unprotected. Whatever else is asked of one that could
 * not be created is left to its replacement.
 */
export async function change(
  { id, inputs, state, changes, isPending }: UpdateRequest<Inputs, State>,
  context: Context<CrunchyBridgeApi>,
  report: Report,
): Promise<ClusterWithState> {
  const { clock } = context;
  const timing = inputs.upgradeTiming ?? "now";
  const patched = wire.settings("patch", changes);
  const isPatch = Object.keys(patched).length === Object.keys(changes).length;
  if (state.state === "creation_failed" || (isPatch && !isPending)) {
    const seen = asScheduled(await existing(id, context), state);
    return await bring(seen, { settings: patched, timing }, context, report);
  }
  const unfinished = Object.keys(changes);
  const reportBusy = (now: string) =>
    context.exists({ id, state: { ...state, state: now }, unfinished });
  // A change that an earlier update sent before it timed out may still be under way: wait for it first.
  const resting = {
    id,
    what: "to be at rest",
    awaits: (operation: Parameters<typeof isUnderWay>[0]) => isUnderWay(operation, clock.now()),
    createdAt: isPending ? Date.parse(state.createdAt) : undefined,
  };
  const seen = await settle(resting, context, reportBusy);
  if (!reschedules(state, changes)) {
    const settings = changes;
    return await bring(asScheduled(seen, state), { settings, timing }, context, report);
  }
  const free = await cancelPending(id, context, reportBusy);
  // What was scheduled together is scheduled again together.
  const { planId, storage } = inputs;
  const settings = { ...changes, ...(planId && { planId }), ...(storage && { storage }) };
  return await bring(free, { settings, timing }, context, report);
}

/** Whether a change concerns the upgrade that is scheduled: the server refuses a second one. */
function reschedules({ upgradeScheduledFor }: State, changes: Partial<Inputs>): boolean {
  if (upgradeScheduledFor === undefined) return false;
  return "planId" in changes || "storage" in changes || "upgradeTiming" in changes;
}

/**
 * Brings a replica to what is wanted, with one request for each step that is not done yet, and waits
 * until each is done, or scheduled for the maintenance window. The server refuses a second operation while
 * one is pending, so they run one after another.
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
  for (const step of wanted.timing === "window" ? stepsInWindow : steps) {
    if (isDone(step, current, wanted)) continue;
    current = stillScheduled(current, await carryOut(step, current, wanted, context, report));
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
  const { settings, timing } = wanted;
  const differences = wire.differences(step.request, settings, before);
  const sent = await sendOnce(
    () => step.send(before, differences, timing, context).catch(unlessSuspended(step, before)),
    context,
  );
  const unfinished = Object.keys(wire.settings(step.request, settings));
  report(before, unfinished);
  if (step.request === "upgrade" && waitsForWindow(timing, before)) {
    const scheduled = await schedule(before, differences, context);
    if (scheduled) return scheduled;
  }
  const after = await ended(step, before, sent, context, (state) =>
    report({ ...before, state }, unfinished),
  );
  if (isDone(step, after, wanted)) {
    return step.request === "upgrade" ? { ...after, upgrade_scheduled_for: null } : after;
  }
  if ("lost" in sent) throw sent.lost;
  throw new ResourceFailed(
    `Replica ${before.id}: ${step.what} ended, but ${unfinished.join(", ")} is not as asked. ` +
      "It may have been cancelled; the next `pulumi up` requests it again.",
  );
}

/** An upgrade that waits for its time is all that was asked; undefined: none is pending. */
async function schedule(
  before: ClusterWithState,
  differences: Partial<Inputs>,
  context: Context<CrunchyBridgeApi>,
): Promise<ClusterWithState | undefined> {
  const { clock, warn } = context;
  const pending = await scheduledUpgrade(before.id, context);
  if (!pending) return undefined;
  const after = withPending(before, differences, pending, clock.now());
  warn(
    `Its upgrade (${Object.keys(differences).join(", ")}) is scheduled for ${after.upgrade_scheduled_for}; connections are interrupted briefly then. \`pulumi refresh\` shows when it is done.`,
  );
  return after;
}

/** The server refuses to upgrade what is suspended, and does not say why. */
function unlessSuspended({ what, request }: Step, { id, state }: ClusterWithState) {
  return (error: unknown): never => {
    const isExplained = state === "suspended" && request !== "patch";
    if (!isExplained || !(error instanceof FormationsError) || error.mayHaveTakenEffect)
      throw error;
    throw new ResourceFailed(
      `Replica ${id} is suspended, and ${what} was refused: resume it, then run \`pulumi up\` again. ${error.message}`,
      { cause: error },
    );
  };
}

/** Waits until a step has ended, and reads the cluster where its response does not show it. */
async function ended(
  { request, what, ends }: Step,
  before: ClusterWithState,
  sent: { response: Cluster | undefined } | { lost: FormationsError },
  context: Context<CrunchyBridgeApi>,
  report: (state: string) => void,
): Promise<ClusterWithState> {
  const { id, state } = before;
  switch (ends) {
    case "at once":
      return "response" in sent && sent.response
        ? { ...before, ...said(sent.response), state }
        : await existing(id, context);
    case "operation": {
      const awaits = ownOperations(request);
      return await settle({ id, what: `${what} to end`, awaits }, context, report);
    }
    case "no parent":
      return await detachment(id, context);
  }
}

function ownOperations(request: Step["request"]): Parameters<typeof settle>[0]["awaits"] {
  const change: RequestedChange = request === "ha" ? "ha" : "upgrade";
  return (operation) => carriesOut(change, operation);
}

/** What a response says; what it leaves out stays as it was. */
export function said<Response extends Cluster>(response: Response): Response {
  const fields = Object.entries(response).filter(([, value]) => value !== undefined);
  return Object.fromEntries(fields) as Response;
}

function isDone({ request }: Step, seen: ClusterWithState, { settings }: Wanted): boolean {
  return Object.keys(wire.differences(request, settings, seen)).length === 0;
}
