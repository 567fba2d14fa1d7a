import { expect } from "vitest";
import { type AntflyServers, antfly } from "../../provider/antfly/system";
import type { Clock } from "../../provider/clock";
import { resolveConfig } from "../../provider/resource/config";
import type { Snapshot } from "../../provider/resource/definition";
import * as lifecycle from "../../provider/resource/lifecycle";
import type { Values } from "../../provider/resource/values";
import { type AntflyOptions, AntflySimulator } from "../simulators/antfly.ts";
import { running } from "../simulators/kit/testing.ts";
import { definition } from "./inputs";

export const dialects = ["v0.1", "0.2"] as const;

/** Where a simulator's paths begin. */
export const bases = { "v0.1": "/api/v1", "0.2": "/db/v1" };

/** A location that every world has, and how it is reached. */
export const place = { location: "file:///backups", connection: "bk" };

/** A clock on which sleeping takes no time. */
class FastClock implements Clock {
  private time = Date.now();

  now(): number {
    return this.time;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.time += ms;
  }
}

/** A resource as the engine holds it between two runs. */
export interface Held extends Snapshot {
  inputs: Values;
}

/** A simulator with the tables t1 and t2 and an empty location, and its API as a stack configures it. */
export async function world(options: AntflyOptions = {}, config: Values = {}) {
  const simulator = await running(new AntflySimulator(options));
  simulator.addTable("t1", { d1: { a: 1 } });
  simulator.addTable("t2");
  simulator.addLocation(place.location);
  const clock = new FastClock();
  const servers = connectTo(simulator, config, clock);
  const aborter = new AbortController();
  const warnings: string[] = [];
  const session = { api: () => servers, clock, replaced: new Set<string>() };
  const call: lifecycle.Call = {
    signal: aborter.signal,
    progress: () => {},
    onWait: () => {},
    warn: (text) => warnings.push(text),
  };
  const sent = (): string[] => {
    const lines = simulator.requests.map(({ method, path }) => `${method} ${path}`);
    simulator.clearRequests();
    return lines;
  };

  return {
    simulator,
    servers,
    clock,
    aborter,
    warnings,
    options: { signal: aborter.signal },
    /** What a function is invoked with. */
    context: { api: servers, signal: aborter.signal, deadline: clock.now() + 60_000 },
    /** The API of the configured server; made here, so that a malformed configuration throws here. */
    get api() {
      return servers.at();
    },
    /** From here on the configured key is one of a user without rights. */
    loseRights(): void {
      [simulator.token, simulator.limitedToken] = [simulator.limitedToken, simulator.token];
    },
    async create(inputs: Values): Promise<Held> {
      return { ...(await lifecycle.create(definition, session, checked(inputs), call)), inputs };
    },
    async update(held: Held, inputs: Values): Promise<Held> {
      const { id, state, inputs: applied } = held;
      const request = { id, state, applied, news: checked(inputs), autonamed: false };
      return { ...(await lifecycle.update(definition, session, request, call)), inputs };
    },
    read(id: string, state: Values) {
      return lifecycle.read(definition, session, id, state, call);
    },
    destroy({ id, state }: Snapshot): Promise<void> {
      return lifecycle.destroy(definition, session, id, state, call);
    },
    /** The requests so far, as `METHOD path`, and forgets them. */
    sent,
    /** The same without the request that asks for the dialect. */
    asked: () => sent().filter((line) => line !== "GET /api/v1/status"),
  };
}

export type World = Awaited<ReturnType<typeof world>>;

/** The servers of a stack whose configuration names a simulator's. */
export function connectTo(
  simulator: AntflySimulator,
  config: Values,
  clock: Clock = new FastClock(),
): AntflyServers {
  const values: Values = {
    antflyUrl: simulator.url,
    antflyHealthUrl: simulator.healthUrl,
    antflyApiKey: simulator.token,
    ...config,
  };
  return antfly.connect(
    resolveConfig(antfly, (key) => values[key], {}),
    clock,
  );
}

function checked(inputs: Values): Values {
  const { inputs: normalised, failures } = lifecycle.check(definition, inputs);
  expect(failures).toEqual([]);
  return normalised;
}
