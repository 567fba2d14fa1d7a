import { randomUUID } from "node:crypto";
import { FormationsError } from "../errors";
import type { Context } from "./definition";
import type { AlreadyExists } from "./errors";

/** What a look at the server means for a creation that failed. */
export type Judgement<Made> =
  /** It does not exist: send the request again. */
  | "absent"
  /** The look does not show why the server refused the request: the refusal is final. */
  | "hidden"
  /** An earlier request created it. */
  | { ours: Made }
  /** It is not this resource, or may not be: neither adopt it nor create another. */
  | { rival: AlreadyExists }
  /** It has to be out of the way before the request is sent again. */
  | { clearAway: () => Promise<void> };

/** The requests of one creation so far; all of them failed. */
export interface Attempts {
  /** When the first was sent: milliseconds since the epoch. */
  began: number;
  /** Their errors, in order. */
  failures: readonly FormationsError[];
  /** The last of them after which the resource may exist; absent: the server refused every request. */
  lost?: FormationsError;
}

/** How one resource is created and recognised. */
export interface Creation<Made, Seen> {
  /** The resource, for messages: `formation "db" in us-east-1`. */
  what: string;
  /**
   * Sends the request.
   *
   * @param key returns an idempotency key, the same for each retry. There is a new one after
   * {@link Judgement clearAway}, since a server repeats its refusal under the old one.
   */
  send: (key: () => string) => Promise<Made>;
  /** Whether the request may have taken effect in spite of an error. Default: as the error has it. */
  mayHaveTakenEffect?: (error: FormationsError) => boolean;
  /** Whether the server refused the request because the name or the place is taken. Default: no. */
  isTaken?: (error: FormationsError) => boolean;
  /** Looks for what has the name or the place. */
  look: () => Promise<Seen>;
  judge: (seen: Seen, sent: Attempts) => Judgement<Made> | Promise<Judgement<Made>>;
  /** The pause before each retry, in milliseconds. There are as many retries as pauses. */
  pauses: readonly number[];
  /** How long to wait before the look, for a request that is still under way: milliseconds. Default: 0. */
  settling?: number;
  /**
   * The pauses before further looks while nothing is seen, in milliseconds: a list can be behind what
   * the server has. Default: one look is enough.
   */
  lookAgain?: (sent: Attempts) => readonly number[];
  /** How long a key may be used, in milliseconds. Default: without limit. */
  keyLifetime?: number;
}

/** What it takes of a verb's context. */
type Surroundings = Pick<Context<unknown>, "clock" | "signal" | "progress" | "warn">;

/**
 * The response to a creation was lost, and the look for what it created failed: it may exist. The
 * `cause` is the lost response.
 */
export class CreationInDoubt extends FormationsError {
  readonly code = "CREATION_IN_DOUBT";
  override readonly outOfTime: boolean;
  override readonly mayHaveTakenEffect = true;

  constructor(what: string, lost: FormationsError, reason: FormationsError) {
    super(
      `${lost.message} Checking for ${what} failed: ${reason.message} ` +
        "Nothing more was sent; the next `pulumi up` checks before it creates.",
      { cause: lost },
    );
    this.outOfTime = lost.outOfTime || reason.outOfTime;
  }
}

/**
 * Creates a resource once: where the response is lost, or the place is taken, it looks at the server
 * before it sends the request again.
 *
 * @throws AlreadyExists when something is there that is not this resource, or may not be
 * @throws CreationInDoubt when the resource may exist and the look failed
 * @throws FormationsError of the last request, when it must not be retried or no retry is left
 */
export async function createOnce<Made, Seen>(
  creation: Creation<Made, Seen>,
  context: Surroundings,
): Promise<Made> {
  const { what, pauses, keyLifetime = Number.POSITIVE_INFINITY } = creation;
  const { clock, signal } = context;
  let sent: Attempts = { began: clock.now(), failures: [] };
  let key = newKey(clock.now());
  for (;;) {
    const result = await trySend(creation, key.read, signal);
    if ("made" in result) return result.made;

    const { error, isLost } = result;
    const pause = pauses[sent.failures.length];
    sent = {
      ...sent,
      failures: [...sent.failures, error],
      lost: isLost ? error : sent.lost,
    };
    if (sent.lost) {
      const purpose = pause === undefined ? "" : " before retrying";
      context.warn(`${error.message} Checking for ${what}${purpose}.`);
    }
    const judgement = await lookAndJudge(creation, sent, isLost, context);
    if (typeof judgement === "object") {
      if ("ours" in judgement) return judgement.ours;
      if ("rival" in judgement) throw judgement.rival;
      await judgement.clearAway();
      key = newKey(clock.now());
    }
    const isKeyOld = clock.now() - key.since > keyLifetime;
    if (judgement === "hidden" || pause === undefined || isKeyOld) throw error;
    if (judgement !== "absent") continue;
    const again = `${what} does not exist; creating it again`;
    if (sent.lost) context.progress(again);
    else context.warn(`${error.message} But ${again}.`);
    if (pause > 0) await clock.sleep(pause, signal).catch(() => Promise.reject(error));
  }
}

/**
 * Sends a change of something that exists. Where the response is lost it warns, and the caller checks
 * whether the change took effect.
 *
 * @throws FormationsError when the change certainly did not take effect
 */
export async function sendOnce<Response>(
  send: () => Promise<Response>,
  { warn }: Pick<Surroundings, "warn">,
): Promise<{ response: Response } | { lost: FormationsError }> {
  try {
    return { response: await send() };
  } catch (error) {
    if (!(error instanceof FormationsError && error.mayHaveTakenEffect)) throw error;
    warn(`${error.message} Checking whether it did.`);
    return { lost: error };
  }
}

/** One request. After a cancellation nobody wants a look, and a plain refusal needs none. */
async function trySend<Made, Seen>(
  { send, mayHaveTakenEffect = saysSo, isTaken = never }: Creation<Made, Seen>,
  key: () => string,
  signal: AbortSignal,
): Promise<{ made: Made } | { error: FormationsError; isLost: boolean }> {
  try {
    return { made: await send(key) };
  } catch (error) {
    if (!(error instanceof FormationsError) || signal.aborted) throw error;
    const isLost = mayHaveTakenEffect(error);
    if (!isLost && !isTaken(error)) throw error;
    return { error, isLost };
  }
}

/** Looks, and what they mean. */
async function lookAndJudge<Made, Seen>(
  { what, settling = 0, lookAgain, look, judge }: Creation<Made, Seen>,
  sent: Attempts,
  isLost: boolean,
  { clock, signal, progress }: Surroundings,
): Promise<Judgement<Made>> {
  try {
    if (isLost && settling > 0) await clock.sleep(settling, signal);
    let judgement = await judge(await look(), sent);
    for (const pause of lookAgain?.(sent) ?? []) {
      if (typeof judgement === "object") break;
      progress(
        `${what} is not listed; the list may be behind: checking again in ${pause / 1_000} s`,
      );
      await clock.sleep(pause, signal);
      judgement = await judge(await look(), sent);
    }
    return judgement;
  } catch (reason) {
    if (!sent.lost) throw reason;
    if (signal.aborted) throw sent.lost;
    throw reason instanceof FormationsError ? new CreationInDoubt(what, sent.lost, reason) : reason;
  }
}

/** A key that is made when it is first read: few servers take one. */
function newKey(now: number) {
  let text: string | undefined;
  const read = () => {
    text ??= randomUUID();
    return text;
  };
  return { read, since: now };
}

function saysSo(error: FormationsError): boolean {
  return error.mayHaveTakenEffect;
}

function never(): boolean {
  return false;
}
