import type { FormationsError } from "../../errors";
import { sendOnce } from "../../resource/create-once";
import type { Context, UpdateRequest } from "../../resource/definition";
import { ResourceFailed } from "../../resource/errors";
import { type ClusterWithState, type CrunchyBridgeApi, hasFailed, isSettled } from "../api";
import type { Cluster } from "../endpoints";
import type { Inputs, State } from "./schema";
import { detachment, existing, settle } from "./waits";
import { wire } from "./wire";

/** Receives what the server has, and which properties it has not carried out yet. */
export type Report = (seen: ClusterWithState, unfinished: string[]) => void;

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
    id: string,
    differences: Partial<Inputs>,
    context: Context<CrunchyBridgeApi>,
  ): Promise<Cluster | undefined>;
  /** How it ends: at once, with an operation that the server lists, or when the parent is gone. */
  ends: "at once" | "operation" | "no parent";
}

/** In the order in which they are made. */
const steps: readonly Step[] = [
  {
    request: "upgrade",
    what: "its upgrade",
    send: (id, differences, { api, ...context }) =>
      api.upgrade(id, wire.change("upgrade", differences), context),
    ends: "operation",
  },
  {
    request: "ha",
    what: "its change of high availability",
    send: (id, { isHa = false }, { api, ...context }) => api.setHa(id, isHa, context),
    ends: "operation",
  },
  {
    request: "patch",
    what: "its update",
    send: (id, differences, { api, ...context }) =>
      api.patch(id, wire.change("patch", differences), context),
    ends: "at once",
  },
  {
    request: "detach",
    what: "its detachment",
    send: (id, _, { api, ...context }) => api.detach(id, context),
    ends: "no parent",
  },
];

/**
 * Changes a replica that exists. One that failed never comes to rest, yet it can be patched: so it is
 * unprotected. Whatever else is asked of one that could not be created is left to its replacement.
 */
export async function change(
  { id, state, changes }: UpdateRequest<Inputs, State>,
  context: Context<CrunchyBridgeApi>,
  report: Report,
): Promise<ClusterWithState> {
  const unfinished = Object.keys(changes);
  const patched = wire.settings("patch", changes);
  const isPatch = Object.keys(patched).length === unfinished.length;
  const canPatch = isSettled(state.state) || hasFailed(state.state);
  if (state.state === "creation_failed" || (isPatch && canPatch)) {
    return await bring(await existing(id, context), patched, context, report);
  }
  // A change that an earlier update sent before it timed out may still be under way: wait for it first.
  const resting = { id, what: "to be at rest", withScheduled: false };
  const seen = await settle(resting, context, (now) =>
    context.exists({ id, state: { ...state, state: now }, unfinished }),
  );
  return await bring(seen, changes, context, report);
}

/**
 * Brings a replica to what is wanted, with one request for each step that is not done yet, and waits
 * until each is done. The server refuses a second operation while one is pending, so they run one
 * after another.
 *
 * @throws ResourceFailed when an operation ended without effect
 */
export async function bring(
  seen: ClusterWithState,
  wanted: Partial<Inputs>,
  context: Context<CrunchyBridgeApi>,
  report: Report,
): Promise<ClusterWithState> {
  let current = seen;
  for (const step of steps) {
    if (isDone(step, current, wanted)) continue;
    current = await carryOut(step, current, wanted, context, report);
    report(current, []);
  }
  return current;
}

async function carryOut(
  step: Step,
  before: ClusterWithState,
  wanted: Partial<Inputs>,
  context: Context<CrunchyBridgeApi>,
  report: Report,
): Promise<ClusterWithState> {
  const { id } = before;
  const differences = wire.differences(step.request, wanted, before);
  const sent = await sendOnce(() => step.send(id, differences, context), context);
  const unfinished = Object.keys(wire.settings(step.request, wanted));
  report(before, unfinished);
  const after = await ended(step, before, sent, context, (state) =>
    report({ ...before, state }, unfinished),
  );
  if (isDone(step, after, wanted)) return after;
  if ("lost" in sent) throw sent.lost;
  throw new ResourceFailed(
    `Replica ${id}: ${step.what} ended, but ${unfinished.join(", ")} is not as asked. ` +
      "It may have been cancelled; the next `pulumi up` requests it again.",
  );
}

/** Waits until a step has ended, and reads the cluster where its response does not show it. */
async function ended(
  { what, ends }: Step,
  before: ClusterWithState,
  sent: { response: Cluster | undefined } | { lost: FormationsError },
  context: Context<CrunchyBridgeApi>,
  report: (state: string) => void,
): Promise<ClusterWithState> {
  const { id, state } = before;
  switch (ends) {
    case "at once":
      return "response" in sent && sent.response
        ? { ...sent.response, state }
        : await existing(id, context);
    case "operation":
      return await settle({ id, what: `${what} to end` }, context, report);
    case "no parent":
      return await detachment(id, context);
  }
}

function isDone({ request }: Step, seen: ClusterWithState, wanted: Partial<Inputs>): boolean {
  return Object.keys(wire.differences(request, wanted, seen)).length === 0;
}
