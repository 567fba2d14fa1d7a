import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import type {
  Definition,
  FunctionDefinition,
  Snapshot,
} from "../../provider/resource/definition.ts";
import { Incomplete } from "../../provider/resource/errors.ts";
import * as lifecycle from "../../provider/resource/lifecycle.ts";
import type { Session } from "../../provider/resource/session.ts";
import type { Values } from "../../provider/resource/values.ts";
import { failure } from "./failure.ts";

/** A resource between two runs. */
export interface Held extends Snapshot {
  /** What the program asks. */
  inputs: Values;
  /**
   * What the engine has as the inputs of the last run, with the drift of a refresh. Default: the
   * program's, checked.
   */
  applied?: Values;
}

export type Host = ReturnType<typeof hostOf>;

/**
 * One process of the engine, as the verbs of one resource see it.
 *
 * @param timeout milliseconds that an operation may take; default: the lifecycle's own
 */
export function hostOf(definition: Definition, session: Session, timeout?: number) {
  const aborter = new AbortController();
  const warnings: string[] = [];
  const progress: string[] = [];
  const waits: string[] = [];
  const call: lifecycle.Call = {
    signal: aborter.signal,
    timeout,
    progress: (text) => progress.push(text),
    onWait: (text) => waits.push(text),
    warn: (text) => warnings.push(text),
  };

  function checked(inputs: Values): Values {
    const { inputs: news, failures } = lifecycle.check(definition, inputs);
    expect(failures).toEqual([]);
    return news;
  }

  function appliedOf({ inputs, applied = checked(inputs) }: Held): Values {
    return applied;
  }

  function request(held: Held, inputs: Values) {
    const { id, state } = held;
    return { id, applied: appliedOf(held), state, news: checked(inputs), autonamed: false };
  }

  async function create(inputs: Values): Promise<Held> {
    return { ...(await lifecycle.create(definition, session, checked(inputs), call)), inputs };
  }

  async function update(held: Held, inputs: Values = held.inputs): Promise<Held> {
    return {
      ...(await lifecycle.update(definition, session, request(held, inputs), call)),
      inputs,
    };
  }

  async function partly(run: Promise<Held>, inputs: Values) {
    const error = await failure(run, Incomplete);
    const held: Held = { id: error.id, state: error.state, inputs };
    return { held, error };
  }

  return {
    session,
    call,
    aborter,
    /** What the verbs said, in order. */
    warnings,
    progress,
    waits,
    /** Creates; the inputs are checked first, as the engine has it. */
    create,
    /** Creates, which must end incomplete; what the engine holds then. */
    createPartly: (inputs: Values) => partly(create(inputs), inputs),
    /** What the next run with these inputs would do. */
    plan: (held: Held, inputs: Values = held.inputs) =>
      lifecycle.diff(definition, session, request(held, inputs)),
    update,
    /** Updates, which must end incomplete; what the engine holds then. */
    updatePartly: (held: Held, inputs: Values = held.inputs) =>
      partly(update(held, inputs), inputs),
    /** Undefined: gone. */
    async refresh(held: Held): Promise<Held | undefined> {
      const seen = await lifecycle.read(definition, session, held.id, held.state, call);
      if (!seen) return undefined;
      const applied = appliedOf(held);
      const drifted = lifecycle.projectDrift(definition, applied, seen.state);
      const isSame = isDeepStrictEqual(drifted, applied);
      return { ...held, ...seen, ...(isSame ? {} : { applied: drifted }) };
    },
    import: (id: string) => lifecycle.read(definition, session, id, {}, call),
    destroy: ({ id, state }: Snapshot) => lifecycle.destroy(definition, session, id, state, call),
    invoke: (own: FunctionDefinition, args: Values = {}) =>
      lifecycle.invoke(own, session, args, call),
  };
}
