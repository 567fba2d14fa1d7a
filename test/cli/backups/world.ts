import type { LogEntry } from "../../../cli/backups/reporting/log.ts";
import { type RunOptions, runDue } from "../../../cli/backups/runner/run.ts";
import { readInputs, type Schedule } from "../../../cli/backups/schedules/schedule.ts";
import type { Values } from "../../../provider/resource/values.ts";
import { type AntflyOptions, AntflySimulator } from "../../../simulators/antfly.ts";
import { connectTo, place } from "../../antfly/world.ts";
import { running } from "../../simulators/kit/testing.ts";
import { InstantClock } from "../../support/clock.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";

export { bases, dialects, place } from "../../antfly/world.ts";

/** What every schedule here says, unless a test says otherwise. */
export const nightly = { ...place, schedule: "0 3 * * *", backupIdPrefix: "nightly" };

/** When these worlds begin, and the ID of the slot that is due then. */
export const start = Date.parse("2031-01-15T12:00:00Z");
export const due = "nightly-20310115T030000Z";

/** A simulator with the tables t1 and t2, and a runner on its clock, which only the runner's waits move. */
export async function world(options: AntflyOptions = {}) {
  ownTemporaryFolder();
  const simulator = await running(new AntflySimulator({ speed: 0, ...options }));
  simulator.addTable("t1", { d1: { a: 1 } });
  simulator.addTable("t2");
  simulator.addLocation(place.location);
  simulator.clock.advance(start - simulator.clock.now());
  const clock = new InstantClock(simulator.clock);
  const aborter = new AbortController();
  const entries: LogEntry[] = [];
  const options_: RunOptions = {
    clock,
    signal: aborter.signal,
    deadlineMs: 3_600_000,
    graceMs: 600_000,
    parallel: 4,
    overdueAfterMs: 3_600_000,
    random: () => 1,
    log: (entry) => void entries.push(entry),
  };

  /** A schedule of this server's. */
  function schedule(change: Values = {}, config: Values = {}): Schedule {
    const inputs = readInputs({ ...nightly, ...change }, "test");
    const servers = connectTo(simulator, config, clock);
    return { ...inputs, name: inputs.backupIdPrefix, servers };
  }

  return {
    simulator,
    clock,
    aborter,
    entries,
    options: options_,
    schedule,
    /** Runs once; the reports in order. */
    run: (schedules: readonly Schedule[] = [schedule()], change: Partial<RunOptions> = {}) =>
      runDue(schedules, { ...options_, ...change }),
    /** The IDs of the backups at a location. */
    ids: (location = place.location) => [...simulator.backups(location).keys()],
    /** The requests since the last call, without the one that asks for the dialect. */
    sent(): string[] {
      const lines = simulator.requests.map(({ method, path }) => `${method} ${path}`);
      simulator.clearRequests();
      return lines.filter((line) => line !== "GET /api/v1/status");
    },
  };
}
