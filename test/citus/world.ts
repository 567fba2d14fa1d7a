import type { CitusApi } from "../../provider/citus/api.ts";
import { formation } from "../../provider/citus/formation/resource.ts";
import { citus } from "../../provider/citus/system.ts";
import type { Definition } from "../../provider/resource/definition.ts";
import { createSession } from "../../provider/resource/session.ts";
import type { Values } from "../../provider/resource/values.ts";
import { type CitusOptions, CitusSimulator, type SimFormation } from "../../simulators/citus.ts";
import { running } from "../simulators/kit/testing.ts";
import { InstantClock } from "../support/clock.ts";
import { connect } from "../support/connect.ts";
import { hostOf } from "../support/host.ts";
import { takeRequests } from "../support/requests.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";

/** The definition as a host has it. */
export const definition: Definition = formation;

/** Inputs of a small formation, and its tune as the API spells it. */
export const small = {
  name: "orders",
  region: "us-east-1",
  coordinatorTune: "t2.small",
  coordinatorDiskSize: 100,
  workerTune: "t2.small",
  workerCount: 2,
  workerDiskSize: 100,
};

/** Inputs of a large one. */
export const large = {
  ...small,
  coordinatorTune: "r5.large",
  coordinatorDiskSize: 512,
  coordinatorHa: true,
  workerTune: "r5.xlarge",
  workerCount: 4,
  workerDiskSize: 1024,
  workerHa: true,
};

/** The path of the collection, and of an item. */
export const list = "/api/v1/formations/";
export const item = (id: string) => `${list}${id}`;

/**
 * A simulator on whose time nobody waits: what sleeps, advances it. Five requests per minute hold, so a
 * client that sent more would be refused.
 */
export async function simulated(options: CitusOptions = {}) {
  const simulator = await running(new CitusSimulator({ speed: 0, ...options }));
  return { simulator, clock: new InstantClock(simulator.clock) };
}

/** Simulated milliseconds from look to look at a formation. */
export function pauses(simulator: CitusSimulator): number[] {
  const looks = simulator.requests.filter(({ method, path }) => method === "GET" && path !== list);
  return looks.slice(1).map(({ at }, index) => at - (looks[index]?.at ?? 0));
}

/** The configuration of a stack that uses the simulator. */
export function configOf(simulator: CitusSimulator): Values {
  return { citusUrl: simulator.url, citusToken: simulator.token };
}

/** The API of a simulator. */
export async function connected(options: CitusOptions & { config?: Values } = {}) {
  const { config, ...rest } = options;
  const { simulator, clock } = await simulated(rest);
  ownTemporaryFolder();
  const values: Values = { ...configOf(simulator), ...config };
  const api: CitusApi = connect(citus, values, clock);
  return { simulator, clock, api };
}

/** A process of the engine that works on a simulator. */
export async function world(options: CitusOptions & { timeout?: number; config?: Values } = {}) {
  const { timeout, config, ...rest } = options;
  const { simulator, clock } = await simulated(rest);
  const values: Values = { ...configOf(simulator), ...config };
  ownTemporaryFolder();
  const another = () =>
    hostOf(
      definition,
      createSession((key) => values[key], {}, clock),
      timeout,
    );
  return {
    simulator,
    clock,
    host: another(),
    /** Another process of the engine, as its next run has it. */
    another,
    /** See {@link takeRequests}. */
    sent: () => takeRequests(simulator),
    /** The only formation there is. */
    only(): SimFormation {
      const [first, ...others] = simulator.formations.values();
      if (!first || others.length > 0) throw new Error(`${others.length + 1} formations`);
      return first;
    },
  };
}

export type World = Awaited<ReturnType<typeof world>>;
