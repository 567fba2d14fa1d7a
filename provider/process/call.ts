/** What bounds a call and whom it reports waits to: what verbs, functions and requests have in common. */
export interface CallOptions {
  /** Aborted when the caller no longer wants the result. */
  signal: AbortSignal;
  /** When the call has to end, retries and waits included: milliseconds since the epoch. */
  deadline: number;
  /** Told why a call waits, and how long: a rate limit, a retry. */
  onWait: (text: string) => void;
}
