import { expect } from "vitest";
import type { Clock } from "../../provider/clock";
import { crunchyBridge } from "../../provider/crunchybridge";
import { CrunchyBridgeApi } from "../../provider/crunchybridge/api";
import { replica } from "../../provider/crunchybridge/replica";
import { hints } from "../../provider/crunchybridge/system";
import { createHttpClient } from "../../provider/http/client";
import { HttpError } from "../../provider/http/errors";
import type { Definition, Snapshot } from "../../provider/resource/definition";
import { Incomplete } from "../../provider/resource/errors";
import * as lifecycle from "../../provider/resource/lifecycle";
import { createSession } from "../../provider/resource/session";
import type { Values } from "../../provider/resource/values";
import { type CrunchyBridgeOptions, CrunchyBridgeSimulator } from "../simulators/crunchybridge.ts";
import { running } from "../simulators/kit/testing.ts";

/** The definition as a host has it. */
export const definition: Definition = replica;

/** A resource as the engine holds it between two runs. */
export interface Held extends Snapshot {
  inputs: Values;
}

/**
 * A simulator with a primary, and the verbs of a host that works on it. Time stands still, save for
 * the provider's waits, which take none and put the simulator's clock forward.
 */
export async function world(options: CrunchyBridgeOptions = {}) {
  const simulator = await running(new CrunchyBridgeSimulator({ speed: 0, ...options }));
  const primary = simulator.addCluster({ name: "orders-primary" });
  const clock: Clock = {
    now: () => simulator.clock.now(),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      simulator.clock.advance(ms);
    },
  };
  const config: Values = {
    crunchyBridgeUrl: simulator.url,
    crunchyBridgeApiKey: simulator.token,
  };
  const session = createSession((key) => config[key], {}, clock);
  const client = createHttpClient({
    system: crunchyBridge.title,
    baseUrl: simulator.url,
    headers: () => ({ authorization: `Bearer ${config.crunchyBridgeApiKey}` }),
    secrets: [simulator.token],
    hints,
    clock,
  });
  const warnings: string[] = [];
  const progress: string[] = [];
  const aborter = new AbortController();
  const call: lifecycle.Call = {
    signal: aborter.signal,
    progress: (text) => progress.push(text),
    onWait: () => {},
    warn: (text) => warnings.push(text),
  };
  const wanted: Values = { clusterId: primary.id, name: "orders-read" };

  /** The requests so far, as `METHOD path` with the clusters' names for IDs; forgets them. */
  function sent(): string[] {
    const lines = simulator.requests.map(({ method, path }) => `${method} ${path}`);
    simulator.clearRequests();
    return lines.map((line) => named(simulator, line));
  }

  return {
    simulator,
    primary,
    clock,
    config,
    session,
    client,
    api: new CrunchyBridgeApi(client),
    options: { signal: aborter.signal },
    warnings,
    progress,
    aborter,
    call,
    /** The least inputs of a replica of the primary. */
    wanted,
    /** Creates; the inputs are checked first, as a host does. */
    async create(inputs: Values = {}): Promise<Held> {
      const news = { ...wanted, ...inputs };
      const made = await lifecycle.create(definition, session, checked(news), call);
      return { ...made, inputs: news };
    },
    /** Creates, which must fail; what the engine holds then. */
    async createPartly(inputs: Values = {}) {
      const news = { ...wanted, ...inputs };
      return partly(lifecycle.create(definition, session, checked(news), call), news);
    },
    /** What the next run with these changes would do. */
    plan(held: Held, changes: Values = {}) {
      return lifecycle.diff(definition, session, request(held, changes));
    },
    /** Updates as planned; a test fails where the plan is another than an update. */
    async update(held: Held, changes: Values = {}): Promise<Held> {
      const asked = request(held, changes);
      expect(lifecycle.diff(definition, session, asked).action).toBe("update");
      const done = await lifecycle.update(definition, session, asked, call);
      return { ...done, inputs: asked.news };
    },
    /** Updates, which must fail after something was sent; what the engine holds then. */
    async updatePartly(held: Held, changes: Values = {}) {
      const asked = request(held, changes);
      return partly(lifecycle.update(definition, session, asked, call), asked.news);
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
    sent,
    /** The same without GETs: what was changed. */
    writes: () => sent().filter((line) => !line.startsWith("GET ")),
  };
}

export type World = Awaited<ReturnType<typeof world>>;

/** The error that a call ends with. */
export async function failureOf(call: Promise<unknown>): Promise<Error> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof Error) return error;
  throw new Error(`expected an error, got ${error}`);
}

/** The same, of a request. */
export async function httpFailureOf(call: Promise<unknown>): Promise<HttpError> {
  const error = await failureOf(call);
  if (error instanceof HttpError) return error;
  throw error;
}

async function partly(call: Promise<unknown>, inputs: Values) {
  const error = await failureOf(call);
  if (!(error instanceof Incomplete)) throw error;
  const held: Held = { id: error.id, state: error.state, inputs };
  return { held, error };
}

function checked(inputs: Values): Values {
  const { inputs: normalised, failures } = lifecycle.check(definition, inputs);
  expect(failures).toEqual([]);
  return normalised;
}

function request({ id, state, inputs }: Held, changes: Values): lifecycle.DiffRequest {
  const news = checked({ ...inputs, ...changes });
  return { id, applied: checked(inputs), state, news, autonamed: false };
}

function named(simulator: CrunchyBridgeSimulator, line: string): string {
  return [...simulator.clusters.values()].reduce(
    (text, { id, name }) => text.replaceAll(id, name),
    line,
  );
}
