import { expect } from "vitest";
import { appFormation } from "../../provider/akkeris/app-formation";
import type { FormationChange } from "../../provider/akkeris/endpoints";
import { akkeris, connect } from "../../provider/akkeris/system";
import type { Clock } from "../../provider/clock";
import { resolveConfig } from "../../provider/resource/config";
import type { Definition, Snapshot } from "../../provider/resource/definition";
import * as lifecycle from "../../provider/resource/lifecycle";
import type { Values } from "../../provider/resource/values";
import { type AkkerisOptions, AkkerisSimulator } from "../simulators/akkeris.ts";
import { running } from "../simulators/kit/testing.ts";

/** The definition as a host has it. */
export const definition: Definition = appFormation;

/** Inputs of an app's web, and of one of its workers. */
export const web = { app: "foo-default", type: "web", size: "gp2", quantity: 1 };
export const worker = { ...web, type: "worker", command: "node worker.js" };

/** Paths of foo-default. */
export const list = "/apps/foo-default/formation";
export const item = (type: string) => `${list}/${type}`;

/** A clock on which sleeping takes no time but lets everything else that is ready go first. */
export class FastClock implements Clock {
  readonly sleeps: number[] = [];
  private time = Date.now();

  now(): number {
    return this.time;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.sleeps.push(ms);
    this.time += ms;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A resource as the engine holds it between two runs. */
export interface Held extends Snapshot {
  inputs: Values;
}

/** A simulator with the app foo-default, and the verbs of a host that works on it. */
export async function world(options: AkkerisOptions & { tags?: string } = {}) {
  const { tags, ...rest } = options;
  const simulator = await running(new AkkerisSimulator(rest));
  simulator.addApp("foo-default", { tags });
  const clock = new FastClock();
  const warnings: string[] = [];
  const aborter = new AbortController();
  const api = connectTo(simulator, {}, clock);
  const session = { api: () => api, clock, replaced: new Set<string>() };
  const call: lifecycle.Call = {
    signal: aborter.signal,
    progress: () => {},
    onWait: () => {},
    warn: (text) => warnings.push(text),
  };
  const options_ = { signal: aborter.signal };

  return {
    simulator,
    api,
    options: options_,
    clock,
    warnings,
    aborter,
    session,
    call,
    /** Creates; the inputs are checked first, as a host does. */
    async create(inputs: Values): Promise<Held> {
      return { ...(await lifecycle.create(definition, session, checked(inputs), call)), inputs };
    },
    /** What the next run with these inputs would do. */
    plan(held: Held, inputs: Values = held.inputs) {
      return lifecycle.diff(definition, session, request(held, inputs));
    },
    async update(held: Held, inputs: Values = held.inputs): Promise<Held> {
      const done = await lifecycle.update(definition, session, request(held, inputs), call);
      return { ...done, inputs };
    },
    async refresh(held: Held): Promise<Held | undefined> {
      const seen = await lifecycle.read(definition, session, held.id, held.state, call);
      return seen && { ...seen, inputs: held.inputs };
    },
    import(id: string) {
      return lifecycle.read(definition, session, id, {}, call);
    },
    destroy(held: Held): Promise<void> {
      return lifecycle.destroy(definition, session, held.id, held.state, call);
    },
    /** The requests so far, as `METHOD path`, and forgets them. */
    sent(): string[] {
      const sent = simulator.requests.map(({ method, path }) => `${method} ${path}`);
      simulator.clearRequests();
      return sent;
    },
    /** The bodies of the batch PATCHes so far. */
    patches(): FormationChange[][] {
      return simulator.requests
        .filter(({ method }) => method === "PATCH")
        .map(({ body }) => body as FormationChange[]);
    },
  };
}

export type World = Awaited<ReturnType<typeof world>>;

/** A client of a simulator, configured as a stack would. */
export function connectTo(simulator: AkkerisSimulator, config: Values = {}, clock?: Clock) {
  const values: Values = { akkerisUrl: simulator.url, akkerisToken: simulator.token, ...config };
  const resolved = resolveConfig(akkeris, (key) => values[key], {});
  return connect(akkeris.config.parse(resolved) as Parameters<typeof connect>[0], clock);
}

function checked(inputs: Values): Values {
  const { inputs: normalised, failures } = lifecycle.check(definition, inputs);
  expect(failures).toEqual([]);
  return normalised;
}

function request({ id, state, inputs: applied }: Held, inputs: Values): lifecycle.DiffRequest {
  return { id, applied, state, news: checked(inputs), autonamed: false };
}
