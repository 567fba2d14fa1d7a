import { env } from "node:process";
import fc from "fast-check";
import { expect } from "vitest";
import type { Values } from "../../provider/resource/values.ts";
import type { RecordedRequest, Simulator } from "../../simulators/kit/simulator.ts";
import { startPlugin } from "../plugin/plugin.ts";
import { Resource } from "../plugin/resource.ts";
import { configured } from "../plugin/wire.ts";
import { ended } from "../simulators/kit/testing.ts";
import type { Access, Subject } from "../support/subject.ts";
import { ModelEngine, type Process } from "./engine.ts";
import { Example, type Outcome, type Turn } from "./example.ts";

/*
 * Random programs and random drift, for each resource on its simulator. fast-check draws examples from
 * the seed: a first program, and up to five turns, of which each changes the world and the program.
 * example.ts lives them, says what has to hold, and where a model makes an exception.
 *
 * To debug a failure: the output has the seed, the path to the smallest example that fails, and that
 * example. Live it alone, with the seed and the path in the environment:
 *
 *     MODEL_SEED=20260301 MODEL_PATH=4:1:0 npx vitest run --project unit test/model/replica.test.ts
 *
 * The error begins with the turn in which it failed. Is the provider wrong, or does the model ask what
 * no provider can do? Then the model gets an exception: an input that `mend` takes out, or a text in
 * `refusals`.
 */

/** The seed of every run. */
const seed = Number(env.MODEL_SEED ?? 20_260_301);

/** How many times the usual number of examples are tried; CONTRIBUTING.md says how to ask for more. */
const factor = Number(env.MODEL_RUNS ?? 1);

/** How many times the usual number are passed over: `npm test` has tried the first of them already. */
const skipped = env.MODEL_PATH ? 0 : Number(env.MODEL_SKIP ?? 0);

/** Of a test, in milliseconds: what a busy machine takes, and as much again to find the smallest failure. */
export const modelTimeout = 120_000 * Math.max(factor, 1);

/** A resource, and how to live with it: what a program may ask, what may drift, what has to hold. */
export interface Model<S extends Simulator, Drift> {
  subject: Subject<S>;
  /** A world of its own for each example. */
  simulator(): S;
  /** Configuration that differs from the subject's. */
  access?: Access;
  /** What a program may ask. */
  inputs: Record<string, fc.Arbitrary<unknown>>;
  optional: readonly string[];
  /** What runs make of its programs, sooner or later; a test in which one never happens fails. */
  kinds: Outcome[];
  /** Optional inputs of a program that are removed alone: chance seldom does that. */
  removals?: { program: Values; unset: string[] };
  /** What may happen outside of the program. */
  drifts: fc.Arbitrary<Drift>;
  drift(simulator: S, id: string, drift: Drift): void;
  /** The properties that differ from what the program asks, with what the world has. */
  differences(simulator: S, id: string, program: Values, before: Values): string[];
  /** What a write touches: `create`, `delete`, or properties; `[]` for one that changes nothing. */
  touched(request: RecordedRequest): string[];
  /** What of the resource is left in the world. */
  remains(simulator: S, id: string): unknown;
  /** Makes inputs that are each valid into a program that is. */
  mend?(program: Values): Values;
  /** Refusals that a program may meet, of the plan or of a creation. */
  refusals?: RegExp;
  /** What a person does with a replaced one that the server refuses to destroy. */
  release?(simulator: S, id: string): void;
  /** Whether nothing but a replacement mends it, for which an update may have to make way. */
  isToBeReplaced?(simulator: S, id: string): boolean;
  /** What has to change before it can be destroyed. */
  beforeDestroy?: Values;
}

/**
 * Lives random examples of a model.
 *
 * @param examples how many; MODEL_RUNS in the environment multiplies them
 */
export async function tryModel<S extends Simulator, Drift>(
  model: Model<S, Drift>,
  examples: number,
): Promise<void> {
  const { name } = model.subject;
  const [previews, ups] = [await processOf(name), await processOf(name)];
  const { program, turns } = arbitrariesOf(model);
  const reached = new Map<Outcome, number>();
  const removals = removalsOf(model);
  let toSkip = Math.ceil(examples * skipped) + (skipped > 0 ? removals.length : 0);
  await fc.assert(fc.asyncProperty(program, turns, liveExample), {
    seed,
    path: env.MODEL_PATH,
    numRuns: Math.ceil(examples * factor) + removals.length,
    timeout: 60_000,
    examples: removals,
  });
  const counts = [...reached].map(([kind, times]) => `${times} ${kind}`).join(", ");
  console.info(`${name}, seed ${seed}: ${counts}`);
  if (env.MODEL_PATH) return;
  expect([...reached.keys()], "what runs made of programs").toEqual(
    expect.arrayContaining(model.kinds),
  );

  async function liveExample(first: Values, turns: Turn<Drift>[]): Promise<void> {
    if (toSkip-- > 0) return;
    const simulator = await model.simulator().start();
    const access = { ...model.subject.system.access(simulator), ...model.access };
    try {
      const on = (process: Omit<Process, "begin">) => {
        return { ...process, begin: () => process.plugin.configure(configured(access)) };
      };
      await on(previews).begin();
      const engine = new ModelEngine(on(previews), on(ups));
      const example = new Example(model, simulator, engine);
      await example.live(first, turns).finally(() => {
        for (const kind of example.made) reached.set(kind, (reached.get(kind) ?? 0) + 1);
      });
    } finally {
      await ended(simulator);
    }
  }
}

/** What examples consist of. */
function arbitrariesOf<S extends Simulator, Drift>({ inputs, optional, drifts }: Model<S, Drift>) {
  const keys = Object.keys(inputs);
  const requiredKeys = keys.filter((key) => !optional.includes(key));
  const turn: fc.Arbitrary<Turn<Drift>> = fc.record({
    // Few at a time, or nearly every run would be a replacement.
    set: fc
      .tuple(fc.record(inputs), fc.subarray(keys, { maxLength: Math.min(3, keys.length) }))
      .map(([all, some]) => Object.fromEntries(some.map((key) => [key, all[key]]))),
    unset: fc.subarray([...optional], { maxLength: Math.min(2, optional.length) }),
    secrets: fc.subarray(keys, { maxLength: 1 }),
    asStrings: fc.boolean(),
    drift: fc.option(drifts, { nil: undefined }),
    refresh: fc.boolean(),
    unknown: fc.constantFrom(...keys),
  });
  return {
    program: fc.record(inputs, { requiredKeys }),
    turns: fc.array(turn, { maxLength: 5 }),
  };
}

/** Examples in which an optional input is removed and nothing else happens. */
function removalsOf<S extends Simulator, Drift>({
  removals,
}: Model<S, Drift>): [Values, Turn<Drift>[]][] {
  if (!removals) return [];
  const still = { set: {}, secrets: [], asStrings: false, drift: undefined, refresh: false };
  return removals.unset.map((name) => [
    removals.program,
    [{ ...still, unset: [name], unknown: name }],
  ]);
}

async function processOf(name: string) {
  const plugin = await startPlugin();
  return { plugin, resource: new Resource(plugin, name) };
}
