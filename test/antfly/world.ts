import { backupSchedule } from "../../provider/antfly/backup-schedule/resource.ts";
import { type AntflyServers, antfly } from "../../provider/antfly/system.ts";
import type { Clock } from "../../provider/process/clock.ts";
import type { Definition } from "../../provider/resource/definition.ts";
import * as lifecycle from "../../provider/resource/lifecycle.ts";
import type { Values } from "../../provider/resource/values.ts";
import { type AntflyOptions, AntflySimulator } from "../../simulators/antfly.ts";
import { running } from "../simulators/kit/testing.ts";
import { InstantClock } from "../support/clock.ts";
import { connect } from "../support/connect.ts";
import { heldOf, hostOf } from "../support/host.ts";
import { takeRequests } from "../support/requests.ts";
import { sessionOf } from "../support/session.ts";

export const dialects = ["v0.1", "0.2"] as const;

/** Where a simulator's paths begin. */
export const bases = { "v0.1": "/api/v1", "0.2": "/db/v1" };

/** A location that every world has, and how it is reached. */
export const place = { location: "file:///backups", connection: "bk" };

/** A simulator with the tables t1 and t2 and an empty location, and its API as a stack configures it. */
export async function world(
  options: AntflyOptions = {},
  config: Values = {},
  definition: Definition = backupSchedule,
) {
  const simulator = await running(new AntflySimulator(options));
  simulator.addTable("t1", { d1: { a: 1 } });
  simulator.addTable("t2");
  simulator.addLocation(place.location);
  const clock = new InstantClock();
  const servers = connectTo(simulator, config, clock);
  const session = sessionOf(servers, clock);
  const host = hostOf(definition, session);
  const sent = () => takeRequests(simulator);

  return {
    ...host,
    simulator,
    servers,
    clock,
    options: { signal: host.aborter.signal },
    /** What a function is invoked with. */
    context: {
      api: servers,
      signal: host.aborter.signal,
      deadline: clock.now() + 60_000,
      onWait: () => {},
    },
    /** The API of the configured server; made here, so that a malformed configuration throws here. */
    get api() {
      return servers.at();
    },
    /** From here on the configured key is one of a user without rights. */
    loseRights(): void {
      [simulator.token, simulator.limitedToken] = [simulator.limitedToken, simulator.token];
    },
    async read(id: string, state: Values) {
      const seen = await lifecycle.read(definition, session, { id, state, marks: {} }, host.call);
      return seen && heldOf(seen);
    },
    /** See {@link takeRequests}. */
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
  clock: Clock = new InstantClock(),
): AntflyServers {
  const values: Values = {
    antflyUrl: simulator.url,
    antflyHealthUrl: simulator.healthUrl,
    antflyApiKey: simulator.token,
    ...config,
  };
  return connect(antfly, values, clock);
}
