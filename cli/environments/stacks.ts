import { parseUrn } from "../../provider/resource/urn";
import { exportState, type StackState } from "../stack/deployment";
import { Locks } from "../stack/locks";
import { Pulumi, PulumiFailed, stacksOf } from "../stack/pulumi";
import type { StackWithState } from "./matrix";

/** How many states are read at a time: each takes a process of the engine. */
const atOnce = 4;

/** Which stacks to read. */
export interface StacksOptions {
  /** Default: every stack of the project. */
  stack?: readonly string[];
  /** The project's folder. Default: the current one. */
  cwd?: string;
}

/** What was found of a stack. */
export interface StackReading {
  name: string;
  /** Of the resources; undefined: there are none. */
  project?: string;
  /** Who is changing it. */
  holders: readonly string[];
  /** Undefined: it could not be read, and `problem` says why. */
  state?: StackState;
  problem?: string;
}

/**
 * Reads the states of stacks, with secrets as the stacks encrypt them. A stack that can't be read is no
 * reason to read none.
 *
 * @throws PulumiFailed if the project's stacks can't be listed, or if there are none
 */
export async function readStacks({ stack = [], cwd }: StacksOptions): Promise<StackReading[]> {
  const given = stack.length > 0 ? stack : (await stacksOf(cwd)).map(({ name }) => name);
  const names = [...new Set(given)];
  if (names.length === 0) {
    throw new PulumiFailed("This project has no stacks; `pulumi stack init` creates one.");
  }
  const locks = new Locks(cwd);
  return sideBySide(names, async (name) => {
    const pulumi = new Pulumi({ stack: name, cwd });
    try {
      const state = await exportState(pulumi);
      const { holders } = await locks.of(pulumi, state);
      return { name, state, holders, project: projectOf(state) };
    } catch (error) {
      if (!(error instanceof PulumiFailed)) throw error;
      return { name, holders: [], problem: error.message };
    }
  });
}

/** The stacks that can be compared: those that have resources. */
export function comparable(readings: readonly StackReading[]): StackWithState[] {
  return readings.flatMap(({ name, state, holders }) =>
    state && hasResources(state) ? [{ name, state, isBusy: holders.length > 0 }] : [],
  );
}

/** What a reader of the comparison has to know of the stacks that were read. */
export function remarksOn(readings: readonly StackReading[]): string[] {
  const empty = readings.filter(({ state }) => state && !hasResources(state));
  const busy = readings.filter(({ holders }) => holders.length > 0);
  return [
    ...empty.map(({ name }) => `${name} has no resources, so it is not compared.`),
    ...busy.map(
      ({ name, holders }) =>
        `${name}: a run is in progress, or a killed one left its lock (${holders.join("; ")}). What is shown may change.`,
    ),
    ...severalProjects(readings),
  ];
}

/** Stacks of several projects are compared, since the names of their resources may be the same. */
function severalProjects(readings: readonly StackReading[]): string[] {
  const of = new Map<string, string[]>();
  for (const { name, project } of readings) {
    if (project !== undefined) of.set(project, [...(of.get(project) ?? []), name]);
  }
  if (of.size < 2) return [];
  const list = [...of].map(([project, names]) => `${names.join(", ")} of ${project}`).join("; ");
  return [
    `The stacks are of several projects (${list}); resources of one name and type are compared.`,
  ];
}

function hasResources({ deployment }: StackState): boolean {
  const { resources, pending_operations: pending = [] } = deployment;
  return pending.length > 0 || resources.some(({ type }) => !isScaffold(type));
}

/** Whether the engine adds such a resource on its own: the stack itself, or a provider. */
function isScaffold(type: string): boolean {
  return type === "pulumi:pulumi:Stack" || type.startsWith("pulumi:providers:");
}

function projectOf({ deployment }: StackState): string | undefined {
  return deployment.resources.map(({ urn }) => parseUrn(urn)?.project).find(Boolean);
}

/** Does the work for every item, a few at a time; results are in the items' order. */
async function sideBySide<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = [...items.entries()];
  const worker = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [at, item] = next;
      results[at] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
