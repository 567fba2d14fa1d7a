import type { CallOptions } from "../provider/process/call";
import { type Clock, systemClock } from "../provider/process/clock";
import { note } from "./say";

/** What bounds a command, and who hears how it goes. Requests take it as their options. */
export interface CommandCall extends CallOptions {
  clock: Clock;
  /** Reports progress, one line at a time. */
  say(line: string): void;
  /** Shows how far it is, in place of what it showed before. Absent: nobody watches. */
  progress?(text: string): void;
}

/**
 * A command's call. It reports to standard error; only its deadline ends it.
 *
 * @param timeoutMs until the deadline, in milliseconds
 */
export function newCall(timeoutMs: number, clock: Clock = systemClock): CommandCall {
  return {
    clock,
    deadline: clock.now() + timeoutMs,
    signal: new AbortController().signal,
    onWait: note,
    say: note,
  };
}
