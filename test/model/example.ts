import { expect } from "vitest";
import type { Values } from "../../provider/resource/values.ts";
import type { RecordedRequest, Simulator } from "../../simulators/kit/simulator.ts";
import { CallFailed } from "../plugin/plugin.ts";
import { secret, unknown } from "../plugin/wire.ts";
import { CheckFailed, type ModelEngine, type Step } from "./engine.ts";
import type { Model } from "./property.ts";

/** What a run made of a program. */
export type Outcome = Step["kind"] | "refused";

/** What happens between two runs, and how the next one is called. */
export interface Turn<Drift> {
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
 * One program's life in a world of its own: it is created, then each turn drifts the world and changes
 * the program, then it is destroyed. In each turn, in this order:
 *
 * 1. The world drifts, the program changes, and the state is refreshed if the turn says so.
 * 2. A preview that does not know one input sends nothing and plans no less than one that knows it.
 * 3. If the state does not know of the drift, a run may fail, in words of the provider's own. Whatever
 *    it did, the state is refreshed afterwards.
 * 4. The program settles: the preview and the run after it decide alike, the run writes nothing that the
 *    preview did not plan, the next preview is empty before and after a refresh, and the world has what
 *    the program asks, except for what a warning named.
 *
 * A program may be refused where the model's `refusals` say so. Then the state is as before, and the
 * life goes on with the last program that was not refused.
 */
export class Example<S extends Simulator, Drift> {
  /** What each run made of its program. */
  readonly made: Outcome[] = [];
  readonly #model: Model<S, Drift>;
  readonly #simulator: S;
  readonly #engine: ModelEngine;
  #program: Values = {};
  /** What the last run that was not refused asked. */
  #before: Values = {};
  #secrets: string[] = [];

  constructor(model: Model<S, Drift>, simulator: S, engine: ModelEngine) {
    this.#model = model;
    this.#simulator = simulator;
    this.#engine = engine;
  }

  /** @throws Error that begins with where in the life something is wrong */
  async live(first: Values, turns: readonly Turn<Drift>[]): Promise<void> {
    await within("the creation", async () => {
      this.#program = this.#mended(first);
      await this.#settle(false);
    });
    for (const [index, turn] of turns.entries()) {
      await within(`turn ${index + 1}`, () => this.#turn(turn));
    }
    await within("the destruction", () => this.#destroy());
  }

  async #turn(turn: Turn<Drift>): Promise<void> {
    const { set, unset, secrets, asStrings, drift, refresh } = turn;
    const id = this.#engine.kept?.id;
    if (drift !== undefined && id !== undefined) this.#model.drift(this.#simulator, id, drift);
    const given = Object.entries({ ...this.#program, ...set });
    const left = given.filter(([name]) => !unset.includes(name));
    this.#program = this.#mended(Object.fromEntries(left));
    this.#secrets = secrets;
    if (refresh) await this.#engine.refresh();
    await this.#previewUnknown(turn.unknown, asStrings);
    if (drift !== undefined && !refresh) await this.#runOnStaleState(asStrings);
    await this.#settle(asStrings);
  }

  /** An input that is not known yet fails nothing, sends nothing and hides no replacement. */
  async #previewUnknown(key: string, asStrings: boolean): Promise<void> {
    if (this.#program[key] === undefined) return;
    const known = await this.#engine.preview(this.#source(asStrings)).catch(() => undefined);
    this.#simulator.clearRequests();
    const open = await this.#engine
      .preview({ ...this.#source(asStrings), [key]: unknown })
      .catch((error: unknown) => {
        if (known) throw error;
      });
    expect(this.#simulator.requests, "requests of a preview").toEqual([]);
    if (!known || !open) return;
    expect(strength[open.kind], `undecided ${key}`).toBeGreaterThanOrEqual(strength[known.kind]);
  }

  /** A run that does not know of the drift may fail, in words; what it leaves is mended afterwards. */
  async #runOnStaleState(asStrings: boolean): Promise<void> {
    try {
      await this.#engine.up(this.#source(asStrings));
      await this.#engine.refresh();
      // What it removed from the program was as removed as the state knew.
      this.#before = this.#program;
    } catch (error) {
      if (!(error instanceof CheckFailed)) wordsOf(error);
      for (const { id } of this.#engine.left) this.#model.release?.(this.#simulator, id);
      await this.#engine.refresh();
    }
  }

  /** Runs the program on a state that is fresh, and holds the outcome against the world. */
  async #settle(asStrings: boolean): Promise<void> {
    const source = this.#source(asStrings);
    const kept = structuredClone(this.#engine.kept);
    // A former run said that these would be deleted.
    const left = this.#engine.left.map(({ id }) => id);
    this.#simulator.clearRequests();
    const foretold = await this.#engine.preview(source).catch(refusalOf(this.#model));
    expect(this.#simulator.requests, "requests of a preview").toEqual([]);
    const done = await this.#engine.up(source).catch(refusalOf(this.#model));
    if (foretold === undefined || done === undefined) {
      if (foretold === undefined) {
        expect(this.#simulator.requests, "requests of a refusal").toEqual([]);
      }
      expect(this.#engine.kept, "state after a refusal").toEqual(kept);
      await this.#goBack(asStrings);
      return;
    }
    expect(done).toEqual(foretold);
    if (done.kind === "update") expect(this.#engine.kept?.id).toBe(kept?.id);
    const own = this.#simulator.requests.filter(
      ({ path }) => !left.some((id) => path.endsWith(id)),
    );
    this.#demandForetold(own, done);
    await this.#finishReplacement(source, done);
    expect(this.#engine.left).toEqual([]);
    await this.#demandSettled(source, done);
    this.#before = this.#program;
    this.made.push(done.kind);
  }

  /** The last program that was not refused settles, unless drift has made it one to be refused. */
  async #goBack(asStrings: boolean): Promise<void> {
    this.made.push("refused");
    const isNew = this.#program !== this.#before;
    if (!this.#engine.kept) return;
    this.#program = this.#before;
    if (isNew) await this.#settle(asStrings);
  }

  /** A run writes only what its plan says. */
  #demandForetold(requests: readonly RecordedRequest[], done: Step): void {
    if (done.kind === "same") expect(requests, "requests of no change").toEqual([]);
    const writes = requests.filter(({ method }) => method !== "GET");
    const unplanned = writes.filter((write) => !wasForetold(this.#model.touched(write), done));
    const lines = unplanned.map(({ method, path }) => `${method} ${path}`);
    expect(lines, `writes that "${done.kind} ${done.changes}" does not say`).toEqual([]);
  }

  /** One that only a replacement mends may have to be unprotected first: the next run replaces it. */
  async #finishReplacement(source: Values, done: Step): Promise<void> {
    const { kept } = this.#engine;
    if (done.kind !== "update" || !kept) return;
    if (!this.#model.isToBeReplaced?.(this.#simulator, kept.id)) return;
    expect((await this.#engine.up(source)).kind, "the run after the first").toBe("replace");
  }

  /** The next preview is empty, before a refresh and after it, and the world is as asked. */
  async #demandSettled(source: Values, done: Step): Promise<void> {
    const empty = ["same", []];
    const next = await this.#engine.preview(source);
    expect([next.kind, next.changes], "the preview after a run").toEqual(empty);
    await this.#engine.refresh();
    const refreshed = await this.#engine.preview(source);
    expect([refreshed.kind, refreshed.changes], "the preview after a refresh").toEqual(empty);
    this.#demandSecrets();
    this.#demandWorld(done, [...done.warnings, ...refreshed.warnings].join("\n"));
  }

  /** What the program makes a secret is one in inputs and state. */
  #demandSecrets(): void {
    const { inputs = {}, state = {} } = this.#engine.kept ?? {};
    for (const key of this.#secrets) {
      if (this.#program[key] === undefined) continue;
      const hidden = secret(expect.anything());
      // What is cleared is in no state.
      const held = state[key] ?? hidden;
      expect([inputs[key], held], `secret ${key}`).toEqual([hidden, hidden]);
    }
  }

  /** The world is as asked, except for drift that a warning names. */
  #demandWorld(done: Step, warnings: string): void {
    const { kept } = this.#engine;
    if (!kept) throw new Error("the resource is gone after a run");
    const before = done.kind === "update" ? this.#before : {};
    const silent = this.#model
      .differences(this.#simulator, kept.id, this.#program, before)
      .filter((difference) => {
        const [property = ""] = difference.split(" ");
        // The warning of a change that was made says nothing of drift.
        const isMade = done.kind === "update" && done.changes.includes(property);
        return isMade || !warnings.includes(property);
      });
    expect(silent, "drift that nothing was said of").toEqual([]);
  }

  async #destroy(): Promise<void> {
    if (this.#model.beforeDestroy && this.#engine.kept) {
      this.#program = { ...this.#program, ...this.#model.beforeDestroy };
      await this.#settle(false);
    }
    const id = this.#engine.kept?.id;
    // One that failed while it was protected is refused whatever the program says.
    if (id !== undefined) this.#model.release?.(this.#simulator, id);
    await this.#engine.destroy();
    if (id === undefined) return;
    expect(this.#model.remains(this.#simulator, id), "left in the world").toBeUndefined();
  }

  #mended(program: Values): Values {
    return this.#model.mend?.(program) ?? program;
  }

  /** The program as the engine sends it: some values as strings, some as secrets. */
  #source(asStrings: boolean): Values {
    const spelt = Object.entries(this.#program).map(([key, value]) => {
      const isPlain = typeof value === "number" || typeof value === "boolean";
      const text = asStrings && isPlain ? String(value) : value;
      return [key, this.#secrets.includes(key) ? secret(text) : text];
    });
    return Object.fromEntries(spelt);
  }
}

/** Has an error say where in the life it is from. */
async function within(place: string, part: () => Promise<void>): Promise<void> {
  try {
    await part();
  } catch (error) {
    if (error instanceof Error) error.message = `in ${place}: ${error.message}`;
    throw error;
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
  expect(error.message).not.toMatch(/^(An error inside|Internal error in)/);
  return error.message;
}
