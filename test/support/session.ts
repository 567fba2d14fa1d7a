import type { Clock } from "../../provider/process/clock.ts";
import { createSession, type Session } from "../../provider/resource/session.ts";

/** A session whose every system has the same client. */
export function sessionOf(api: unknown, clock: Clock): Session {
  return {
    ...createSession(() => undefined, {}, clock),
    api: () => api,
    isConnected: () => true,
  };
}
