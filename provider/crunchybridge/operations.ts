import type { Operation } from "./endpoints";

/*
 * A cluster's operations: changes that take a while, one's own and those of the platform, which
 * schedules maintenance days ahead. Flavors and states are open: an unknown one counts as the awaited one.
 */

/** Changes that a resource requests, by the flavors that their operations have. */
const flavors = {
  upgrade: ["resize", "major_version_upgrade"],
  ha: ["ha_change"],
} as const;

/** A change that a resource requests and that ends with an operation. */
export type RequestedChange = keyof typeof flavors;

/** What the platform starts on its own. An operation without a flavor has nothing to do. */
const platformFlavors = ["periodic_maintenance", "maintenance", "auto_resize", "rekey", ""];

const knownFlavors: readonly string[] = [...Object.values(flavors).flat(), ...platformFlavors];

/** States of an operation that waits for its time: the maintenance window, or the hour that was asked. */
const waitingStates = ["scheduled", "ready"];

/** Whether an operation carries out a change that a resource requested. */
export function carriesOut(change: RequestedChange, { flavor }: Operation): boolean {
  if (flavor === undefined) return true;
  const own: readonly string[] = flavors[change];
  return own.includes(flavor) || !knownFlavors.includes(flavor);
}

/** Whether an operation occupies its cluster now: the server refuses another one until it has ended. */
export function isUnderWay({ flavor, state, starting_from }: Operation, now: number): boolean {
  if (flavor === "" || waitingStates.includes(state ?? "")) return false;
  const isAhead = starting_from !== undefined && Date.parse(starting_from) > now;
  return state !== undefined || !isAhead;
}

/** Whether it occupies a new cluster for its creation's sake, and not for the platform's maintenance. */
export function isOwnWork(operation: Operation, now: number): boolean {
  return isUnderWay(operation, now) && !platformFlavors.includes(operation.flavor ?? "unknown");
}

/** An operation in a few words: `resize in_progress`. */
export function describeOperation({ flavor = "operation", state = "pending" }: Operation): string {
  return `${flavor} ${state}`;
}

/** The next time that a maintenance window begins. @param hour of the day, UTC */
export function nextWindow(hour: number, now: number): Date {
  const start = new Date(now);
  start.setUTCHours(hour, 0, 0, 0);
  if (start.getTime() <= now) start.setUTCDate(start.getUTCDate() + 1);
  return start;
}
