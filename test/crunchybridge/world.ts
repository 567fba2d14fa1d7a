import { expect } from "vitest";
import { CrunchyBridgeApi } from "../../provider/crunchybridge/api.ts";
import { hints } from "../../provider/crunchybridge/hints.ts";
import { crunchyBridge } from "../../provider/crunchybridge/index.ts";
import { replica } from "../../provider/crunchybridge/replica/resource.ts";
import { createHttpClient } from "../../provider/http/client.ts";
import { HttpError } from "../../provider/http/errors.ts";
import type { Definition } from "../../provider/resource/definition.ts";
import { createSession } from "../../provider/resource/session.ts";
import type { Values } from "../../provider/resource/values.ts";
import {
  type CrunchyBridgeOptions,
  CrunchyBridgeSimulator,
} from "../../simulators/crunchybridge.ts";
import { running } from "../simulators/kit/testing.ts";
import { InstantClock } from "../support/clock.ts";
import { failure } from "../support/failure.ts";
import { type Held, hostOf } from "../support/host.ts";
import { isRead, takeRequests } from "../support/requests.ts";

/** The definition as a host has it. */
export const definition: Definition = replica;

/**
 * A simulator with a primary, and the verbs of a host that works on it. Time does not pass, except for
 * the provider's waits, which take none and put the simulator's clock forward.
 */
export async function world(options: CrunchyBridgeOptions = {}) {
  const simulator = await running(new CrunchyBridgeSimulator({ speed: 0, ...options }));
  const primary = simulator.addCluster({ name: "orders-primary" });
  const clock = new InstantClock(simulator.clock);
  const config: Values = {
    crunchyBridgeUrl: simulator.url,
    crunchyBridgeApiKey: simulator.token,
  };
  const session = createSession((key) => config[key], {}, clock);
  const client = createHttpClient({
    system: crunchyBridge.title,
    baseUrl: simulator.url,
    headers: { authorization: `Bearer ${config.crunchyBridgeApiKey}` },
    secrets: [simulator.token],
    hints,
    clock,
  });
  const host = hostOf(definition, session);
  const wanted: Values = { clusterId: primary.id, name: "orders-read" };

  /** See {@link takeRequests}; with the clusters' names for their IDs. */
  const sent = () => takeRequests(simulator).map((line) => named(simulator, line));

  return {
    ...host,
    simulator,
    primary,
    clock,
    config,
    client,
    api: new CrunchyBridgeApi(client),
    options: { signal: host.aborter.signal },
    /** The least inputs of a replica of the primary. */
    wanted,
    /** The host's verbs; inputs are what differs from the least, and from those of the last run. */
    create: (inputs: Values = {}) => host.create({ ...wanted, ...inputs }),
    createPartly: (inputs: Values = {}) => host.createPartly({ ...wanted, ...inputs }),
    plan: (held: Held, changes: Values = {}) => host.plan(held, { ...held.inputs, ...changes }),
    /** A test fails where the plan is another than an update. */
    async update(held: Held, changes: Values = {}): Promise<Held> {
      const inputs = { ...held.inputs, ...changes };
      expect(host.plan(held, inputs).action).toBe("update");
      return host.update(held, inputs);
    },
    updatePartly: (held: Held, changes: Values = {}) =>
      host.updatePartly(held, { ...held.inputs, ...changes }),
    sent,
    /** The same without GETs: what was changed. */
    writes: () => sent().filter((line) => !isRead(line)),
  };
}

export type World = Awaited<ReturnType<typeof world>>;

/** The error that a call ends with, and that of a request. */
export const failureOf = (call: Promise<unknown>) => failure(call, Error);
export const httpFailureOf = (call: Promise<unknown>) => failure(call, HttpError);

function named(simulator: CrunchyBridgeSimulator, line: string): string {
  return [...simulator.clusters.values()].reduce(
    (text, { id, name }) => text.replaceAll(id, name),
    line,
  );
}
