import type { SimAnswer, SimRequest } from "../kit/route.ts";

/** How long an answer is kept, in simulated milliseconds. */
const kept = 3_600_000;

/** Failures that are not kept (401 comes before the store): the next request is carried out anew. */
const notKept = [401, 429, 500, 503];

/** One key's request and, once there is one, its answer. */
export interface StoredAnswer {
  /** Simulated milliseconds since the epoch. */
  at: number;
  fingerprint: string;
  /** Undefined while the request is in flight. */
  answer: SimAnswer | undefined;
}

/** Answers kept by Idempotency-Key for an hour. */
export class IdempotencyStore {
  readonly stored = new Map<string, StoredAnswer>();

  /**
   * Carries a request out once per key.
   * @param refuse answers a 409: the key came with another request, or that request is in flight.
   */
  async once(
    key: string,
    request: SimRequest,
    now: number,
    carryOut: () => Promise<SimAnswer>,
    refuse: (message: string) => SimAnswer,
  ): Promise<SimAnswer> {
    const fingerprint = `${request.method} ${request.rawPath}?${request.query}\n${request.text}`;
    const known = this.stored.get(key);
    if (known !== undefined && now - known.at < kept) {
      if (known.fingerprint !== fingerprint) {
        return refuse("The idempotency key was used with a different request.");
      }
      return known.answer ?? refuse("A request with this idempotency key is in flight.");
    }
    const entry: StoredAnswer = { at: now, fingerprint, answer: undefined };
    this.stored.set(key, entry);
    const answer = await carryOut();
    if (notKept.includes(answer.status)) this.stored.delete(key);
    else entry.answer = answer;
    return answer;
  }
}
