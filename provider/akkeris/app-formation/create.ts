import { Conflict, HttpError, notLookedFor } from "../../http/errors";
import { clockSkew } from "../../process/clock";
import { alreadyExists } from "../../resource/adoption";
import type { Context } from "../../resource/definition";
import { utc } from "../../resource/values";
import type { AkkerisApi } from "../api";
import { isMaintenance, isRegionFailure, mayBeStored } from "../batch";
import type { Formation, NewFormation } from "../endpoints";
import type { Inputs } from "./schema";
import { isSameSize } from "./size";

/** A request whose connection broke may still be under way: how long to leave it, in milliseconds. */
const settling = 1_000;

/** How a creation ended. */
export interface Ensured {
  formation: Formation;
  /** It is the web that Akkeris made by itself: nothing of what was asked is set yet. */
  isTakenOver: boolean;
}

/**
 * Creates a formation with one POST. Where the answer was lost it looks for it before it sends
 * another, for the server would store both.
 *
 * @throws AlreadyExists when the app has one of this type that is not this resource
 */
export function ensure(wanted: Inputs, context: Context<AkkerisApi>): Promise<Ensured> {
  return attempt(wanted, context, {
    began: context.clock.now(),
    isSecond: false,
    isInDoubt: false,
  });
}

interface Attempt {
  /** When the first attempt began: milliseconds since the epoch. */
  began: number;
  isSecond: boolean;
  /** An earlier attempt may still take effect. */
  isInDoubt: boolean;
}

async function attempt(
  wanted: Inputs,
  context: Context<AkkerisApi>,
  { began, isSecond, isInDoubt }: Attempt,
): Promise<Ensured> {
  const { api } = context;
  const { app, type } = wanted;
  let failure: HttpError;
  try {
    return { formation: await api.create(app, toWire(wanted), context), isTakenOver: false };
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    if (!isTaken(error) && !mayBeStored(error)) throw error;
    failure = error;
  }

  const seen = await look(wanted, context, failure);
  const isOwn = seen && (isInDoubt || !isTaken(failure)) && hasWhatWasAsked(seen, wanted);
  const isHalfDone = isRegionFailure(failure);
  if (isOwn && !isHalfDone) return { formation: seen, isTakenOver: false };
  if (isOwn && Date.parse(seen.created_at) > began - clockSkew) {
    // The row stays without the region's part, and no change adds that.
    await api.delete(app, type, context);
  } else if (seen && type === "web" && isUntouched(seen)) {
    return { formation: seen, isTakenOver: true };
  } else if (seen) {
    throw alreadyExists({
      what: `formation "${type}" in app ${app}`,
      id: `${app}/${type}`,
      since: utc(seen.created_at),
      urn: context.urn,
      otherwise:
        "give this one another type, or delete that one. A resource that only got another name in the program keeps its formation with `aliases`",
    });
  }
  if (isSecond) throw failure;
  context.warn(`${failure.message} It is not on the server, so it is created once more.`);
  return await attempt(wanted, context, {
    began,
    isSecond: true,
    isInDoubt: !isHalfDone && !isTaken(failure),
  });
}

async function look(
  { app, type }: Inputs,
  context: Context<AkkerisApi>,
  failure: HttpError,
): Promise<Formation | undefined> {
  try {
    if (failure.status === undefined) await context.clock.sleep(settling, context.signal);
    return await context.api.get(app, type, context);
  } catch (error) {
    throw mayBeStored(failure) ? notLookedFor(failure, error, context.signal) : error;
  }
}

/** A null or empty value would be stored as it is: what the program does not set is not sent. */
function toWire({ app: _, ...formation }: Inputs): NewFormation {
  return formation;
}

/** The app has a formation of this type already. */
function isTaken(error: HttpError): boolean {
  return error instanceof Conflict && !isMaintenance(error);
}

/** Akkeris makes a web of quantity 0 when another type comes first. */
export function isUntouched({ quantity, command }: Formation): boolean {
  return quantity === 0 && !command;
}

/** Whether a formation shows what a creation of these inputs stores; quantity 0 is stored as 1. */
function hasWhatWasAsked(seen: Formation, wanted: Inputs): boolean {
  return (
    isSameSize(wanted.size, seen.size) &&
    seen.quantity === (wanted.quantity || 1) &&
    (seen.command ?? undefined) === wanted.command &&
    (seen.healthcheck ?? undefined) === wanted.healthcheck &&
    (wanted.port === undefined || seen.port === wanted.port)
  );
}

/** What a creation asks for without the server doing it: it runs one instance and writes no PORT. */
export function leftUndone({ quantity, port }: Inputs): Partial<Inputs> {
  return { ...(quantity !== 1 && { quantity }), ...(port !== undefined && { port }) };
}

/** Whether a formation may be as its creation made it: quantity 0 is stored as 1. */
export function isAsMade({ quantity }: Formation, wanted: Inputs): boolean {
  return quantity === (wanted.quantity || 1);
}

/** All that a change can set, as far as the program says it. */
export function settings({ size, quantity, port, command, healthcheck }: Inputs): Partial<Inputs> {
  return {
    size,
    quantity,
    ...(port !== undefined && { port }),
    ...(command !== undefined && { command }),
    ...(healthcheck !== undefined && { healthcheck }),
  };
}
