import { table } from "../../../sdk/generator/markdown.ts";
import { fleet, growing, lineOf, stackOf, stacksOf, uploadedPerSquare } from "./figures.ts";
import type { Results, StackResult } from "./results.ts";
import { bytes, count, minutes, seconds } from "./units.ts";

/** What the provider takes for a minute, since the server's sixty seconds begin at a request's arrival. */
const citusSeconds = 61 / 5;
/** Of a common CI runner, in MB. */
const runnerMemory = 16_000;

/** One limit: what it is, what it comes to in the fleet, how it grows, how that is known, what to do. */
type Limit = readonly [limit: string, fleet: string, slope: string, source: string, remedy: string];

/** The limits of the fleet in the order in which they come, as Markdown. */
export function limits(results: Results): string {
  const stacks = stacksOf(results, "plugin");
  const one = stackOf(results, "plugin", fleet.size);
  const many = fleet.resources / fleet.size;
  const rows = [
    citus(),
    googleWrites(one),
    uploads(one, uploadedPerSquare(stacks)),
    ciTime(one, many, stacks),
    backend(one, many),
    requests(one, many),
    memory(one, stacks),
    stateSize(one, many, uploadedPerSquare(stacks)),
  ];
  const head = ["", "limit", "where it is met", "grows by", "how we know", "what to do"];
  return table(
    head,
    rows.map((row, index) => [String(index + 1), ...row]),
  );
}

function citus(): Limit {
  const days = (fleet.resources * citusSeconds) / 86_400;
  return [
    "Citus Cloud: 5 requests per minute and account",
    `a refresh of one stack of ${fleet.size} formations takes ${minutes(fleet.size * citusSeconds)}; of ${count(fleet.resources)} in one account, ${days.toFixed(0)} days`,
    `${citusSeconds} s per formation`,
    "simulated: the real provider, a clock that waits for it",
    "[one account per team; no refresh in pipelines](#citus-cloud)",
  ];
}

function googleWrites({ size, creation, unchanged }: StackResult): Limit {
  // A run without changes writes the lock, the backup and the history, but not the state.
  const uploads = (creation.plain?.uploads ?? 0) - (unchanged?.uploads ?? 0);
  return [
    "Google Cloud Storage: one write per second and object",
    `creating a stack of ${size} writes its state ${count(uploads)} times: ${minutes(uploads)} at least`,
    "2 s per changed resource",
    "writes counted; the limit is Google's",
    "[another backend](#where-the-state-is), or changes of few resources at a time",
  ];
}

function uploads({ size, creation }: StackResult, square: number): Limit {
  return [
    "Uploads to an object store: the whole state, twice per changed resource",
    `creating a stack of ${size} uploads ${bytes(creation.plain?.uploaded ?? 0)}; of 1,000, ${bytes(square * 1_000 ** 2)}; of 5,000, ${bytes(square * 5_000 ** 2)}`,
    `${bytes(square)} × the **square** of the stack's size`,
    "measured",
    "[stacks of 50 to 500](#how-large-a-stack), compression, or Pulumi Cloud",
  ];
}

function ciTime(one: StackResult, many: number, stacks: readonly StackResult[]): Limit {
  const { seconds: wall, cpu } = one.operations.preview;
  const all = wall * many;
  const line = lineOf(stacks, growing.seconds("preview"));
  return [
    "CI time",
    `previews of all ${many} stacks take ${minutes(all)} on one runner (${minutes(cpu * many)} of CPU), ${minutes(all / 20)} on 20`,
    `${seconds(line.start)} per stack and ${(line.slope * 1_000).toFixed(1)} ms per resource`,
    "measured; without checkout and installation",
    "[preview only what a change touches](#ci)",
  ];
}

function backend({ kept }: StackResult, many: number): Limit {
  return [
    "Growth of the backend: each `pulumi up` leaves two copies of the state",
    `one \`up\` of every stack per day: ${bytes(kept * many)} per day, ${bytes(kept * many * 365)} per year`,
    `${bytes(kept)} per \`up\` of a stack`,
    "measured",
    "[a lifecycle rule, compression](#where-the-state-is)",
  ];
}

function requests({ size, operations }: StackResult, many: number): Limit {
  return [
    "The other APIs: no published limit; 429 with `Retry-After`",
    `a refresh of all stacks sends ${count(operations.refresh.requests * many)} requests, as fast as the runners go`,
    `${(operations.refresh.requests / size).toFixed(1)} requests per resource`,
    "measured; from the APIs' documentation",
    "[`--parallel`, and fewer runners at a time](#the-other-apis)",
  ];
}

function memory({ size, operations }: StackResult, stacks: readonly StackResult[]): Limit {
  const { engine, provider } = operations.preview.memory;
  const lines = [growing.engine, growing.provider].map((figure) => lineOf(stacks, figure));
  const slope = lines.reduce((sum, line) => sum + line.slope, 0);
  const start = lines.reduce((sum, line) => sum + line.start, 0);
  return [
    "Memory of the engine and the provider",
    `${bytes(engine * 1e6)} and ${bytes(provider * 1e6)} for a stack of ${size}; a runner with ${bytes(runnerMemory * 1e6)} is full at ${count((runnerMemory - start) / slope)} resources in one stack`,
    `${bytes(slope * 1e6)} per resource`,
    "measured; beyond the largest stack measured, extrapolated",
    "nothing, at this size",
  ];
}

function stateSize({ state }: StackResult, many: number, square: number): Limit {
  return [
    "Size of the state",
    `${bytes(state)} per stack, ${bytes(state * many)} for all; in one stack it would be one file, and creating it would upload ${bytes(square * fleet.resources ** 2)}`,
    `${bytes(state / fleet.size)} per resource`,
    "measured",
    "nothing, at this size",
  ];
}
