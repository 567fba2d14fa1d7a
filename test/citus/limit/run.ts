import { createSession } from "../../../provider/resource/session.ts";
import { CitusSimulator } from "../../../simulators/citus.ts";
import { running } from "../../simulators/kit/testing.ts";
import { EventClock } from "../../support/event-clock.ts";
import { hostOf } from "../../support/host.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";
import { configOf, definition, list, small } from "../world.ts";
import type { Times } from "./optimum.ts";

/**
 * An account, processes that use it at once, and a clock that only they move.
 *
 * @param apart whether each process runs on a machine of its own, where it knows nothing of the others
 */
async function accountOf(processes: number, apart = false) {
  const simulator = await running(new CitusSimulator({ speed: 0 }));
  ownTemporaryFolder();
  const clock = new EventClock(simulator.clock);
  const values = configOf(simulator);
  const hosts = Array.from({ length: processes }, () =>
    hostOf(
      definition,
      createSession((key) => values[key], {}, clock),
    ),
  );
  for (const host of hosts) {
    if (apart) ownTemporaryFolder();
    // Modules that are loaded at a first request would not count as something that happens.
    await clock.run(host.import("unknown"));
    simulator.clock.advance(apart ? 60_000 : 0);
  }
  simulator.clock.advance(120_000);
  simulator.clearRequests();
  return { simulator, clock, hosts };
}

/** What a run of creations came to. */
export interface Outcome extends Times {
  /** How many polls each formation had, in the order of their creation. */
  polls: number[];
  /** How many requests the server refused. */
  refused: number;
}

/**
 * Creates formations, all at once, and waits for them.
 *
 * @param durations how long each takes, in seconds
 * @param processes how many processes create them, by turns
 */
export async function creationsOf(durations: readonly number[], processes = 1): Promise<Outcome> {
  const { simulator, clock, hosts } = await accountOf(processes);
  simulator.provisioningSecondsOf = ({ name }) => durations[Number(name)] ?? 0;
  const began = clock.now();
  const seen: number[] = [];
  const creations = durations.map(async (_, index) => {
    const host = hosts[index % processes] ?? hosts[0];
    const held = await host?.create({ ...small, name: String(index) });
    seen.push((clock.now() - began) / 1_000);
    return held?.id;
  });
  const ids = await clock.run(Promise.all(creations));
  return {
    first: Math.min(...seen),
    last: Math.max(...seen),
    polls: ids.map((id) => simulator.count("GET", `${list}${id}`)),
    refused: refusedBy(simulator),
  };
}

/**
 * How long it takes to read so many formations at once, in seconds, and how many requests.
 *
 * @param machines how many machines read them, by turns, each with a count of its own
 */
export async function refreshOf(count: number, machines = 1) {
  const { simulator, clock, hosts } = await accountOf(machines, machines > 1);
  const ids = Array.from({ length: count }, () => simulator.addFormation().id);
  const began = clock.now();
  const reads = ids.map((id, index) => hosts[index % machines]?.import(id));
  const outcomes = await clock.run(Promise.allSettled(reads));
  return {
    seconds: (clock.now() - began) / 1_000,
    requests: simulator.requests.length,
    refused: refusedBy(simulator),
    failed: outcomes.filter(({ status }) => status === "rejected").length,
  };
}

/** How long it takes to delete so many formations at once, in seconds. */
export async function deletionsOf(count: number) {
  const { simulator, clock, hosts } = await accountOf(1);
  const held = Array.from({ length: count }, () => simulator.addFormation());
  const began = clock.now();
  await clock.run(
    Promise.all(held.map(({ id, name }) => hosts[0]?.destroy({ id, state: { ...small, name } }))),
  );
  const left = [...simulator.formations.values()].filter(({ state }) => state !== "archived");
  return {
    seconds: (clock.now() - began) / 1_000,
    left: left.length,
    refused: refusedBy(simulator),
  };
}

function refusedBy({ requests }: CitusSimulator): number {
  return requests.filter(({ status }) => status === 429).length;
}
