import { FormationsError } from "../../provider/errors";
import { sideBySide } from "../../provider/process/side-by-side";
import type { Definition } from "../../provider/resource/definition";
import { type Call, read } from "../../provider/resource/lifecycle";
import type { Listed } from "../../provider/resource/listing";
import type { Kept } from "../../provider/resource/marks";
import type { CommandCall } from "../call";
import { inMinutes, leastTime } from "./estimate";
import type { Listable } from "./filters";
import type { Surroundings } from "./inventory";
import type { Account } from "./model";
import type { Survey } from "./survey";
import { counted } from "./words";

/** How many resources are read at a time. */
const atOnce = 8;

/** What a read returned, by its place in the list. */
type Result = [at: number, seen: Kept & { name: string }];

/** Failures that the next read would have as well: no server responds, or it lets nobody in. */
const ofServer: ReadonlySet<string> = new Set(["NO_ANSWER", "UNAUTHORIZED", "RATE_LIMITED"]);

/** Says beforehand how long reading takes, where a rate limit makes it take minutes. */
export function sayEstimate(
  { account, definition, items }: Survey,
  reads: number,
  call: CommandCall,
): void {
  const perMinute = perMinuteOf(account, definition);
  const time = perMinute === undefined ? undefined : inMinutes(leastTime(reads, perMinute));
  if (time === undefined) return;
  const which = reads === items.length ? "them" : `${reads} of them`;
  call.say(
    `${account.title}: ${counted(items.length, definition)}; with ${perMinute} requests per minute, reading ${which} takes ${time}.`,
  );
}

function perMinuteOf({ session, system }: Account, { listing }: Listable): number | undefined {
  return listing.readsPerMinute?.(session.api(system));
}

/**
 * Reads resources that a list does not show whole. One that is gone meanwhile is left out; one that fails
 * does not keep the others from being read, unless the server itself fails.
 */
export async function readAll(
  { account, definition }: Survey,
  items: readonly (readonly [at: number, item: Listed])[],
  { call, progress }: Surroundings,
): Promise<{ results: Result[]; failures: string[] }> {
  const results: Result[] = [];
  const failures: string[] = [];
  const left: string[] = [];
  const show = progress.ofReads(account, definition, items.length);
  let isOver = false;
  const perMinute = perMinuteOf(account, definition) ?? Number.POSITIVE_INFINITY;
  // What waits for its turn would only fill the log with its waits.
  await sideBySide(items, Math.min(atOnce, Math.ceil(perMinute / 10)), async ([at, item]) => {
    if (isOver) {
      left.push(item.name);
      return;
    }
    try {
      const seen = await readOne(account, definition, { ...item, marks: {} }, call);
      if (seen) results.push([at, { ...seen, name: item.name }]);
      show(results.length);
    } catch (error) {
      if (!(error instanceof FormationsError)) throw error;
      if (ofServer.has(error.code) || error.outOfTime) isOver = true;
      failures.push(`${item.name}: ${error.message}`);
    }
  });
  if (left.length > 0) failures.push(notRead(account, definition, left));
  return { results, failures };
}

function notRead({ title }: Account, definition: Listable, names: readonly string[]): string {
  const shown = names.slice(0, 10).join(", ");
  const more = names.length > 10 ? " …" : "";
  return `${title}: ${counted(names.length, definition)} more ${names.length === 1 ? "was" : "were"} listed and not read: ${shown}${more}.`;
}

/** Reads a resource of which something is known; undefined: it is gone. */
export function readOne(
  { session }: Account,
  definition: Definition,
  known: Kept,
  call: CommandCall,
): Promise<Kept | undefined> {
  return read(definition, session, known, callOf(call));
}

function callOf({ clock, deadline, signal, onWait }: CommandCall): Call {
  const timeout = deadline - clock.now();
  return { signal, onWait, timeout, progress: () => {}, warn: () => {} };
}
