import { AkkerisSimulator } from "../akkeris.ts";
import { AntflySimulator } from "../antfly.ts";
import { CitusSimulator } from "../citus.ts";
import { CrunchyBridgeSimulator } from "../crunchybridge.ts";
import type { Simulator, SimulatorOptions } from "../kit/simulator.ts";
import { akkerisKinds } from "./akkeris.ts";
import { antflyKinds } from "./antfly.ts";
import { citusKinds } from "./citus.ts";
import { crunchyBridgeKinds } from "./crunchybridge.ts";
import type { Kind } from "./kind.ts";

/** A simulated system. */
export interface SimulatedSystem {
  simulator: Simulator;
  kinds: Kind[];
  /** What tells the provider of it, once it has started. */
  environment(): Record<string, string>;
}

/** How each system is made, by the name that the provider has for it. */
export const makers: Readonly<Record<string, (options: SimulatorOptions) => SimulatedSystem>> = {
  citus(options) {
    const simulator = new CitusSimulator(options);
    return {
      ...{ simulator, kinds: citusKinds(simulator) },
      environment: () => ({
        FORMATIONS_CITUS_URL: simulator.url,
        FORMATIONS_CITUS_TOKEN: simulator.token,
        FORMATIONS_CITUS_REQUESTS_PER_MINUTE: String(perMinute(simulator)),
      }),
    };
  },
  crunchybridge(options) {
    const simulator = new CrunchyBridgeSimulator(options);
    return {
      ...{ simulator, kinds: crunchyBridgeKinds(simulator) },
      environment: () => ({
        FORMATIONS_CRUNCHY_BRIDGE_URL: simulator.url,
        FORMATIONS_CRUNCHY_BRIDGE_API_KEY: simulator.token,
      }),
    };
  },
  akkeris(options) {
    const simulator = new AkkerisSimulator(options);
    return {
      ...{ simulator, kinds: akkerisKinds(simulator) },
      environment: () => ({
        FORMATIONS_AKKERIS_URL: simulator.url,
        FORMATIONS_AKKERIS_TOKEN: simulator.token,
        FORMATIONS_AKKERIS_AUTH_SCHEME: "Bearer",
      }),
    };
  },
  antfly(options) {
    const simulator = new AntflySimulator(options);
    // What exists is the seed's business.
    simulator.connections.clear();
    return {
      ...{ simulator, kinds: antflyKinds(simulator) },
      environment: () => ({
        FORMATIONS_ANTFLY_URL: simulator.url,
        FORMATIONS_ANTFLY_HEALTH_URL: simulator.healthUrl,
        FORMATIONS_ANTFLY_API_KEY: simulator.token,
      }),
    };
  },
};

/** The systems that can be simulated. */
export const systemNames: readonly string[] = Object.keys(makers);

/**
 * Half of what the Citus simulator accepts in a minute of this machine's: the provider may send several
 * requests at once, which is much of a minute that lasts a second.
 */
function perMinute({ clock, requestsPerMinute }: CitusSimulator): number {
  return Math.max(1, Math.floor((requestsPerMinute * clock.speed) / 2));
}
