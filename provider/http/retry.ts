import type { Clock } from "../process/clock";
import { BudgetExceeded, type RateBudget } from "./budget/rate-budget";
import { HttpError, RateLimited } from "./errors";
import type { HttpCall, Try } from "./failures";
import * as failures from "./failures";
import { nextDelay } from "./retry-decision";

/** How long one call may take, retries and delays included, if its caller sets no deadline: milliseconds. */
const totalMs = 5 * 60_000;

/** A single try longer than this adds its length to the total. */
const usualTryMs = 60_000;

/** What governs the retries of one call. */
export interface Patience {
  clock: Clock;
  random: () => number;
  budget?: RateBudget;
  /** Whether the request may be sent again when its fate is unknown. */
  repeatable: boolean;
  /** How long one try may take. */
  timeoutMs: number;
  /** When everything has to end, in milliseconds since the epoch. */
  deadline?: number;
  signal?: AbortSignal;
  onWait?: (text: string) => void;
}

/**
 * Tries until there is a response, or an error that must not be retried, or that no retry before the
 * deadline can mend.
 */
export async function retry<Answer>(
  call: HttpCall,
  patience: Patience,
  tryOnce: (attempt: Try, timeoutMs: number) => Promise<{ answer: Answer } | HttpError>,
): Promise<Answer> {
  const { clock, budget, repeatable, timeoutMs, signal } = patience;
  const total = totalMs + Math.max(timeoutMs - usualTryMs, 0);
  let deadline = patience.deadline ?? clock.now() + total;
  let attempt: Try = { call, tries: 0, inDoubt: false };
  let refusals = 0;
  for (;;) {
    const waited = await awaitTurn(attempt, patience);
    // Waiting for one's turn is no failure: the default limit is for what comes after.
    if (patience.deadline === undefined) deadline += waited;
    const left = deadline - clock.now();
    if (left <= 0) throw failures.tooLate(attempt);

    attempt = { ...attempt, tries: attempt.tries + 1 };
    const result = await tryOnce(attempt, Math.ceil(Math.min(timeoutMs, left)));
    if (!(result instanceof HttpError)) return result.answer;

    const refused = result instanceof RateLimited;
    if (refused) refusals += 1;
    const times = { tries: attempt.tries, refusals, random: patience.random() };
    const delay = nextDelay({ error: result, repeatable, ...times });
    if (refused) await budget?.refused(result.retryAfterMs ?? delay ?? 0);
    if (delay === undefined) throw result;
    if (clock.now() + delay >= deadline) {
      throw failures.noTimeLeft(attempt, result, delay, deadline);
    }
    attempt = { ...attempt, inDoubt: result.mayHaveTakenEffect };
    patience.onWait?.(`${result.message} Retrying in ${Math.ceil(delay / 1_000)} s.`);
    await clock.sleep(delay, signal).catch((reason) => {
      throw failures.cancelled(attempt, reason, false);
    });
  }
}

/** Waits until the rate limit has a slot; resolves to how long that took, in milliseconds. */
async function awaitTurn(attempt: Try, patience: Patience): Promise<number> {
  const { clock, budget, signal, deadline, onWait } = patience;
  if (!budget) return 0;
  const began = clock.now();
  try {
    const priority = failures.isWrite(attempt.call) ? "write" : "read";
    await budget.take(signal, priority, { deadline, onWait });
  } catch (error) {
    if (error instanceof BudgetExceeded) throw failures.overBudget(attempt, error.message);
    throw failures.cancelled(attempt, error, false);
  }
  return clock.now() - began;
}
