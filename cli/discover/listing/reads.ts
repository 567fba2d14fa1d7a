import { FormationsError } from "../../../provider/errors";
import { counted } from "../../../provider/process/counted";
import { sideBySide } from "../../../provider/process/side-by-side";
import { type Call, read } from "../../../provider/resource/lifecycle";
import type { Listable } from "../../../provider/resource/listing";
import type { Kept } from "../../../provider/resource/marks";
import type { CommandCall } from "../../call";
import { grouped } from "../../explain/output/excerpt";
import { visible } from "../../visible";
import type { Account } from "../model";
import type { Progress } from "../progress";
import { about, nounOf } from "../words";
import { inMinutes, leastTime } from "./estimate";

/** How many resources are read at a time. */
const atOnce = 8;

/** How many names a sentence lists. */
const mostNames = 10;

/** Resources of one kind and account. */
export interface Kind {
  account: Account;
  definition: Listable;
}

/** A resource that is to be read, with what is known of it. */
export interface Unread {
  name: string;
  known: Kept;
}

/** What came of reading resources. */
export interface Readings {
  /** In their order. Null: it is gone; undefined: it could not be read. */
  seen: (Kept | null | undefined)[];
  /** Whole sentences. */
  failures: string[];
}

/** Failures that the next read would have as well: no server responds, or it lets nobody in. */
const ofServer: ReadonlySet<string> = new Set(["NO_ANSWER", "UNAUTHORIZED", "RATE_LIMITED"]);

/** After how many failures of the server in a row nothing more is read: one alone may be a resource's own. */
const mostFailures = 3;

/**
 * Says beforehand how long reading takes, where a rate limit makes it take minutes.
 *
 * @param what what has been found: `Citus Cloud: 12 formations`
 * @param which what is read: `reading them`
 */
export function sayEstimate(
  { account, definition }: Kind,
  reads: number,
  [what, which]: readonly [string, string],
  call: CommandCall,
): void {
  const perMinute = perMinuteOf(account, definition);
  if (perMinute === undefined) return;
  const ms = leastTime(reads, perMinute);
  const time = inMinutes(ms);
  if (time === undefined) return;
  const limit = `${counted(perMinute, "request")} per minute`;
  const isTooLong = call.clock.now() + ms > call.deadline;
  const advice = isTooLong ? " That is more than --timeout allows." : "";
  call.say(`${what}; with ${limit}, ${which} takes ${time}.${advice}`);
}

function perMinuteOf({ session, system }: Account, { listing }: Listable): number | undefined {
  return listing.readsPerMinute?.(session.api(system));
}

/**
 * Reads resources one by one, or several at a time where no limit is near. One that fails does not keep the
 * others from being read, unless the server itself fails.
 */
export async function readAll(
  { account, definition }: Kind,
  items: readonly Unread[],
  progress: Progress,
): Promise<Readings> {
  const failures: string[] = [];
  const left: string[] = [];
  const show = progress.ofReads(account, definition, items.length);
  const patient = progress.callOf(account, definition);
  const perMinute = perMinuteOf(account, definition) ?? Number.POSITIVE_INFINITY;
  // What waits for its turn would only fill the log with its waits.
  const width = Math.min(atOnce, Math.ceil(perMinute / 10));
  let [done, inRow] = [0, 0];
  const seen = await sideBySide(items, width, async ({ name, known }) => {
    if (inRow >= mostFailures) {
      left.push(name);
      return undefined;
    }
    try {
      const kept = await read(definition, account.session, known, callOf(patient));
      inRow = 0;
      show(++done);
      return kept ?? null;
    } catch (error) {
      if (!(error instanceof FormationsError)) throw error;
      inRow += weightOf(error);
      failures.push(about(account, `${visible(name)}: ${error.message}`));
      return undefined;
    }
  });
  if (left.length > 0) failures.push(notRead(account, definition, left));
  return { seen, failures };
}

/** How much a failure says that the next read fails as well. */
function weightOf({ code, outOfTime }: FormationsError): number {
  if (ofServer.has(code) || outOfTime) return mostFailures;
  return code === "SERVER_FAILURE" ? 1 : 0;
}

function notRead({ title }: Account, definition: Listable, names: readonly string[]): string {
  const shown = names.slice(0, mostNames).map(visible).join(", ");
  const more = names.length > mostNames ? " …" : "";
  const were = names.length === 1 ? "was" : "were";
  const what = `${grouped(names.length)} more ${nounOf(definition, names.length)}`;
  return `${title}: ${what} ${were} found and not read: ${shown}${more}.`;
}

function callOf({ clock, deadline, signal, onWait }: CommandCall): Call {
  const timeout = deadline - clock.now();
  return { signal, onWait, timeout, progress: () => {}, warn: () => {} };
}
