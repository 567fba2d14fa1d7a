import { alreadyExists } from "../../resource/adoption";
import { type Attempts, createOnce, type Judgement } from "../../resource/create-once";
import type { Context } from "../../resource/definition";
import type { AlreadyExists } from "../../resource/errors";
import { utc } from "../../resource/values";
import { type CrunchyBridgeApi, findByName, isNameTaken } from "../api";
import { canonical } from "../eid";
import type { Cluster, ListedCluster } from "../endpoints";
import type { Inputs } from "./schema";
import { untilGone } from "./waits";
import { wire } from "./wire";

/** The server keeps an idempotency key for an hour; a request may take five minutes of it. */
const keyLifetime = 55 * 60_000;

/**
 * Creates a replica once. Names are unique in a team, so the server never creates a second one. What
 * remains is to distinguish our own, whose response was lost, from somebody else's of that name.
 *
 * @throws AlreadyExists when another cluster has the name
 */
export function createReplica(
  wanted: Inputs,
  context: Context<CrunchyBridgeApi>,
): Promise<Cluster> {
  const { clusterId: parentId, name = "" } = wanted;
  return createOnce(
    {
      what: placeOf(name, parentId),
      send: (key) => context.api.createReplica(parentId, wire.creation(wanted), key(), context),
      // It may also mean that our first request is still being handled: the same key finds it.
      isTaken: isNameTaken,
      look: () => namesake(parentId, name, context),
      judge: (rival, sent) => judge(rival, sent, parentId, context),
      pauses: [1_000, 5_000, 15_000],
      keyLifetime,
    },
    context,
  );
}

/** The cluster that has the name: a replica of the parent, or another one of the team. */
interface Namesake extends ListedCluster {
  isReplica: boolean;
}

/** Looks for a cluster of a name, wherever in the team it would be in a creation's way. */
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

async function judge(
  rival: Namesake | undefined,
  { began, lost }: Attempts,
  parentId: string,
  context: Context<CrunchyBridgeApi>,
): Promise<Judgement<Cluster>> {
  const { api, urn } = context;
  // The name may belong to a cluster that the key's owner can't see.
  if (!rival) return lost ? "absent" : "hidden";
  // The server's times are in whole seconds.
  const isNew = Date.parse(rival.created_at ?? "") >= Math.floor(began / 1000) * 1000;
  if (lost && rival.isReplica && isNew) {
    const ours = await api.read(rival.id, context);
    if (ours) return { ours };
  }
  const { state } = (await api.get(rival.id, context)) ?? {};
  if (state !== "destroying") return { rival: takenBy(rival, parentId, urn) };
  // A deletion that nobody waited for, since the run that asked for it was killed.
  return {
    clearAway: async () => {
      context.progress("waiting until the cluster that has its name is destroyed");
      await untilGone(rival.id, context);
    },
  };
}

function takenBy(
  { id, name = "", created_at, isReplica }: Namesake,
  parentId: string,
  urn: string | undefined,
): AlreadyExists {
  return alreadyExists({
    what: isReplica ? placeOf(name, parentId) : `cluster "${name}" in the team`,
    id: canonical(id),
    since: created_at && utc(created_at),
    urn,
    otherwise: "give this one another name, since names are unique in a team",
  });
}

/** What messages call a replica: `replica "reports" of cluster …`. */
export function placeOf(name: string, parentId: string): string {
  return `replica "${name}" of cluster ${canonical(parentId)}`;
}
