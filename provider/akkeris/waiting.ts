/*
 * What the decision depends on how long calls of an app wait for others to be sent with: see `waitOf` in app-queue.ts.
 */

/** Calls of one app that wait to be sent together. */
export interface Group {
  size(): number;
  state(): GroupState;
}

/** What is known of a group. Times are milliseconds since the epoch. */
export interface GroupState {
  /** When the first one came, and when the last one did. */
  openedAt: number;
  joinedAt: number;
  /** Whether sending them redeploys the app. */
  redeploys: boolean;
  /** Whether no other call is known that could join them. */
  isAlone: boolean;
  /** The updates that are announced and would join them: how many resources the engine had planned by each. */
  expected: readonly number[];
  /** How many it had planned when it last planned one of the app. */
  plannedLast: number;
}

/** What is known of all calls of one client, for the decision how long a group waits. Times are milliseconds. */
export interface Facts {
  now: number;
  /** When the engine last planned, or asked for an update. */
  quietSince: number;
  /** When the engine last planned. */
  plannedAt: number;
  /** How many resources the engine has planned. */
  planned: number;
  /** How long the engine takes from a check to its diff. */
  step: number;
  /** When a call last ended. */
  endedAt: number;
  /** Whether a call has been sent and has not ended. */
  isMoving: boolean;
  /** Whether the engine can ask for nothing more: all that it runs at once waits. */
  isFull: boolean;
  /** How many groups wait. */
  groups: number;
}

/** What decides how long a group waits. */
export interface Waiting extends Facts, GroupState {
  /** When it could have been sent. */
  readyAt: number;
}

/** Says how long a group waits for others, from now on, in milliseconds. */
export type Rule = (waiting: Waiting) => number;
