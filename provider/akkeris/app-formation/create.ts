import type { FormationsError } from "../../errors";
import { clockSkew } from "../../process/clock";
import { alreadyExists } from "../../resource/adoption";
import { type Attempts, createOnce, type Judgement } from "../../resource/create-once";
import type { Context } from "../../resource/definition";
import type { AlreadyExists } from "../../resource/errors";
import { utc } from "../../resource/values";
import type { AkkerisApi } from "../api";
import type { Formation } from "../endpoints";
import { RegionFailed, TypeTaken } from "../errors";
import type { Inputs } from "./schema";
import { wire } from "./wire";

/** How long a request whose response was lost may still be under way, in milliseconds. */
const settling = 1_000;

/**
 * The pauses before further looks for a formation that the server refuses to create again and does not
 * show yet, in milliseconds.
 */
const pausesBetweenLooks = [1_000, 2_000, 4_000];

/** How a creation ended. */
export interface Created {
  formation: Formation;
  /** It is the web that Akkeris created on its own: nothing of what was asked is set yet. */
  isTakenOver: boolean;
}

/**
 * Creates a formation once: the server would store a second one.
 *
 * @throws AlreadyExists when the app has one of this type that is not this resource
 */
export function createFormation(wanted: Inputs, context: Context<AkkerisApi>): Promise<Created> {
  const { api } = context;
  const { app, type } = wanted;
  return createOnce(
    {
      what: describe(wanted),
      async send() {
        const formation = await api.create(app, wire.creation(wanted), context);
        return { formation, isTakenOver: false };
      },
      isTaken: (error) => error instanceof TypeTaken,
      settling,
      look: () => api.get(app, type, context),
      lookAgain: ({ failures }) => (isTakenNow(failures) ? pausesBetweenLooks : []),
      judge: (seen, sent) => judge(seen, sent, wanted, context),
      pauses: [0],
    },
    context,
  );
}

function judge(
  seen: Formation | undefined,
  { began, failures }: Attempts,
  wanted: Inputs,
  context: Context<AkkerisApi>,
): Judgement<Created> {
  if (!seen) return isTakenNow(failures) ? "hidden" : "absent";
  const isOwn = mayHaveCreated(failures) && wire.hasWhatWasAsked(seen, wanted);
  const isHalfDone = failures.at(-1) instanceof RegionFailed;
  if (isOwn && !isHalfDone) return { ours: { formation: seen, isTakenOver: false } };
  if (isOwn && Date.parse(seen.created_at ?? "") > began - clockSkew) {
    // The row would stay without the region's part, which no change adds.
    return { clearAway: () => context.api.delete(wanted.app, wanted.type, context) };
  }
  if (isUntouchedWeb(seen)) return { ours: { formation: seen, isTakenOver: true } };
  return { rival: taken(seen, wanted, context.urn) };
}

/** Whether the server says that there is one: then it exists, whether or not a read shows it yet. */
function isTakenNow(failures: readonly FormationsError[]): boolean {
  return failures.at(-1) instanceof TypeTaken;
}

/**
 * Whether one of these requests may have created what is there now. What an earlier one left in a
 * region that failed has been deleted since.
 */
function mayHaveCreated(failures: readonly FormationsError[]): boolean {
  const earlier = failures.slice(0, -1).filter((one) => !(one instanceof RegionFailed));
  return [...earlier, ...failures.slice(-1)].some((one) => one.mayHaveTakenEffect);
}

/** Akkeris creates a web of quantity 0 when an app's first formation is of another type. */
export function isUntouchedWeb({ type, quantity, command }: Formation): boolean {
  return type === "web" && quantity === 0 && !command;
}

function taken(seen: Formation, wanted: Inputs, urn: string | undefined): AlreadyExists {
  return alreadyExists({
    what: describe(wanted),
    id: `${wanted.app}/${wanted.type}`,
    since: seen.created_at && utc(seen.created_at),
    urn,
    otherwise: "give this one another type, or delete that one",
  });
}

function describe({ app, type }: Inputs): string {
  return `formation "${type}" in app ${app}`;
}
