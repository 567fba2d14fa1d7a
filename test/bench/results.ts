import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { repository } from "../../build/repository.ts";
import { type Host, hosts } from "./contender.ts";
import { median } from "./median.ts";

/*
 * What the bench measured, as it is kept beside the page: charts, tables and sentences come from it.
 */

function each<Value extends z.ZodType>(value: Value) {
  return z.strictObject({ floor: value, bare: value, formations: value });
}

const host = z.enum(hosts);
const count = z.number().nonnegative();
const samples = z.array(count).min(1);

const shape = { host, size: count, types: count };

/** One operation of a stack, over all repeats. The n-th runs of each provider followed each other. */
const row = z.strictObject({
  ...shape,
  /** Whether the engine wrote the state after each step, as it does for users. */
  checkpoints: z.boolean(),
  operation: z.string(),
  /** Wall clock. */
  seconds: each(samples),
  /** Medians. */
  requests: each(count),
  leastRequests: count,
});
export type Row = z.output<typeof row>;

const stateBytes = z.strictObject({ whole: count, properties: count });

/** What a stack takes besides time. */
const footprint = z.strictObject({
  ...shape,
  /** Bytes per resource, on average. */
  state: each(stateBytes),
  /** Peak memory of the plugin's process in MB; null where it can't be told. */
  memory: each(z.nullable(count)),
});
export type Footprint = z.output<typeof footprint>;

/** What one operation takes of the provider's process, called without an engine. */
const cost = z.strictObject({
  host,
  types: count,
  verb: z.string(),
  /** Whether the requests alone were those of one app one after another, as this provider sends them. */
  isInOrder: z.boolean(),
  /** CPU of the process, in milliseconds per resource; null where it can't be told. */
  cpu: each(z.nullable(samples)),
  /** Wall clock, in milliseconds per resource. */
  wall: each(samples),
  /** Per resource. */
  requests: each(count),
});
export type Cost = z.output<typeof cost>;

/** Milliseconds that something takes to start, beside something that it can't do without. */
const start = z.strictObject({
  what: z.string(),
  least: z.string(),
  /** What the ratio is to stay below. */
  aim: z.number(),
  ours: samples,
  theirs: samples,
});
export type Start = z.output<typeof start>;

const results = z.strictObject({
  machine: z.string(),
  rows: z.array(row),
  footprints: z.array(footprint),
  costs: z.array(cost),
  starts: z.array(start),
});
export type Results = z.output<typeof results>;

/** Where the results are kept. */
export const resultsFile = join(repository, "docs", "performance", "results.json");

/** @throws Error when the file is not what {@link writeResults} writes */
export function readResults(): Results {
  return results.parse(JSON.parse(readFileSync(resultsFile, "utf8")));
}

/** Writes a line per row. */
export function writeResults(found: Results): void {
  const parts = Object.entries(found).map(([name, part]) => {
    const lines = Array.isArray(part) ? `[\n${part.map(lineOf).join(",\n")}\n]` : lineOf(part);
    return `${JSON.stringify(name)}: ${lines}`;
  });
  writeFileSync(resultsFile, `{\n${parts.join(",\n")}\n}\n`);
}

/** How much more than the bare request a whole operation may take. */
export const aims = { plugin: 1.05, dynamic: 1.1 } as const;

/** The ratios of the runs that followed each other: median, lowest and highest. */
export function ratioOf(ours: readonly number[], theirs: readonly number[]) {
  const ratios = ours.map((value, index) => value / (theirs[index] ?? Number.NaN));
  return { median: median(ratios), lowest: Math.min(...ratios), highest: Math.max(...ratios) };
}

/** The ratio of a row to the bare request, and whether it is what it is to be. */
export function verdict({ host, seconds }: Row) {
  const ratio = ratioOf(seconds.formations, seconds.bare);
  return { ...ratio, isMet: Number(ratio.median.toFixed(2)) <= aims[host] };
}

/** JSON with numbers of three decimals: no clock is as exact as that. */
function lineOf(part: unknown): string {
  return JSON.stringify(part, (_, value) =>
    typeof value === "number" ? Number(value.toFixed(3)) : value,
  );
}

/** Results with what was measured anew in place of the same, each list in the page's order. */
export function combined(before: Results, found: Results): Results {
  const place = ({ host, types, size = 0 }: { host: Host; types: number; size?: number }) => [
    hosts.indexOf(host),
    types,
    size,
  ];
  return {
    machine: found.machine,
    rows: replaced(before.rows, found.rows, (row) => [row.checkpoints ? 0 : 1, ...place(row)]),
    footprints: replaced(before.footprints, found.footprints, place),
    costs: replaced(before.costs, found.costs, place),
    starts: found.starts.length > 0 ? found.starts : before.starts,
  };
}

/** Those of each place that was measured anew are replaced together, and keep their order. */
function replaced<Part>(
  old: readonly Part[],
  anew: readonly Part[],
  placeOf: (part: Part) => readonly number[],
): Part[] {
  const places = new Set(anew.map((part) => placeOf(part).join()));
  const kept = old.filter((part) => !places.has(placeOf(part).join()));
  return [...kept, ...anew].sort((one, other) => {
    const [a, b] = [placeOf(one), placeOf(other)];
    const index = a.findIndex((rank, each) => rank !== b[each]);
    return (a[index] ?? 0) - (b[index] ?? 0);
  });
}
