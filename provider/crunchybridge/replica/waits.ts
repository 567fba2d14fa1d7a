import type { Context } from "../../resource/definition";
import { ResourceFailed } from "../../resource/errors";
import { type Verdict, waitUntil } from "../../resource/wait";
import {
  type ClusterWithState,
  type CrunchyBridgeApi,
  hasFailed,
  isSettled,
  type Status,
} from "../api";

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
export async function detachment(
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
  if (state === "creation_failed") {
    return {
      failed: `the server reports the state "${state}": the next \`pulumi up\` replaces it`,
    };
  }
  if (hasFailed(state) || state === "destroying") {
    return { failed: `the server reports the state "${state}"` };
  }
  return isIdle && isSettled(state) ? "done" : "waiting";
}

function gone(id: string): ResourceFailed {
  return new ResourceFailed(
    `Replica ${id} is gone from the server. Run \`pulumi refresh\`, then \`pulumi up\` creates it again.`,
  );
}
