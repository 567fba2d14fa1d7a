import { providerOf, type ResourceState, type StackState } from "../stack/deployment";
import { Pulumi, PulumiFailed } from "../stack/pulumi";
import { readStacks, type StacksOptions } from "../stack/readings";
import { isDefault, Sessions } from "../stack/sessions";
import { type Origin, originOf } from "./accounts";

/** A stack that was given. */
export interface Stack {
  /** As it was given. */
  name: string;
  /** With its secrets in plain, for memory only. */
  state: StackState;
  /** Who is changing it. */
  holders: readonly string[];
  /** The configuration of its providers, the default ones' first. */
  origins: readonly Origin[];
}

/**
 * Reads the stacks that may manage what is found: those that are named; if only a folder is, all of its project.
 *
 * @throws PulumiFailed if one can't be read: what it has would look as if no stack managed it
 */
export async function stacksOf(where: StacksOptions): Promise<Stack[]> {
  const readings = await readStacks(where, true);
  const problems = readings.flatMap(({ name, problem }) => (problem ? `${name}: ${problem}` : []));
  if (problems.length > 0) throw new PulumiFailed(problems.join("\n"));
  return Promise.all(
    readings.flatMap(({ name, state, holders }) =>
      state ? [withOrigins(name, state, holders, where.cwd)] : [],
    ),
  );
}

async function withOrigins(
  name: string,
  state: StackState,
  holders: readonly string[],
  cwd: string | undefined,
): Promise<Stack> {
  const sessions = new Sessions(new Pulumi({ stack: name, cwd }), state);
  const configs = await sessions.all().catch((error) => {
    throw error instanceof PulumiFailed ? new PulumiFailed(`${name}: ${error.message}`) : error;
  });
  const origins = configs.map(({ urn, values }) => originOf(name, urn, values));
  return { name, state, holders, origins };
}

/** Where the configuration of a resource's provider comes from; undefined: the state lacks the provider. */
export function originFor({ origins }: Stack, resource: ResourceState): Origin | undefined {
  const [urn] = providerOf(resource);
  return urn === "" || isDefault(urn)
    ? origins.find(({ provider }) => provider === undefined)
    : origins.find(({ provider }) => provider === urn);
}
