import { sideBySide } from "../../provider/process/side-by-side";
import { parseUrn } from "../../provider/resource/urn";
import { exportState, type StackState } from "./deployment";
import { Locks } from "./locks";
import { Pulumi, PulumiFailed, stacksOf } from "./pulumi";

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
 * Reads the states of stacks. A stack that can't be read is no reason to read none.
 *
 * @param showSecrets secrets in plain text, for memory only. Default: as the stacks encrypt them
 * @throws PulumiFailed if the project's stacks can't be listed, or if there are none
 */
export async function readStacks(
  { stack = [], cwd }: StacksOptions,
  showSecrets = false,
): Promise<StackReading[]> {
  const given = stack.length > 0 ? stack : (await stacksOf(cwd)).map(({ name }) => name);
  const names = [...new Set(given)];
  if (names.length === 0) {
    throw new PulumiFailed("This project has no stacks; `pulumi stack init` creates one.");
  }
  const locks = new Locks(cwd);
  return sideBySide(names, atOnce, async (name) => {
    const pulumi = new Pulumi({ stack: name, cwd });
    try {
      const state = await exportState(pulumi, showSecrets);
      const { holders } = await locks.of(pulumi, state);
      return { name, state, holders, project: projectOf(state) };
    } catch (error) {
      if (!(error instanceof PulumiFailed)) throw error;
      return { name, holders: [], problem: error.message };
    }
  });
}

function projectOf({ deployment }: StackState): string | undefined {
  return deployment.resources.map(({ urn }) => parseUrn(urn)?.project).find(Boolean);
}
