import { z } from "zod";
import { Forbidden, unlessGone } from "../../http/errors";
import { continuation, demandBeginning } from "../../resource/continuation";
import type { Reading } from "../../resource/definition";
import { NoSuchResource, PartlyListed } from "../../resource/errors";
import { defineListing, type Listed, type Page } from "../../resource/listing";
import { inOrder } from "../../resource/values";
import type { CrunchyBridgeApi } from "../api";
import { parentOf } from "../cluster";
import { canonical } from "../eid";
import type { ListedCluster } from "../endpoints";
import { id, type State } from "./schema";
import { toModel } from "./wire";

const query = z.object({
  clusterId: id().optional().meta({
    description:
      "Only direct replicas of the cluster of this ID (EID or UUID). For the replicas of a replica, give the replica's ID.",
  }),
  teamId: id().optional().meta({
    description: "Only replicas of the team of this ID (EID or UUID).",
    whenAbsent: "all teams",
  }),
  name: z.string().optional().meta({ description: "Only replicas of this name." }),
  regionId: z.string().optional().meta({ description: "Only replicas in this region." }),
});

type Query = z.output<typeof query>;

/** Where a list continues. */
interface Place {
  /** The teams that are still to be listed; null: the personal team, where the key may not list teams. */
  teams: (string | null)[];
  /** Where the first of these continues. */
  cursor?: string;
  /** Teams whose clusters the key could not list. They are retried at the end. */
  refused: string[];
}

const places = continuation(
  "replicas",
  z.object({
    teams: z.array(z.string().nullable()),
    cursor: z.string().optional(),
    refused: z.array(z.string()),
  }),
);

/**
 * How replicas are listed: of all teams, in the order of teams and of clusters' IDs, each after the one that
 * it replicates. A page is a page of the team's clusters, in which replicas are nested. A replica that was
 * detached is a primary, so it is not listed. One that is being destroyed is listed if the list says so: its
 * state does.
 */
export const listing = defineListing({
  query,
  async *pages(
    wanted,
    { api, ...context }: Reading<CrunchyBridgeApi>,
    from?: string,
  ): AsyncGenerator<Page<State>> {
    const show = showing(wanted, api.clock.now());
    if (wanted.clusterId !== undefined) {
      demandBeginning("replicas of a cluster", from);
      const replicas = await api.replicas(wanted.clusterId, context);
      if (!replicas) {
        throw new NoSuchResource(`Crunchy Bridge has no cluster ${wanted.clusterId}.`);
      }
      yield { items: show(replicas, wanted.clusterId) };
      return;
    }
    let at: Place | undefined = from === undefined ? undefined : places.read(from);
    at ??= { teams: await teamsOf(wanted, { api, ...context }), refused: [] };
    while (at) {
      const { clusters, next }: Step = await step(at, wanted, { api, ...context });
      yield { items: show(clusters), next: next && places.write(next) };
      at = next;
    }
  },
});

async function teamsOf({ teamId }: Query, { api, ...context }: Reading<CrunchyBridgeApi>) {
  if (teamId !== undefined) return [teamId];
  // A key that may not list teams may list its clusters.
  const all = await api.teams(context).catch((error: unknown) => {
    if (error instanceof Forbidden) return undefined;
    throw error;
  });
  const teams = [...new Set(all)];
  return teams.length > 0 ? teams.sort(inOrder) : [null];
}

/** A page of clusters, and where the list continues. */
interface Step {
  clusters: ListedCluster[];
  next?: Place;
}

async function step(
  { teams, cursor, refused }: Place,
  { teamId }: Query,
  { api, ...context }: Reading<CrunchyBridgeApi>,
): Promise<Step> {
  const [team = null, ...others] = teams.length > 0 ? teams : refused;
  const isLastTry = teams.length === 0;
  const rest = { teams: isLastTry ? [] : others, refused: isLastTry ? refused.slice(1) : refused };
  const asked = api.page({ teamId: team ?? undefined, cursor }, context);
  try {
    // A team that was listed a moment ago may be gone; one that the user named may not.
    const page = await (team === null || team === teamId ? asked : unlessGone(asked));
    if (page?.next === undefined) return { clusters: page?.clusters ?? [], next: unlessDone(rest) };
    return { clusters: page.clusters, next: { teams, refused, cursor: page.next } };
  } catch (error) {
    if (!(error instanceof Forbidden) || team === null || team === teamId) throw error;
    const lacking = isLastTry ? refused : [...refused, team];
    if (rest.teams.length > 0) return { clusters: [], next: { ...rest, refused: lacking } };
    throw new PartlyListed("team", lacking, error);
  }
}

function unlessDone(place: Place): Place | undefined {
  return place.teams.length > 0 || place.refused.length > 0 ? place : undefined;
}

/** Makes what shows the replicas of clusters, each once. */
function showing(wanted: Query, now: number) {
  const shown = new Set<string>();
  const isNew = ({ id }: Listed) => !shown.has(id) && shown.add(id) !== undefined;
  return (clusters: readonly ListedCluster[], parentId?: string): Listed<State>[] =>
    replicasIn(clusters, parentId)
      .map(([replica, parent]) => listed(replica, parent, now))
      .filter((one) => isWanted(one, wanted) && isNew(one));
}

/** The replicas among clusters and nested in them, each with its parent, which the nested form may lack. */
function replicasIn(
  clusters: readonly ListedCluster[],
  parentId?: string,
): [replica: ListedCluster, parentId: string][] {
  const sorted = clusters.toSorted((a, b) => inOrder(canonical(a.id), canonical(b.id)));
  return sorted.flatMap((one) => {
    const parent = parentId ?? parentOf(one);
    const nested = replicasIn(one.replicas ?? [], one.id);
    return parent ? [[one, parent], ...nested] : nested;
  });
}

function isWanted({ state }: Listed<State>, wanted: Query): boolean {
  const keys = ["clusterId", "teamId", "name", "regionId"] as const;
  return keys.every((key) => wanted[key] === undefined || wanted[key] === state[key]);
}

/** How long a creation may take, in milliseconds: a list may not say whether a younger replica is ready. */
const creationTime = 24 * 60 * 60_000;

/** What every replica has, so that a list without it does not show all that an import needs. */
const facts = [
  ...["name", "planId", "providerId", "regionId", "storage", "isHa", "isProtected"],
  ...["isSuspended", "teamId", "cpu", "memory", "majorVersion", "postgresVersionId", "createdAt"],
] as const satisfies readonly (keyof State)[];

function listed(seen: ListedCluster, parentId: string, now: number): Listed<State> {
  const known = seen.state ?? presumedState(seen, now);
  const replica = { ...seen, parent_id: parentId, state: known ?? "" };
  const { id, state } = toModel(replica, {});
  const isWhole =
    known !== undefined &&
    seen.network_id !== undefined &&
    facts.every((key) => state[key] !== undefined);
  return { id, name: state.name ?? id, state: { ...state, state: known }, isWhole };
}

/** The state of a replica of which the list does not say it; undefined: it may be in creation. */
function presumedState(
  { host, is_suspended, created_at = "" }: ListedCluster,
  now: number,
): string | undefined {
  if (is_suspended) return "suspended";
  // A nested replica may have no host at any age.
  return host || now - Date.parse(created_at) > creationTime ? "ready" : undefined;
}
