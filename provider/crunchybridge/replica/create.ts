import { randomUUID } from "node:crypto";
import { Conflict, HttpError, notLookedFor } from "../../http/errors";
import { alreadyExists } from "../../resource/adoption";
import type { Context } from "../../resource/definition";
import type { AlreadyExists } from "../../resource/errors";
import { utc } from "../../resource/values";
import { type CrunchyBridgeApi, findByName } from "../api";
import { canonical } from "../eid";
import type { Cluster, ListedCluster, NewReplica } from "../endpoints";
import type { Inputs } from "./schema";
import { untilGone } from "./waits";

/** How long the server remembers an idempotency key, less what a request may take: milliseconds. */
const keyLifetime = 55 * 60_000;

/** How long to wait before looking and asking again, in milliseconds. */
const pauses = [1_000, 5_000, 15_000];

/**
 * Creates a replica once. Names are unique in a team, so a second one can't come into being; what
 * has to be told apart is our own, whose answer was lost, from somebody else's of that name.
 *
 * @throws AlreadyExists when the name is taken by another cluster
 */
export async function createOnce(
  wanted: Inputs,
  context: Context<CrunchyBridgeApi>,
): Promise<Cluster> {
  const { api, clock, signal } = context;
  const { clusterId: parentId } = wanted;
  const replica = toWire(wanted);
  // The server's times have whole seconds.
  const began = Math.floor(clock.now() / 1000) * 1000;
  let key = randomUUID();
  let lost: HttpError | undefined;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await api.createReplica(parentId, replica, key, context);
    } catch (error) {
      if (!(error instanceof HttpError) || signal.aborted) throw error;
      if (error.mayHaveTakenEffect) lost = error;
      if (!error.mayHaveTakenEffect && !(error instanceof Conflict)) throw error;
      const unable = (reason: unknown) => {
        throw lost ? notLookedFor(lost, reason, signal) : reason;
      };
      const rival = await namesake(parentId, replica.name, context).catch(unable);
      // Only an answer that was lost can have left one of ours.
      const isOurs = lost && rival?.isReplica && Date.parse(rival.created_at) >= began;
      const ours = isOurs ? await api.read(rival.id, context).catch(unable) : undefined;
      if (ours) return ours;
      if (rival && (await isBeingDestroyed(rival.id, context))) {
        context.progress("waiting for its name, which a cluster has that is being destroyed");
        await untilGone(rival.id, context);
        // The server repeats its refusal under the same key.
        key = randomUUID();
        continue;
      }
      if (rival) throw takenBy(rival, parentId, context.urn);
      const pause = pauses[attempt];
      if (!lost || pause === undefined || clock.now() - began > keyLifetime) throw error;
      // A 409 may also mean that our first request is still at work: the same key finds it.
      context.warn(`${error.message} It is not there yet, so it is asked for again.`);
      await clock.sleep(pause, signal);
    }
  }
}

function toWire(wanted: Inputs): NewReplica {
  return {
    name: wanted.name ?? "",
    plan_id: wanted.planId,
    network_id: wanted.networkId,
    provider_id: wanted.providerId,
    region_id: wanted.regionId,
  };
}

/** The cluster that has the name: a replica of the parent, or another one of the team. */
interface Namesake extends ListedCluster {
  isReplica: boolean;
}

/** Looks for a cluster of a name, where a creation would meet it. */
export async function namesake(
  parentId: string,
  name: string,
  context: Context<CrunchyBridgeApi>,
): Promise<Namesake | undefined> {
  const { api } = context;
  const parent = await api.read(parentId, context);
  if (!parent) return undefined;
  const replica = parent.replicas?.find((one) => one.name === name);
  if (replica) return { ...replica, isReplica: true };
  const other = findByName(await api.list(context, parent.team_id), name);
  return other && { ...other, isReplica: false };
}

/** A deletion that nobody waited for, as the run that asked for it was killed. */
async function isBeingDestroyed(id: string, context: Context<CrunchyBridgeApi>): Promise<boolean> {
  return (await context.api.get(id, context))?.state === "destroying";
}

function takenBy(
  { id, name, created_at, isReplica }: Namesake,
  parentId: string,
  urn: string | undefined,
): AlreadyExists {
  const kind = isReplica ? `of cluster ${canonical(parentId)}` : "in the team";
  return alreadyExists({
    what: `${isReplica ? "replica" : "cluster"} "${name}" ${kind}`,
    id: canonical(id),
    since: utc(created_at),
    urn,
    otherwise: "give this one another name, since names are unique in a team",
  });
}
