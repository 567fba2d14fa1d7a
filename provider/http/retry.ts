import type { Dispatcher } from "undici";
import type { CallOptions } from "../process/call";
import type { Clock } from "../process/clock";
import { ownWords } from "../process/redact";
import { BudgetExceeded, type RateBudget, type TakeOptions } from "./budget/rate-budget";
import { type FailureFacts, messageOf } from "./errors";
import { exchange } from "./exchange";
import * as failures from "./failures";
import { interpret, type Parser } from "./interpret";
import { type HttpRequest, isWrite } from "./request";
import { nextDelay } from "./retry-decision";

/** How long one call may take, retries and delays included, if its caller sets no deadline. */
const totalMs = 5 * 60_000;

/** A single try longer than this adds its length to the total. */
const usualTryMs = 60_000;

/** What the tries of one call depend on. */
export interface Patience extends Partial<CallOptions>, Pick<TakeOptions, "likelihood"> {
  clock: Clock;
  random: () => number;
  budget?: RateBudget;
  once?: boolean;
}

/**
 * Sends a request until a try succeeds, or fails in such a way that there must not, or can't, be
 * another one before the deadline.
 *
 * @throws HttpError of the last failure
 */
export async function sendWithRetries<Parsed>(
  dispatcher: Dispatcher,
  request: HttpRequest,
  parser: Parser<Parsed>,
  patience: Patience,
): Promise<Parsed> {
  const { clock, budget, signal } = patience;
  let deadline = patience.deadline ?? clock.now() + defaultTotal(request);
  let tries = 0;
  let refusals = 0;
  /** Whether an earlier try may have taken effect. */
  let inDoubt = false;
  const attempt = (): failures.Attempt => ({ request, tries, inDoubt, now: clock.now() });
  for (;;) {
    const waited = budget ? await awaitTurn(budget, attempt(), patience) : 0;
    // The default limit is for the tries and the delays between them, not for the rate limit.
    if (patience.deadline === undefined) deadline += waited;
    const left = deadline - clock.now();
    if (left <= 0) throw failures.errorOf(request, failures.tooLate(attempt()));

    tries += 1;
    const timeoutMs = Math.ceil(Math.min(request.timeoutMs, left));
    const outcome = await exchange(dispatcher, request, timeoutMs, signal);
    const result = interpret(attempt(), parser, outcome, signal);
    if ("answer" in result) return result.answer;

    const { failure } = result;
    const isRefused = failure.code === "RATE_LIMITED";
    if (isRefused) refusals += 1;
    const { repeatable } = request;
    const delay = nextDelay({ failure, repeatable, tries, refusals, random: patience.random() });
    if (isRefused) await budget?.refused(failure.retryAfterMs ?? delay ?? 0);
    if (delay === undefined || patience.once) throw failures.errorOf(request, failure);
    if (clock.now() + delay >= deadline) {
      throw failures.noTimeLeft(request, failure, delay, deadline);
    }
    inDoubt = failure.mayHaveTakenEffect;
    tellDelay(request, failure, delay, patience);
    await clock.sleep(delay, signal).catch((reason) => {
      throw failures.errorOf(request, failures.cancelled(attempt(), reason, false));
    });
  }
}

function defaultTotal({ timeoutMs }: HttpRequest): number {
  return totalMs + Math.max(timeoutMs - usualTryMs, 0);
}

function tellDelay(
  request: HttpRequest,
  failure: FailureFacts,
  delayMs: number,
  { onWait }: Patience,
): void {
  if (!onWait) return;
  const message = messageOf(failure, { hint: failures.hintFor(request, failure) });
  onWait(`${ownWords(message)} Retrying in ${Math.ceil(delayMs / 1_000)} s.`);
}

/** Waits for a slot of the rate limit; resolves to how long that took, in milliseconds. */
async function awaitTurn(
  budget: RateBudget,
  attempt: failures.Attempt,
  patience: Patience,
): Promise<number> {
  const { clock, signal, deadline, onWait, likelihood } = patience;
  const { request } = attempt;
  const began = clock.now();
  try {
    const options = { deadline, onWait, likelihood };
    await budget.take(signal, isWrite(request) ? "write" : "read", options);
  } catch (error) {
    const failure =
      error instanceof BudgetExceeded
        ? failures.overBudget(attempt, error.message)
        : failures.cancelled(attempt, error, false);
    throw failures.errorOf(request, failure);
  }
  return clock.now() - began;
}
