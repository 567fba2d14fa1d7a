import type { Host } from "../contender.ts";
import type { OperationName, Results, StackResult } from "./results.ts";

/** What the page says of a fleet: so many resources, in stacks of that size. */
export const fleet = { resources: 100_000, size: 200 } as const;

/** The stacks of one host, from the smallest to the largest. */
export function stacksOf({ stacks }: Results, host: Host): StackResult[] {
  return stacks.filter((one) => one.host === host).sort((a, b) => a.size - b.size);
}

/** The stack of that size. @throws Error when it was not measured */
export function stackOf(results: Results, host: Host, size: number): StackResult {
  const found = stacksOf(results, host).find((one) => one.size === size);
  if (!found)
    throw new Error(`The results have no stack of ${size} resources on the ${host} host.`);
  return found;
}

/** A straight line through measured points. */
export interface Line {
  /** What one more resource adds. */
  slope: number;
  /** What a stack takes before it has any. */
  start: number;
}

/** The line that comes nearest to a figure of each stack (least squares). */
export function lineOf(
  stacks: readonly StackResult[],
  figure: (stack: StackResult) => number,
): Line {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const size = mean(stacks.map((one) => one.size));
  const value = mean(stacks.map(figure));
  const spread = stacks.map((one) => (one.size - size) ** 2);
  const common = stacks.map((one) => (one.size - size) * (figure(one) - value));
  const slope = mean(common) / mean(spread);
  return { slope, start: value - slope * size };
}

/** The figures that grow with the resources of a stack, in a straight line. */
export const growing = {
  state: ({ state }: StackResult) => state,
  kept: ({ kept }: StackResult) => kept,
  seconds: (name: OperationName) => (stack: StackResult) => stack.operations[name].seconds,
  engine: (stack: StackResult) => stack.operations.preview.memory.engine,
  provider: (stack: StackResult) => stack.operations.preview.memory.provider,
} as const;

/**
 * Bytes that the creation of a whole stack sends to an object store, per resource **squared**: each of its
 * resources has the state written twice, and the state grows with them. From the largest stack, since what
 * a run writes in any case weighs least there.
 */
export function uploadedPerSquare(stacks: readonly StackResult[]): number {
  const stored = stacks.filter(({ creation }) => creation.plain);
  const largest = stored.at(-1);
  if (!largest?.creation.plain) throw new Error("No stack was written to an object store.");
  return largest.creation.plain.uploaded / largest.size ** 2;
}
