import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import type {
  Definition,
  DiffRequest,
  FunctionDefinition,
} from "../../provider/resource/definition.ts";
import { projectDrift } from "../../provider/resource/drift.ts";
import { Incomplete } from "../../provider/resource/errors.ts";
import * as lifecycle from "../../provider/resource/lifecycle.ts";
import { type Kept, pack, unpack } from "../../provider/resource/marks.ts";
import type { Plan } from "../../provider/resource/plan.ts";
import { invoke } from "../../provider/resource/reading.ts";
import type { Session } from "../../provider/resource/session.ts";
import type { Values } from "../../provider/resource/values.ts";
import { failure } from "./failure.ts";

/** A resource between two runs: its state is a bag with marks, as the engine has it. */
export interface Held {
  id: string;
  state: Values;
  /** What the program asks. */
  inputs: Values;
  /**
   * What the engine has as the inputs of the last run, with the drift of a refresh. Default: the
   * program's, checked.
   */
  applied?: Values;
}

export type Host = ReturnType<typeof hostOf>;

/** What the engine holds of a resource that is kept. */
export function heldOf({ id, state, marks }: Kept) {
  return { id, state: pack({ properties: state, marks }) };
}

function keptOf({ id, state }: Pick<Held, "id" | "state">): Kept {
  const { properties, marks } = unpack(state);
  return { id, state: properties, marks };
}

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

  function request(held: Held, inputs: Values): DiffRequest {
    return { ...keptOf(held), applied: appliedOf(held), news: checked(inputs), autonamed: false };
  }

  async function create(inputs: Values): Promise<Held> {
    const kept = await lifecycle.create(definition, session, checked(inputs), call);
    return { ...heldOf(kept), inputs };
  }

  async function update(held: Held, inputs: Values = held.inputs): Promise<Held> {
    const kept = await lifecycle.update(definition, session, request(held, inputs), call);
    return { ...heldOf(kept), inputs };
  }

  async function partly(run: Promise<Held>, inputs: Values) {
    const error = await failure(run, Incomplete);
    const held: Held = { ...heldOf(error), inputs };
    return { held, error };
  }

  function plan(held: Held, inputs: Values = held.inputs): Plan {
    const change = request(held, inputs);
    const plan = lifecycle.diff(definition, change);
    lifecycle.announce(definition, session, change, plan);
    return plan;
  }

  async function load(id: string) {
    const seen = await lifecycle.read(definition, session, { id, state: {}, marks: {} }, call);
    return seen && heldOf(seen);
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
    /** What the next run with these inputs would do, as a host's diff plans it. */
    plan,
    update,
    /** Updates, which must end incomplete; what the engine holds then. */
    updatePartly: (held: Held, inputs: Values = held.inputs) =>
      partly(update(held, inputs), inputs),
    /** Undefined: gone. */
    async refresh(held: Held): Promise<Held | undefined> {
      const seen = await lifecycle.read(definition, session, keptOf(held), call);
      if (!seen) return undefined;
      const applied = appliedOf(held);
      const drifted = projectDrift(definition, applied, seen.state);
      const isSame = isDeepStrictEqual(drifted, applied);
      return { ...held, ...heldOf(seen), ...(isSame ? {} : { applied: drifted }) };
    },
    import: load,
    destroy: (held: Pick<Held, "id" | "state">) =>
      lifecycle.destroy(definition, session, keptOf(held), call),
    invoke: (own: FunctionDefinition, args: Values = {}) => invoke(own, session, args, call),
  };
}
