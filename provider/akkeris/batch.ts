import type { SendOptions } from "../http/client";
import { Conflict, type FailureFacts, HttpError, Refused, ServerFailure } from "../http/errors";
import type { Clock } from "../process/clock";
import type { FormationChange } from "./endpoints";

/** The pauses before a PATCH is repeated, in milliseconds. */
const pauses = [1_000, 3_000];

/** One formation's change, and whose call it is. */
export interface Update {
  change: FormationChange;
  /** What to send where the change may be stored already. */
  again: FormationChange;
  options: SendOptions;
}

/** Sends one batch PATCH. */
export type Patch = (changes: readonly FormationChange[], options: SendOptions) => Promise<unknown>;

/**
 * Sends the updates of one app in one batch. A failure after which the server may have stored the
 * change without the region having it is repeated; where the server refuses the batch each update is
 * sent alone, so that only the culprit fails.
 *
 * @returns for each update its error, or undefined where it went through
 */
export async function sendUpdates(
  updates: readonly Update[],
  patch: Patch,
  clock: Clock,
): Promise<(HttpError | undefined)[]> {
  const together = await attempt(updates, patch, clock, pauses);
  if (!together || updates.length === 1 || !mayBeOneUpdatesFault(together)) {
    return updates.map(() => together);
  }
  // A failing region was asked often enough. After a 422 nothing is stored; after a 409 the others are.
  const left = mayBeStored(together) ? [] : pauses;
  const again = mayBeStored(together) || together instanceof Conflict;
  const errors: (HttpError | undefined)[] = [];
  for (const update of updates) errors.push(await attempt([update], patch, clock, left, again));
  return errors;
}

/** Whether a mutation failed in such a way that the server may have stored it all the same. */
export function mayBeStored(error: unknown): boolean {
  return error instanceof HttpError && (error.mayHaveTakenEffect || isRegionFailure(error));
}

/**
 * The region's API failed (503), the controller in its wake (500), or the region waits for something
 * (424): mostly after the row was written, so that GET shows what the region does not have. An error
 * page of a proxy is none: there the answer alone was lost.
 */
export function isRegionFailure(error: unknown): boolean {
  if (!(error instanceof ServerFailure || error instanceof Refused)) return false;
  const own = error.bodyKind === "text" || error.bodyKind === "json";
  return own && [424, 500, 503].includes(error.status ?? 0);
}

/** A flag of the app, so no update's fault. */
export function isMaintenance({
  code,
  serverMessage,
}: Pick<FailureFacts, "code" | "serverMessage">): boolean {
  return code === "CONFLICT" && /maintenance/i.test(serverMessage ?? "");
}

function mayBeOneUpdatesFault(error: HttpError): boolean {
  if (isMaintenance(error)) return false;
  return error instanceof Refused || error instanceof Conflict || error instanceof ServerFailure;
}

async function attempt(
  updates: readonly Update[],
  patch: Patch,
  clock: Clock,
  pausesLeft: readonly number[],
  again = false,
): Promise<HttpError | undefined> {
  const options = combine(updates.map((update) => update.options));
  const changes = updates.map((update) => (again ? update.again : update.change));
  try {
    await patch(changes, options);
    return undefined;
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const [pause, ...rest] = pausesLeft;
    if (!mayBeStored(error) || pause === undefined) return error;
    options.onWait?.(`${error.message} Sending it again in ${pause / 1_000} s.`);
    const woken = await clock.sleep(pause, options.signal).then(
      () => true,
      () => false,
    );
    return woken ? await attempt(updates, patch, clock, rest, true) : error;
  }
}

/** The engine cancels all calls at once, so that one is cancelled means that all are. */
function combine(all: readonly SendOptions[]): SendOptions {
  const signals = all.flatMap(({ signal }) => signal ?? []);
  const deadlines = all.map(({ deadline }) => deadline ?? Number.POSITIVE_INFINITY);
  const deadline = Math.max(...deadlines);
  return {
    signal: AbortSignal.any(signals),
    deadline: Number.isFinite(deadline) ? deadline : undefined,
    onWait: (text) => {
      for (const { onWait } of all) onWait?.(text);
    },
  };
}
