import { appFormation } from "../../provider/akkeris/app-formation/resource.ts";
import type { FormationChange } from "../../provider/akkeris/endpoints.ts";
import { akkeris } from "../../provider/akkeris/system.ts";
import { type Clock, systemClock } from "../../provider/process/clock.ts";
import type { Definition } from "../../provider/resource/definition.ts";
import type { Values } from "../../provider/resource/values.ts";
import { type AkkerisOptions, AkkerisSimulator } from "../../simulators/akkeris.ts";
import { running } from "../simulators/kit/testing.ts";
import { InstantClock } from "../support/clock.ts";
import { connect } from "../support/connect.ts";
import { hostOf } from "../support/host.ts";
import { takeRequests } from "../support/requests.ts";
import { sessionOf } from "../support/session.ts";

/** The definition as a host has it. */
export const definition: Definition = appFormation;

/** Inputs of an app's web, and of one of its workers. */
export const web = { app: "foo-default", type: "web", size: "gp2", quantity: 1 };
export const worker = { ...web, type: "worker", command: "node worker.js" };

/** Paths of foo-default. */
export const list = "/apps/foo-default/formation";
export const item = (type: string) => `${list}/${type}`;

/** A simulator with the app foo-default, and the verbs of a host that works on it. */
export async function world(options: AkkerisOptions & { tags?: string } = {}) {
  const { tags, ...rest } = options;
  const simulator = await running(new AkkerisSimulator(rest));
  simulator.addApp("foo-default", { tags });
  const clock = new InstantClock();
  const api = connectTo(simulator, {}, clock);
  const session = sessionOf(api, clock);
  const host = hostOf(definition, session);

  return {
    ...host,
    simulator,
    api,
    options: { signal: host.aborter.signal },
    clock,
    /** See {@link takeRequests}. */
    sent: () => takeRequests(simulator),
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
export function connectTo(
  simulator: AkkerisSimulator,
  config: Values = {},
  clock: Clock = systemClock,
) {
  const values: Values = { akkerisUrl: simulator.url, akkerisToken: simulator.token, ...config };
  return connect(akkeris, values, clock);
}
