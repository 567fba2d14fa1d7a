import { expect } from "vitest";
import type { Clock } from "../../provider/clock";
import type { Definition, FunctionDefinition, Snapshot } from "../../provider/resource/definition";
import { Incomplete } from "../../provider/resource/errors";
import * as lifecycle from "../../provider/resource/lifecycle";
import { createSession, type Session } from "../../provider/resource/session";
import type { Values } from "../../provider/resource/values";
import { failure } from "./failure";
import { ownTemporaryFolder } from "./temporary-folder";

/** A resource as the engine holds it between two runs. */
export interface Held extends Snapshot {
  /** The checked inputs of the last run. */
  inputs: Values;
}

export interface HostOptions {
  /** The stack's configuration, without the namespace: `{ citusToken: … }`. */
  config: Values;
  clock: Clock;
  /** Milliseconds that an operation may take; default: the lifecycle's own. */
  timeout?: number;
}

/** One process of the engine as a provider's verbs see it, for resources of one definition. */
export class Host {
  readonly session: Session;
  readonly aborter = new AbortController();
  /** What the verbs said, in order. */
  readonly warnings: string[] = [];
  readonly progress: string[] = [];
  readonly waits: string[] = [];
  readonly call: lifecycle.Call;
  readonly #definition: Definition;

  constructor(definition: Definition, { config, clock, timeout }: HostOptions) {
    ownTemporaryFolder();
    this.#definition = definition;
    this.session = createSession((key) => config[key], {}, clock);
    this.call = {
      signal: this.aborter.signal,
      timeout,
      progress: (text) => this.progress.push(text),
      onWait: (text) => this.waits.push(text),
      warn: (text) => this.warnings.push(text),
    };
  }

  /** Creates; the inputs are checked first, as the engine has it. */
  async create(inputs: Values): Promise<Held> {
    const news = this.checked(inputs);
    const made = await lifecycle.create(this.#definition, this.session, news, this.call);
    return { ...made, inputs: news };
  }

  /** A creation that must end incomplete: what the engine keeps of it, and the error. */
  async createIncomplete(inputs: Values): Promise<{ held: Held; error: Incomplete }> {
    const error = await failure(this.create(inputs), Incomplete);
    return { held: { id: error.id, state: error.state, inputs: this.checked(inputs) }, error };
  }

  /** What the next run with these inputs would do. */
  plan(held: Held, inputs: Values = held.inputs) {
    return lifecycle.diff(this.#definition, this.session, this.#request(held, inputs));
  }

  async update(held: Held, inputs: Values = held.inputs): Promise<Held> {
    const request = this.#request(held, inputs);
    const done = await lifecycle.update(this.#definition, this.session, request, this.call);
    return { ...done, inputs: request.news };
  }

  /** Undefined: gone. */
  async refresh(held: Held): Promise<Held | undefined> {
    const { id, state, inputs } = held;
    const seen = await lifecycle.read(this.#definition, this.session, id, state, this.call);
    if (!seen) return undefined;
    return { ...seen, inputs: lifecycle.projectDrift(this.#definition, inputs, seen.state) };
  }

  import(id: string): Promise<Snapshot | undefined> {
    return lifecycle.read(this.#definition, this.session, id, {}, this.call);
  }

  destroy({ id, state }: Pick<Held, "id" | "state">): Promise<void> {
    return lifecycle.destroy(this.#definition, this.session, id, state, this.call);
  }

  invoke(definition: FunctionDefinition, args: Values = {}): Promise<Values> {
    return lifecycle.invoke(definition, this.session, args, this.call);
  }

  checked(inputs: Values): Values {
    const { inputs: news, failures } = lifecycle.check(this.#definition, inputs);
    expect(failures).toEqual([]);
    return news;
  }

  #request({ id, state, inputs: applied }: Held, inputs: Values): lifecycle.DiffRequest {
    return { id, applied, state, news: this.checked(inputs), autonamed: false };
  }
}
