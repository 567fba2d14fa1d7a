import { waitOf } from "../../../provider/akkeris/app-queue.ts";
import type { Rule, Waiting } from "../../../provider/akkeris/waiting.ts";
import type { Outcome, Recording } from "./replay.ts";

/** Waits for what is announced, as the provider does, and no longer. */
function forAnnounced({ now, expected, planned, quietSince, isMoving, groups }: Waiting): number {
  if (expected.length === 0) return 0;
  const comes = expected.some((order) => order < planned) || isMoving || groups > 1;
  return quietSince + (comes ? 2_000 : 200) - now;
}

/** What is compared, each for a change that redeploys. */
export const rules: Readonly<Record<string, Rule>> = {
  "200 ms": ({ now, joinedAt, openedAt }) => Math.min(joinedAt + 200, openedAt + 2_000) - now,
  announced: forAnnounced,
  "announced, 1 ms": (waiting) => {
    const { now, expected, isFull, plannedAt, joinedAt } = waiting;
    if (expected.length > 0) return forAnnounced(waiting);
    return isFull ? 0 : Math.max(plannedAt, joinedAt) + 1 - now;
  },
  provider: waitOf,
};

/** The middle of a list of numbers. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** PATCHes per app; how long an update waits, median and longest, in milliseconds; the run's time in seconds. */
export function cellOf({ patches, waits, total }: Outcome): string {
  const perApp = patches.reduce((sum, count) => sum + count, 0) / patches.length;
  const run = (total / 1_000).toFixed(1);
  return `${perApp.toFixed(2)} · ${median(waits)} / ${Math.max(...waits)} ms · ${run} s`;
}

/** The table for docs/performance.md. */
export function tableOf(rows: readonly { recording: Recording; outcomes: Outcome[] }[]): string {
  const names = Object.keys(rules);
  const lines = rows.map(({ recording: { program, load }, outcomes }) =>
    [program, load, ...outcomes.map(cellOf)].join(" | "),
  );
  const head = ["program", "machine", ...names];
  return [head.join(" | "), head.map(() => "---").join(" | "), ...lines]
    .map((line) => `| ${line} |`)
    .join("\n");
}
