import { HttpError, notLookedFor } from "../../http/errors";
import { clockSkew } from "../../process/clock";
import { alreadyExists } from "../../resource/adoption";
import type { Context } from "../../resource/definition";
import { AlreadyExists, Cancelled } from "../../resource/errors";
import { utc } from "../../resource/values";
import type { CitusApi, FormationDetails, NewFormation, Place } from "../api";
import type { Inputs } from "./schema";

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
    const id = await api.oneByOne(claim, () => post(wanted, known, context));
    return { id, predecessors };
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
  wanted: Inputs,
  { api, urn, ...context }: Context<CitusApi>,
): Promise<void> {
  for (const id of ids) {
    const rival = await api.get(id, context);
    if (!rival || rival.state === "archiving") continue;
    throw alreadyExists({
      what: placeOf(wanted),
      id,
      since: utc(rival.created_at),
      urn,
      otherwise,
    });
  }
}

/** @param known the IDs of those of this name that are not the one that is posted */
async function post(
  wanted: Inputs,
  known: readonly string[],
  context: Context<CitusApi>,
): Promise<string> {
  const { api, clock, signal } = context;
  const began = clock.now();
  try {
    return await api.create(toWire(wanted), context);
  } catch (error) {
    if (!(error instanceof HttpError && error.mayHaveTakenEffect) || signal.aborted) throw error;
    context.warn(`${error.message} Looking for it in the list before it is sent again.`);
    const lost = await lookFor(wanted, known, began, context).catch((reason) => {
      throw notLookedFor(error, reason, signal);
    });
    if (!lost) return await api.create(toWire(wanted), context);
    const { id, name, region } = lost;
    api.created.set(id, { name, region });
    return id;
  }
}

/**
 * Looks for what a creation made whose answer was lost. What appeared meanwhile is taken for it only
 * where nothing speaks against that.
 *
 * @param began when it was posted, in milliseconds since the epoch
 * @throws AlreadyExists where it may be somebody else's: neither is it adopted, nor another one made
 */
async function lookFor(
  wanted: Inputs,
  known: readonly string[],
  began: number,
  { api, urn, ...context }: Context<CitusApi>,
): Promise<FormationDetails | undefined> {
  const all = (await api.list(context)).filter(isLike(wanted));
  const found: FormationDetails[] = [];
  for (const { id } of all.filter((one) => !known.includes(one.id) && !api.created.has(one.id))) {
    const seen = await api.get(id, context);
    if (seen && seen.state !== "archiving") found.push(seen);
  }
  const [seen, ...others] = found;
  if (!seen) return undefined;
  const doubt =
    (others.length > 0 && `${others.map(({ id }) => id).join(", ")} appeared as well`) ||
    (Date.parse(seen.created_at) < began - clockSkew && "it is older than the request") ||
    (!hasTune(seen, wanted) && "its tune is not what was asked");
  if (!doubt) return seen;
  throw alreadyExists({
    what: placeOf(wanted),
    id: seen.id,
    since: utc(seen.created_at),
    urn,
    outcome: `A creation of one was sent whose answer was lost, and whether it made this one can't be told, since ${doubt}. Nothing was sent again.`,
    otherwise,
  });
}

function hasTune({ tune_attributes }: FormationDetails, wanted: Inputs): boolean {
  const seen = new Map<string, unknown>(Object.entries(tune_attributes));
  const asked = Object.entries(toWire(wanted).tune_attributes);
  return asked.every(([attribute, value]) => String(seen.get(attribute)) === String(value));
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

/** Whether something has the name and the region of a wanted formation. */
export function isLike({ name, region }: Inputs) {
  return (one: Place) => one.name === name && one.region === region;
}

function placeOf({ name, region }: Inputs): string {
  return `formation "${name}" in ${region}`;
}

function twin(wanted: Inputs): AlreadyExists {
  return new AlreadyExists(
    `This run creates another ${placeOf(wanted)} already. Nothing was created: ${otherwise}.`,
  );
}
