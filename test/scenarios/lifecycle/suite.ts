import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Workspace } from "../../../build/engine/workspace.ts";
import { ended } from "../../simulators/kit/testing.ts";
import { isExhaustive } from "../../support/exhaustive.ts";
import { type Host, hosts } from "./hosts.ts";
import type { Program } from "./program.ts";
import { type HostRecord, recordOf, type StepRecord, type Verb } from "./record.ts";
import type { System } from "./system.ts";

/** What only one host does. */
export interface Besides {
  host: Host["name"];
  because: string;
  plan?: StepRecord["plan"];
  says?: Record<string, string[]>;
}

/** What must come of a step. What is not named must not be there: an empty one sends and says nothing. */
export interface Expected {
  /** See {@link StepRecord.plan}. */
  plan?: StepRecord["plan"];
  /** Of each line that the user is told a part, by resource. */
  says?: Record<string, string[]>;
  /** Of each error a part, by resource; the verb then fails. */
  errors?: Record<string, string[]>;
  /**
   * A part of what fails besides on newer engines, by resource: with `--continue-on-error` they go on to
   * delete what a creation that failed was to replace, where older ones stop.
   */
  failsOnNewer?: Record<string, string>;
  requests?: StepRecord["requests"];
  /** What the system has then, as far as it is said. */
  contents?: object;
  /** The diff by property; the plugin's only, for the dynamic host gives none. */
  details?: HostRecord["details"];
  /** What one host plans or says besides, and why: the hosts are compared without it. */
  besides?: Besides;
  /** Inputs and outputs in the state, as far as they are said. */
  state?: object;
}

/** One step of a lifecycle. */
export interface LifecycleStep<S extends System> {
  title: string;
  /** Done to the system before. */
  meanwhile?: (system: S) => void;
  /** The program from this step on. */
  program?: Program | ((system: S) => Program);
  /** What the engine is told to do. */
  run: Verb;
  /** Done to the system while the engine runs. */
  during?: (system: S) => Promise<void>;
  expected: Expected;
}

/** A lifecycle, which each host runs on a system of its own. */
export interface Lifecycle<S extends System> {
  system: () => S;
  /**
   * Whether `npm test` plays it on the plugin alone, whose steps take a third of the dynamic host's
   * time; `npm run exhaustive` plays each on both hosts.
   */
  quickOnPlugin?: boolean;
  /** Properties that the hosts can't show alike in the state, and why: not compared between them. */
  unlike?: Record<string, string>;
  steps: readonly LifecycleStep<S>[];
}

const timeoutMs = 10 * 60_000;

/**
 * Runs a lifecycle on both hosts, and tests each step's record against what is expected and against
 * the other host's. A step that did not run fails, as do all after it.
 */
export function lifecycle<S extends System>(
  what: string,
  { system, quickOnPlugin = false, unlike = {}, steps }: Lifecycle<S>,
): void {
  const playing = hosts.filter(({ name }) => isExhaustive || !quickOnPlugin || name === "plugin");
  describe(what, () => {
    const runs = playing.map((host) => ({ host, run: new Run<S>(host, system()) }));

    beforeAll(async () => {
      await Promise.all(runs.map(({ run }) => run.play(steps)));
    }, timeoutMs);

    afterAll(() => Promise.all(runs.map(({ run }) => run.end())));

    describe.each(runs)("on the $host.name host", ({ host, run }) => {
      test.each(steps.map((step, index) => ({ ...step, index })))("$title", (step) => {
        const record = run.recordAt(step.index);
        const { expected } = step;
        const { requests = {}, errors } = expected;
        const { plan, says } = expectedOf(host, expected);
        const { plan: planned, requests: sent, says: said, leaks } = record;
        const failed = errorsOnOlder(record, expected);
        expect({ planned, sent, said, failed, leaks }).toEqual({
          planned: plan,
          sent: requests,
          said: parts(says),
          failed: parts(errors),
          leaks: [],
        });
        const { contents = {}, state = {}, details = {} } = expected;
        expect(record.contents).toMatchObject(contents);
        expect(record.state).toMatchObject(state);
        if (host.name === "plugin") expect(record.details).toMatchObject(details);
      });
    });

    if (runs.length < 2) return;
    test.each(steps.map((step, index) => ({ ...step, index })))(
      "the hosts do the same: $title",
      ({ index, expected }) => {
        const [first, ...others] = runs.map(({ host, run }) =>
          withoutProperties(compared(run.recordAt(index), host, expected), Object.keys(unlike)),
        );
        for (const other of others) expect(other).toEqual(first);
      },
    );
  });
}

/** What failed on every engine. */
function errorsOnOlder(
  { errors }: StepRecord,
  { failsOnNewer = {} }: Expected,
): StepRecord["errors"] {
  const left = Object.entries(errors).map(([name, lines]) => {
    const besides = failsOnNewer[name];
    return [name, lines.filter((line) => !besides || !line.includes(besides))];
  });
  return Object.fromEntries(left);
}

/** A record without what the dynamic host has no words for, and without what its host does besides. */
function compared({ details: _, ...all }: HostRecord, host: Host, expected: Expected): StepRecord {
  const record = { ...all, errors: errorsOnOlder(all, expected) };
  const { besides } = expected;
  if (besides?.host !== host.name) return record;
  const { plan = {}, says = {} } = besides;
  const planned = Object.entries(record.plan).filter(([name, op]) => plan[name] !== op);
  const said = Object.entries(record.says).map(([name, lines]) => {
    const own = says[name] ?? [];
    return [name, lines.filter((line) => !own.some((text) => line.includes(text)))] as const;
  });
  return {
    ...record,
    plan: Object.fromEntries(planned),
    says: Object.fromEntries(said.filter(([, lines]) => lines.length > 0)),
  };
}

function withoutProperties(record: StepRecord, keys: string[]): StepRecord {
  const left = ([key]: [string, unknown]) => !keys.includes(key);
  const state = Object.entries(record.state).map(([name, { id, inputs, outputs }]) => {
    const shown = [inputs, outputs].map((all) =>
      Object.fromEntries(Object.entries(all).filter(left)),
    );
    const [shownInputs = {}, shownOutputs = {}] = shown;
    return [name, { id, inputs: shownInputs, outputs: shownOutputs }] as const;
  });
  return { ...record, state: Object.fromEntries(state) };
}

/** All that a host has to plan and to say. */
function expectedOf(host: Host, { plan = {}, says = {}, besides }: Expected) {
  if (besides?.host !== host.name) return { plan, says };
  const all = { ...says };
  for (const [name, lines] of Object.entries(besides.says ?? {})) {
    all[name] = [...(all[name] ?? []), ...lines];
  }
  return { plan: { ...plan, ...besides.plan }, says: all };
}

/** Matches lines of which each has its part, in any order. */
function parts(texts: Record<string, string[]> = {}): Record<string, unknown[]> {
  const entries = Object.entries(texts).map(([name, lines]) => [
    name,
    lines.toSorted().map((line) => expect.stringContaining(line)),
  ]);
  return Object.fromEntries(entries);
}

/** A lifecycle on one host. */
class Run<S extends System> {
  readonly #host: Host;
  readonly #system: S;
  readonly #records: HostRecord[] = [];
  #workspace: Workspace | undefined;
  #failure: unknown = new Error("it was not started");

  constructor(host: Host, system: S) {
    this.#host = host;
    this.#system = system;
  }

  async play(steps: readonly LifecycleStep<S>[]): Promise<void> {
    try {
      await this.#system.simulator.start();
      const workspace = await this.#host.start(this.#system.config());
      this.#workspace = workspace;
      for (const step of steps) this.#records.push(await this.#take(step, workspace));
    } catch (error) {
      this.#failure = error;
    }
  }

  /**
   * What the step did.
   *
   * @throws Error when it did not run
   */
  recordAt(index: number): HostRecord {
    const record = this.#records[index];
    if (!record) throw new Error("this step did not run", { cause: this.#failure });
    return record;
  }

  async end(): Promise<void> {
    await this.#workspace?.dispose();
    await ended(this.#system.simulator);
  }

  async #take(
    { meanwhile, program, run, during, expected }: LifecycleStep<S>,
    workspace: Workspace,
  ): Promise<HostRecord> {
    meanwhile?.(this.#system);
    if (program) {
      const declared = typeof program === "function" ? program(this.#system) : program;
      await this.#host.declare(workspace, declared);
    }
    const expectFailure = expected.errors !== undefined;
    const [result] = await Promise.all([
      workspace[run]({ expectFailure, args: run === "up" ? ["--continue-on-error"] : [] }),
      during?.(this.#system),
    ]);
    return recordOf(run, result, this.#system, workspace);
  }
}
