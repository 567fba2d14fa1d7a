/** What ends a call, and who hears about its waits: verbs, functions and requests all have it. */
export interface CallOptions {
  /** Aborted when the caller no longer wants the result. */
  signal: AbortSignal;
  /** When the call has to end, retries and waits included: milliseconds since the epoch. */
  deadline: number;
  /** Called with the reason and the length of each wait: a rate limit, a retry. */
  onWait: (text: string) => void;
}
