/** What ends a call, and who hears about its waits: verbs, functions and requests all have it. */
export interface CallOptions {
  /** Aborted when the caller no longer wants the result. */
  signal: AbortSignal;
  /** When the call has to end, retries and waits included: milliseconds since the epoch. */
  deadline: number;
  /** Called with the reason and the length of each wait: a rate limit, a retry. */
  onWait: (text: string) => void;
}

/** A signal that is aborted with the first of those of several calls; undefined: none of them has one. */
export function anySignal(calls: readonly Partial<CallOptions>[]): AbortSignal | undefined {
  const signals = new Set(calls.flatMap(({ signal }) => signal ?? []));
  const [first] = signals;
  // Calls of one plugin share theirs, and to combine signals takes longer than to prepare a request.
  return signals.size > 1 ? AbortSignal.any([...signals]) : first;
}
