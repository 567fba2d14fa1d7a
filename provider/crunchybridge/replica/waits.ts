import { FormationsError } from "../../errors";
import { whileAppearing } from "../../resource/appearance";
import type { Context } from "../../resource/definition";
import { ResourceFailed } from "../../resource/errors";
import { logicalName } from "../../resource/urn";
import { type Verdict, waitUntil } from "../../resource/wait";
import {
  type ClusterWithState,
  type CrunchyBridgeApi,
  destroyed,
  hasFailed,
  isSettled,
  type Status,
} from "../api";
import { parentOf } from "../cluster";
import type { Cluster, Operation } from "../endpoints";
import { describeOperation } from "../operations";

/** What to wait for. */
export interface Settling {
  id: string;
  /** For messages: `to become ready`, `its upgrade to end`. */
  what: string;
  /** The operations that have to end; others are nobody's business here. */
  awaits: (operation: Operation) => boolean;
  /** When this run created the cluster, in milliseconds since the epoch: the server may not show it yet. */
  createdAt?: number;
}

/** One look at a cluster that is to come to rest. */
interface Look {
  status: Status;
  /** Read only once the cluster is at rest. */
  cluster?: Cluster;
}

/**
 * Waits until a cluster is at rest: no state of being changed, no operation that is awaited. Its plan says
 * nothing about that, since the server shows the new one long before an upgrade has ended.
 *
 * @param report receives the state whenever a poll finds it busy or failed
 * @throws ResourceFailed at once when the state says that it failed
 */
export async function settle(
  { id, what, awaits, createdAt }: Settling,
  context: Context<CrunchyBridgeApi>,
  report: (state: string) => void,
): Promise<ClusterWithState> {
  const { api, clock } = context;
  const isNew = createdAt !== undefined;
  const busyWith = ({ operations }: Status) => operations.filter(awaits);
  const verdict = ({ status }: Look) => verdictOn(status.state, busyWith(status).length === 0);
  const created = { what: `replica ${id}`, since: createdAt ?? Number.NEGATIVE_INFINITY };
  const seen = await waitUntil<Look | undefined>({
    ...context,
    what: `replica ${id}${what.startsWith("to ") ? "" : ":"} ${what}`,
    async poll() {
      const status = await (isNew ? api.statusOfNew(id, context) : api.status(id, context));
      if (!status) return undefined;
      if (verdict({ status }) !== "done") {
        report(status.state);
        return { status };
      }
      const cluster = await (isNew ? api.readNew(id, context) : api.read(id, context));
      return cluster && { status, cluster };
    },
    verdict: isNew ? whileAppearing(created, clock, verdict) : orGone(verdict),
    describe: (look) =>
      look
        ? [look.status.state, ...busyWith(look.status).map(describeOperation)].join(", ")
        : "not visible yet",
  });
  if (!seen?.cluster) throw gone(id);
  return { ...seen.cluster, state: seen.status.state };
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
    verdict: orGone((seen) => verdictOn(seen.state, parentOf(seen) === null)),
    describe: (seen) => (seen ? `detaching, ${seen.state}` : "gone"),
  });
  if (!seen) throw gone(id);
  return seen;
}

/**
 * Destroys a replica and waits until it is gone. Success when it is gone already.
 *
 * @throws ResourceFailed with what to do when the server protects it
 */
export async function destroy(id: string, context: Context<CrunchyBridgeApi>): Promise<void> {
  const { api, urn } = context;
  const isGone = await api.destroy(id, context).catch((error: unknown) => {
    throw isProtection(error) ? stillProtected(id, urn, error) : error;
  });
  if (!isGone) await untilGone(id, context);
}

/** Whether the server refused to destroy what it protects. */
function isProtection(error: unknown): error is FormationsError {
  if (!(error instanceof FormationsError) || error.mayHaveTakenEffect) return false;
  return /\bprotect/i.test(error.message);
}

/** What depended on the replica may be gone by now: a plain `pulumi up` would create it again. */
function stillProtected(
  id: string,
  urn: string | undefined,
  error: FormationsError,
): ResourceFailed {
  const name = urn === undefined ? "NAME" : logicalName(urn);
  const where = urn === undefined ? " (NAME is its name in the program)" : "";
  return new ResourceFailed(
    `Replica ${id} is protected: set isProtected to false and run \`pulumi up --target '**${name}'\`${where}, then delete it. ` +
      `Without --target, \`pulumi up\` would create again what is deleted already. ${error.message}`,
    { cause: error },
  );
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

const createAgain = "run `pulumi refresh`, then `pulumi up` again";

const lost = `it is gone: ${createAgain}`;

function orGone<T>(verdict: (seen: T) => Verdict): (seen: T | undefined) => Verdict {
  return (seen) => (seen === undefined ? { failed: lost } : verdict(seen));
}

/** Only known failures end a wait; with any other state it continues. */
function verdictOn(state: string, isIdle: boolean): Verdict {
  if (state === "creation_failed") {
    return {
      failed: `the server reports the state "${state}"; the next \`pulumi up\` replaces it`,
    };
  }
  if (state === destroyed) return { failed: lost };
  if (state === "destroying") {
    return {
      failed: `the server reports the state "${state}". When it is gone, ${createAgain}`,
    };
  }
  if (hasFailed(state)) {
    return {
      failed: `the server reports the state "${state}". Crunchy Bridge's console shows the reason; solve it, then run \`pulumi up\` again`,
    };
  }
  return isIdle && isSettled(state) ? "done" : "waiting";
}

function gone(id: string): ResourceFailed {
  return new ResourceFailed(
    `Replica ${id} is gone from the server. Run \`pulumi refresh\`; the next \`pulumi up\` creates it again.`,
  );
}
