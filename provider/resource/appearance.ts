import type { Clock } from "../process/clock";
import { page } from "../process/pages";
import type { Context } from "./definition";
import { creationTimeOf } from "./identity";
import type { Kept } from "./marks";
import type { Verdict } from "./wait";

/**
 * How long a server may not show what it created, in milliseconds. Similar APIs need some seconds; what
 * costs money is worth minutes.
 */
const longestAppearance = 5 * 60_000;

/** How long what was seen before may be missing, in milliseconds: one server of several may be behind. */
const longestGap = 15_000;

/** What has been created. */
export interface Created {
  /** For messages: `formation "db" (0123)`. */
  what: string;
  /** When it was created: milliseconds since the epoch. */
  since: number;
}

/** Whether something is so new that its server may not show it yet. */
function mayBeInvisible(since: number, now: number): boolean {
  return now - since < longestAppearance;
}

/**
 * Judges what is seen of a resource while its creation is awaited. A server that does not show it yet
 * has not lost it, and a second creation would cost money twice.
 *
 * @param verdict judges it once it is seen
 */
export function whileAppearing<T>(
  { what, since }: Created,
  clock: Clock,
  verdict: (seen: T) => Verdict,
): (seen: T | undefined) => Verdict {
  let lastSeen: number | undefined;
  return (seen) => {
    const now = clock.now();
    if (seen !== undefined) {
      lastSeen = now;
      return verdict(seen);
    }
    if (lastSeen !== undefined) {
      return now - lastSeen < longestGap
        ? "waiting"
        : { failed: "it is gone: run `pulumi refresh`, then `pulumi up` again" };
    }
    return mayBeInvisible(since, now) ? "waiting" : { failed: neverShown(what) };
  };
}

/**
 * What a refresh keeps of a resource that its server does not show: all of it, if a run that did not end
 * created it a short time ago. Dropping it would mean paying for it and for another one.
 *
 * @param name the resource's name in the package
 * @returns undefined: it is gone
 */
export function keptWhileAppearing(
  name: string,
  known: Kept,
  clock: Clock,
  { warn }: Pick<Context<unknown>, "warn">,
): Kept | undefined {
  const createdAt = known.marks.pending ? creationTimeOf(known) : undefined;
  if (!createdAt || !mayBeInvisible(Date.parse(createdAt), clock.now())) return undefined;
  warn(
    `The server does not show ${name} ${known.id} yet, which was created at ${createdAt}: it is kept in the state.`,
  );
  return known;
}

function neverShown(what: string): string {
  return (
    `the server has not shown ${what} since it was created. It may exist, and cost money. ` +
    "It stays in the stack's state, and the next `pulumi up` looks for it again. " +
    `Look in the system's console: only if it is not there, run \`pulumi refresh\`, which removes it from the state (${page("adopting")})`
  );
}
