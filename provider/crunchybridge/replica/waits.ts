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
  /** Whether to wait for operations that are scheduled for later, too. Default: true. */
  withScheduled?: boolean;
}

/**
 * Waits until a cluster is at rest: no state of being changed, no pending operation. Its plan says
 * nothing about that, since the server shows the new one long before an upgrade has ended.
 *
 * @param report receives the state whenever a poll finds it busy or failed
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

/** Waits until a replica's own response names no parent. */
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

/** Destroys a replica and waits until it is gone. Success when it is gone already. */
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

/** Reads a cluster. @throws ResourceFailed when it is gone */
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

/** Only known failures end a wait; with any other state it continues. */
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
    `Replica ${id} is gone from the server. Run \`pulumi refresh\`; the next \`pulumi up\` creates it again.`,
  );
}
