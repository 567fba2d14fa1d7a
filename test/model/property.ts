import { env } from "node:process";
import fc from "fast-check";
import { expect } from "vitest";
import type { Values } from "../../provider/resource/values.ts";
import type { RecordedRequest, Simulator } from "../../simulators/kit/simulator.ts";
import { CallFailed, startPlugin } from "../plugin/plugin.ts";
import { Resource } from "../plugin/resource.ts";
import { secret, unknown } from "../plugin/wire.ts";
import { ended } from "../simulators/kit/testing.ts";
import { CheckFailed, ModelEngine, type Step } from "./engine.ts";

/** The seed of every run; a failure prints it, and the path to its smallest example. */
const seed = Number(env.MODEL_SEED ?? 20_260_301);

/** How many times the usual number of examples are tried; CONTRIBUTING.md says how to ask for more. */
const factor = Number(env.MODEL_RUNS ?? 1);

/** Of a test, in milliseconds: what a busy machine takes, and as much again to find the smallest failure. */
export const modelTimeout = 120_000 * Math.max(factor, 1);

/** A resource and the world that it is in. */
export interface Model<S extends Simulator, Drift> {
  type: string;
  /** A world of its own for each example. */
  simulator(): S;
  /** The provider's configuration for that world. */
  config(simulator: S): Values;
  /** What a program may ask. */
  inputs: Record<string, fc.Arbitrary<unknown>>;
  optional: readonly string[];
  /** What runs make of its programs, sooner or later; a test in which one never happens fails. */
  kinds: (Step["kind"] | "refused")[];
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
  /** Makes inputs that each may be asked for into a program that may. */
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

/** What happens between two runs, and how the next one is called. */
interface Turn<Drift> {
  set: Values;
  unset: string[];
  /** Inputs that the program makes secrets. */
  secrets: string[];
  /** Numbers and flags come as strings, as configuration has them. */
  asStrings: boolean;
  drift: Drift | undefined;
  /** Whether the run sees the drift. */
  refresh: boolean;
  /** The input that a preview before the run does not know yet. */
  unknown: string;
}

const strength = { same: 0, update: 1, replace: 2, create: 2 };

/**
 * Tries random programs and random drift. After each run that went through the next preview is empty,
 * and the world is what the program asks, save for drift that is kept with a warning.
 */
export async function tryModel<S extends Simulator, Drift>(
  model: Model<S, Drift>,
  examples: number,
): Promise<void> {
  const [previews, ups] = [await processOf(model), await processOf(model)];
  const { inputs } = model;
  const keys = Object.keys(inputs);
  const required = keys.filter((key) => !model.optional.includes(key));
  const turn: fc.Arbitrary<Turn<Drift>> = fc.record({
    // Few at a time, or nearly every run would be a replacement.
    set: fc
      .tuple(fc.record(inputs), fc.subarray(keys, { maxLength: Math.min(3, keys.length) }))
      .map(([all, some]) => Object.fromEntries(some.map((key) => [key, all[key]]))),
    unset: fc.subarray([...model.optional], { maxLength: Math.min(2, model.optional.length) }),
    secrets: fc.subarray(keys, { maxLength: 1 }),
    asStrings: fc.boolean(),
    drift: fc.option(model.drifts, { nil: undefined }),
    refresh: fc.boolean(),
    unknown: fc.constantFrom(...keys),
  });
  const program = fc.record(inputs, { requiredKeys: required });
  const reached = new Map<string, number>();
  const property = fc.asyncProperty(program, fc.array(turn, { maxLength: 5 }), runExample);
  const { program: whole = {}, unset = [] } = model.removals ?? {};
  const still = { set: {}, secrets: [], asStrings: false, drift: undefined, refresh: false };
  const removals = unset.map((name): [Values, Turn<Drift>[]] => [
    whole,
    [{ ...still, unset: [name], unknown: name }],
  ]);
  await fc.assert(property, {
    seed,
    numRuns: Math.ceil(examples * factor) + removals.length,
    timeout: 20_000,
    examples: removals,
  });
  console.info(
    `${model.type}: ${[...reached].map(([kind, times]) => `${times} ${kind}`).join(", ")}`,
  );
  expect([...reached.keys()], "what runs made of programs").toEqual(
    expect.arrayContaining(model.kinds),
  );

  async function runExample(first: Values, turns: Turn<Drift>[]): Promise<void> {
    const simulator = await model.simulator().start();
    try {
      for (const { plugin } of [previews, ups]) await plugin.configure(model.config(simulator));
      const example = new Example(model, simulator, new ModelEngine(previews, ups));
      await example.run(first, turns).finally(() => {
        for (const kind of example.made) reached.set(kind, (reached.get(kind) ?? 0) + 1);
      });
    } finally {
      await ended(simulator);
    }
  }
}

async function processOf({ type }: { type: string }) {
  const plugin = await startPlugin();
  return { plugin, resource: new Resource(plugin, type) };
}

/** One program's life in a world of its own. */
class Example<S extends Simulator, Drift> {
  private readonly model: Model<S, Drift>;
  private readonly simulator: S;
  private readonly engine: ModelEngine;
  /** What each run made of its program. */
  readonly made: (Step["kind"] | "refused")[] = [];
  private program: Values = {};
  /** What the last run that went through asked. */
  private before: Values = {};
  private secrets: string[] = [];

  constructor(model: Model<S, Drift>, simulator: S, engine: ModelEngine) {
    this.model = model;
    this.simulator = simulator;
    this.engine = engine;
  }

  async run(first: Values, turns: Turn<Drift>[]): Promise<void> {
    this.program = this.mended(first);
    await this.settle(false);
    for (const turn of turns) await this.turn(turn);
    await this.destroy();
  }

  private async turn({
    set,
    unset,
    secrets,
    asStrings,
    drift,
    refresh,
    unknown: key,
  }: Turn<Drift>) {
    const { engine, model, simulator } = this;
    const id = engine.kept?.id;
    if (drift !== undefined && id !== undefined) model.drift(simulator, id, drift);
    const left = Object.entries({ ...this.program, ...set }).filter(
      ([name]) => !unset.includes(name),
    );
    this.program = this.mended(Object.fromEntries(left));
    this.secrets = secrets;
    if (refresh) await engine.refresh();
    await this.previewUnknown(key, asStrings);
    if (drift !== undefined && !refresh && !(await this.tryStale(asStrings)))
      await engine.refresh();
    await this.settle(asStrings);
  }

  /** A run that does not know of the drift may fail, in words; what it leaves is mended afterwards. */
  private async tryStale(asStrings: boolean): Promise<boolean> {
    try {
      await this.engine.up(this.source(asStrings));
      await this.engine.refresh();
      // What it removed from the program was as removed as the state knew.
      this.before = this.program;
      return true;
    } catch (error) {
      if (!(error instanceof CheckFailed)) wordsOf(error);
      for (const { id } of this.engine.left) this.model.release?.(this.simulator, id);
      return false;
    }
  }

  /** An input that is not known yet fails nothing, sends nothing and hides no replacement. */
  private async previewUnknown(key: string, asStrings: boolean): Promise<void> {
    const { engine, simulator } = this;
    if (this.program[key] === undefined) return;
    const known = await engine.preview(this.source(asStrings)).catch(() => undefined);
    simulator.clearRequests();
    const open = await engine
      .preview({ ...this.source(asStrings), [key]: unknown })
      .catch((error: unknown) => {
        if (known) throw error;
      });
    expect(simulator.requests, "requests of a preview").toEqual([]);
    if (!known || !open) return;
    expect(strength[open.kind], `undecided ${key}`).toBeGreaterThanOrEqual(strength[known.kind]);
  }

  /** Runs the program on a state that is fresh, and holds the outcome against the world. */
  private async settle(asStrings: boolean): Promise<void> {
    const { engine, model, simulator } = this;
    const source = this.source(asStrings);
    const kept = structuredClone(engine.kept);
    const left = engine.left.map(({ id }) => id);
    simulator.clearRequests();
    const foretold = await engine.preview(source).catch(refusalOf(model));
    expect(simulator.requests, "requests of a preview").toEqual([]);
    const done = await engine.up(source).catch(refusalOf(model));
    // A former run said that these would be deleted.
    const own = simulator.requests.filter(({ path }) => !left.some((id) => path.endsWith(id)));
    const sent = own.filter(({ method }) => method !== "GET");
    if (foretold === undefined || done === undefined) {
      if (foretold === undefined) expect(simulator.requests, "requests of a refusal").toEqual([]);
      expect(engine.kept, "state after a refusal").toEqual(kept);
      this.made.push("refused");
      // The program that went through last does again, unless drift made it one to be refused.
      const isNew = this.program !== this.before;
      if (!engine.kept) return;
      this.program = this.before;
      if (isNew) await this.settle(asStrings);
      return;
    }
    expect(done).toEqual(foretold);
    if (done.kind === "same") expect(own, "requests of no change").toEqual([]);
    for (const request of sent) {
      expect(
        wasForetold(model.touched(request), done),
        `${request.method} ${request.path} of ${done.kind} ${done.changes}`,
      ).toBe(true);
    }
    if (done.kind === "update") expect(engine.kept?.id).toBe(kept?.id);
    // What a run has unprotected, the next one replaces.
    const isHalfDone = engine.kept && model.isToBeReplaced?.(simulator, engine.kept.id);
    if (done.kind === "update" && isHalfDone) {
      expect((await engine.up(source)).kind, "the run after the first").toBe("replace");
    }
    expect(engine.left).toEqual([]);
    await this.agrees(source, done);
    this.before = this.program;
    this.made.push(done.kind);
  }

  /** The next preview is empty, before a refresh and after it, and the world is as asked. */
  private async agrees(source: Values, done: Step): Promise<void> {
    const { engine, model, simulator } = this;
    const next = await engine.preview(source);
    expect([next.kind, next.changes], "the preview after a run").toEqual(["same", []]);
    await engine.refresh();
    const refreshed = await engine.preview(source);
    expect([refreshed.kind, refreshed.changes], "the preview after a refresh").toEqual([
      "same",
      [],
    ]);
    const { kept } = engine;
    if (!kept) throw new Error("the resource is gone after a run");
    for (const key of this.secrets) {
      if (this.program[key] === undefined) continue;
      const hidden = secret(expect.anything());
      // What is cleared is in no state.
      const state = kept.state[key] ?? hidden;
      expect([kept.inputs[key], state], `secret ${key}`).toEqual([hidden, hidden]);
    }
    const warnings = [...done.warnings, ...refreshed.warnings].join("\n");
    const before = done.kind === "update" ? this.before : {};
    const silent = model
      .differences(simulator, kept.id, this.program, before)
      .filter((difference) => {
        const [property = ""] = difference.split(" ");
        // The warning of a change that was made says nothing of drift.
        const isMade = done.kind === "update" && done.changes.includes(property);
        return isMade || !warnings.includes(property);
      });
    expect(silent, "drift that nothing was said of").toEqual([]);
  }

  private async destroy(): Promise<void> {
    const { engine, model, simulator } = this;
    if (model.beforeDestroy && engine.kept) {
      this.program = { ...this.program, ...model.beforeDestroy };
      await this.settle(false);
    }
    const id = engine.kept?.id;
    // One that failed while it was protected is refused whatever the program says.
    if (id !== undefined) model.release?.(simulator, id);
    await engine.destroy();
    if (id !== undefined) expect(model.remains(simulator, id), "left in the world").toBeUndefined();
  }

  private mended(program: Values): Values {
    return this.model.mend?.(program) ?? program;
  }

  private source(asStrings: boolean): Values {
    const spelt = Object.entries(this.program).map(([key, value]) => {
      const isPlain = typeof value === "number" || typeof value === "boolean";
      const text = asStrings && isPlain ? String(value) : value;
      return [key, this.secrets.includes(key) ? secret(text) : text];
    });
    return Object.fromEntries(spelt);
  }
}

/** Whether a run was said to do what a request does. */
function wasForetold(touched: readonly string[], { kind, changes }: Step): boolean {
  if (kind === "replace") return true;
  if (kind === "create") return !touched.includes("delete");
  return kind === "update" && touched.every((one) => changes.includes(one));
}

/** Lets a refusal through that the model names. */
function refusalOf({ refusals }: { refusals?: RegExp }) {
  return (error: unknown): undefined => {
    if (error instanceof CheckFailed) return;
    if (!refusals?.test(wordsOf(error))) throw error;
  };
}

/** The words of a failure, which must be the provider's own. */
function wordsOf(error: unknown): string {
  if (!(error instanceof CallFailed)) throw error;
  expect(error.message).not.toMatch(/^Internal error in/);
  return error.message;
}
