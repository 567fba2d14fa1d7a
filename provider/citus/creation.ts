import { HttpError } from "../http/errors";
import type { Context } from "../resource/definition";
import { AlreadyExists, alreadyExists, Cancelled } from "../resource/errors";
import { utc } from "../resource/values";
import type { CitusApi, NewFormation } from "./api";
import type { Inputs } from "./formation-schema";

/** How long a list waits for other creations of the same run, in milliseconds. */
const gatheringTime = 100;

const otherwise = "give this one another name, or set allowDuplicateName if two are meant";

/** A formation that was asked for, and those of its name that it is to replace. */
export interface Creation {
  id: string;
  predecessors: string[];
}

/**
 * Creates a formation once. It looks before it creates, and before it repeats: one that nobody
 * remembers costs money by the minute.
 *
 * @throws AlreadyExists when the account has one of this name and region, or this run makes one
 */
export async function createOnce(wanted: Inputs, context: Context<CitusApi>): Promise<Creation> {
  const { api } = context;
  const claim = { name: wanted.name ?? "", region: wanted.region };
  if (!wanted.allowDuplicateName && [...api.creating].some(isLike(wanted))) throw twin(wanted);
  api.creating.add(claim);
  try {
    const known = await namesakes(wanted, context);
    const predecessors = known.filter((id) => context.replaced.has(id));
    const others = known.filter((id) => !context.replaced.has(id));
    if (!wanted.allowDuplicateName) await refuseRivals(others, wanted, context);
    return { id: await post(wanted, known, context), predecessors };
  } finally {
    api.creating.delete(claim);
  }
}

/** The IDs of those of this name and region; a list may be older than this process' own. */
async function namesakes(wanted: Inputs, context: Context<CitusApi>): Promise<string[]> {
  const { api } = context;
  const list = await api.sharedList(context, () => gather(wanted, context));
  const listed = list.filter(isLike(wanted)).map(({ id }) => id);
  const own = [...api.created].filter(([, one]) => isLike(wanted)(one)).map(([id]) => id);
  return [...new Set([...listed, ...own])];
}

async function refuseRivals(
  ids: readonly string[],
  { name, region }: Inputs,
  { api, urn, ...context }: Context<CitusApi>,
): Promise<void> {
  for (const id of ids) {
    const rival = await api.get(id, context);
    if (!rival || rival.state === "archiving") continue;
    const what = `formation "${name}" in ${region}`;
    throw alreadyExists({ what, id, since: utc(rival.created_at), urn, otherwise });
  }
}

/** @param known the IDs of those of this name that are not the one that is posted */
async function post(
  wanted: Inputs,
  known: readonly string[],
  context: Context<CitusApi>,
): Promise<string> {
  const { api } = context;
  try {
    return await api.create(toWire(wanted), context);
  } catch (error) {
    const isLost = error instanceof HttpError && error.mayHaveTakenEffect;
    if (!isLost || context.signal.aborted) throw error;
    context.warn(`${error.message} Looking for it in the list before it is sent again.`);
    const now = (await api.list(context)).filter(isLike(wanted));
    const lost = now.find(({ id }) => !known.includes(id) && !api.created.has(id));
    if (!lost) return await api.create(toWire(wanted), context);
    api.created.set(lost.id, lost);
    return lost.id;
  }
}

/** Counts and sizes go as strings, as the page's example has them. */
function toWire(wanted: Inputs): NewFormation {
  return {
    name: wanted.name ?? "",
    region: wanted.region,
    tune_attributes: {
      coordinator_tune: wanted.coordinatorTune,
      coordinator_disk_size: String(wanted.coordinatorDiskSize),
      coordinator_ha: wanted.coordinatorHa ?? false,
      worker_tune: wanted.workerTune,
      worker_count: String(wanted.workerCount),
      worker_disk_size: String(wanted.workerDiskSize),
      worker_ha: wanted.workerHa ?? false,
    },
  };
}

function gather({ name }: Inputs, { clock, signal }: Context<CitusApi>): Promise<void> {
  return clock.sleep(gatheringTime, signal).catch((reason) => {
    if (!signal.aborted) throw reason;
    throw new Cancelled(`Cancelled before formation "${name}" was created.`);
  });
}

/** A place is a name in a region. */
type Place = Pick<NewFormation, "name" | "region">;

/** Whether something has the name and the region of a wanted formation. */
export function isLike({ name, region }: Inputs) {
  return (one: Place) => one.name === name && one.region === region;
}

function twin({ name, region }: Inputs): AlreadyExists {
  return new AlreadyExists(
    `This run creates another formation "${name}" in ${region} already. Nothing was created: ${otherwise}.`,
  );
}
