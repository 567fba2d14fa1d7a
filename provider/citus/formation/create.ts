import { clockSkew } from "../../process/clock";
import { alreadyExists } from "../../resource/adoption";
import { type Attempts, createOnce, type Judgement } from "../../resource/create-once";
import type { Context } from "../../resource/definition";
import { AlreadyExists, Cancelled, ResourceFailed } from "../../resource/errors";
import { utc } from "../../resource/values";
import type { CitusApi } from "../api";
import type { FormationDetails } from "../endpoints";
import { creationsOf, isAt, type Place } from "./creations";
import type { Inputs } from "./schema";
import { hasWhatWasAsked, toWire } from "./wire";

/** How long a list waits for other creations of the same run, in milliseconds. */
const gatheringTime = 100;

/**
 * The pauses before further looks for a formation whose creation got no response, in milliseconds. At
 * five requests per minute these looks take more than a minute. Creating it again while the list is
 * behind would cost money twice.
 */
const pausesBetweenLooks = [1_000, 2_000, 4_000, 8_000];

const otherwise = "give this one another name, or set allowDuplicateName if you want both";

/** A formation that was created, and those of its name that it is to replace. */
export interface Created {
  id: string;
  predecessors: string[];
  /**
   * Fails if an earlier request, which got no response, turns out to have created another one: a list
   * that is far behind hides it at first. Absent where only one request was sent.
   */
  demandNoTwin?: () => Promise<void>;
}

/**
 * Creates a formation once. It looks before the first request too, since the server lets several
 * formations have one name, and a forgotten one costs money by the minute.
 *
 * @throws AlreadyExists when the account has one of this name and region, or this run is creating one
 */
export function createFormation(wanted: Inputs, context: Context<CitusApi>): Promise<Created> {
  const { api, replaced } = context;
  const place = placeOf(wanted);
  const creations = creationsOf(api);
  const isOnlyOne = !wanted.allowDuplicateName;
  if (isOnlyOne && creations.isClaimed(place)) throw twin(place);
  return creations.claim(place, async () => {
    const known = await namesakes(place, context);
    const rivals = known.filter((id) => !replaced.has(id));
    if (isOnlyOne) await refuseRivals(rivals, place, context);
    const { id, requests } = await creations.inTurn(place, () => send(wanted, known, context));
    const predecessors = known.filter((id) => replaced.has(id));
    if (requests === 1) return { id, predecessors };
    return { id, predecessors, demandNoTwin: () => demandNoTwin(id, place, known, context) };
  });
}

async function demandNoTwin(
  id: string,
  place: Place,
  known: readonly string[],
  context: Context<CitusApi>,
): Promise<void> {
  const twins = (await newcomers(place, known, context)).filter((one) => one.id !== id);
  if (twins.length === 0) return;
  const others = twins.map((one) => one.id).join(", ");
  throw new ResourceFailed(
    `There are two of ${describe(place)}, and both cost money. This resource is ${id}. ` +
      `A request of the same run, whose response was lost, seems to have created the other (${others}). ` +
      "Destroy that one in the console, unless somebody else needs it.",
  );
}

/** The IDs of the formations in a place; the list may be older than this session's own. */
async function namesakes(place: Place, context: Context<CitusApi>): Promise<string[]> {
  const { api, clock, signal } = context;
  const creations = creationsOf(api);
  const list = await creations.sharedList(async () => {
    await clock.sleep(gatheringTime, signal).catch((reason) => {
      if (!signal.aborted) throw reason;
      throw new Cancelled(`Cancelled before formation "${place.name}" was created.`);
    });
    return await api.list(context);
  });
  const listed = list.filter(isAt(place)).map(({ id }) => id);
  return [...new Set([...listed, ...creations.idsAt(place)])];
}

async function refuseRivals(
  ids: readonly string[],
  place: Place,
  context: Context<CitusApi>,
): Promise<void> {
  for (const id of ids) {
    const rival = await context.api.get(id, context);
    if (rival && rival.state !== "archiving") throw taken(place, rival, context.urn);
  }
}

/** @param known the IDs of the formations in this place that are certainly not the new one */
async function send(
  wanted: Inputs,
  known: readonly string[],
  context: Context<CitusApi>,
): Promise<{ id: string; requests: number }> {
  const { api, urn } = context;
  const place = placeOf(wanted);
  let requests = 0;
  const id = await createOnce(
    {
      what: describe(place),
      send: () => {
        requests += 1;
        return api.create(toWire(wanted), context);
      },
      look: () => newcomers(place, known, context),
      lookAgain: () => pausesBetweenLooks,
      judge: (seen, sent) => judge(seen, sent, wanted, urn),
      pauses: [0],
    },
    context,
  );
  creationsOf(api).add(id, place);
  return { id, requests };
}

/** What has appeared in a place since it was last looked at, and that this session did not create. */
async function newcomers(
  place: Place,
  known: readonly string[],
  { api, ...context }: Context<CitusApi>,
): Promise<FormationDetails[]> {
  const creations = creationsOf(api);
  const listed = (await api.list(context)).filter(isAt(place));
  const found: FormationDetails[] = [];
  for (const { id } of listed.filter(({ id }) => !known.includes(id) && !creations.has(id))) {
    const seen = await api.get(id, context);
    if (seen && seen.state !== "archiving") found.push(seen);
  }
  return found;
}

/** Adopts a newcomer only where nothing speaks against its being the one that was asked for. */
function judge(
  [seen, ...others]: readonly FormationDetails[],
  { began }: Attempts,
  wanted: Inputs,
  urn: string | undefined,
): Judgement<string> {
  if (!seen) return "absent";
  const doubt =
    (others.length > 0 && `${others.map(({ id }) => id).join(", ")} appeared as well`) ||
    // A time that is not said may be any.
    (!(Date.parse(seen.created_at ?? "") >= began - clockSkew) &&
      "it seems to be older than the request") ||
    (!hasWhatWasAsked(seen, wanted) && "its tune does not match");
  if (!doubt) return { ours: seen.id };
  const outcome = `The response to a create request was lost. This formation may be its result, but ${doubt}, so it was not adopted, and nothing more was sent.`;
  return { rival: taken(placeOf(wanted), seen, urn, outcome) };
}

function taken(
  place: Place,
  { id, created_at }: FormationDetails,
  urn: string | undefined,
  outcome?: string,
): AlreadyExists {
  return alreadyExists({
    what: describe(place),
    id,
    since: created_at && utc(created_at),
    urn,
    outcome,
    otherwise,
  });
}

function twin(place: Place): AlreadyExists {
  return new AlreadyExists(
    `This run is already creating another ${describe(place)}. Nothing was created: ${otherwise}.`,
  );
}

function placeOf({ name = "", region }: Inputs): Place {
  return { name, region };
}

function describe({ name, region }: Place): string {
  return `formation "${name}" in ${region}`;
}
