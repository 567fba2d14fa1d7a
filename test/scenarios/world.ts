import { AkkerisSimulator } from "../../simulators/akkeris.ts";
import { AntflySimulator } from "../../simulators/antfly.ts";
import { type CitusOptions, CitusSimulator } from "../../simulators/citus.ts";
import {
  type CrunchyBridgeOptions,
  CrunchyBridgeSimulator,
} from "../../simulators/crunchybridge.ts";
import type { Simulator } from "../../simulators/kit/simulator.ts";
import { running } from "../simulators/kit/testing.ts";
import type { Config } from "./support.ts";

/** The cluster that every Crunchy Bridge has to replicate: standard-8 with 100 GB at aws in us-east-1. */
export const primaryId = "rvf73a77ozfsvcttryebfrnlem";

/** A stack's configuration by which the provider reaches these systems, tokens included. */
export function accessTo(...systems: readonly Simulator[]): Config {
  return Object.assign({}, ...systems.map(configOf));
}

function configOf(system: Simulator): Config {
  const { url, token: secret } = system;
  if (system instanceof CitusSimulator) {
    // Waiting looks every 10 ms then.
    return { citusUrl: url, citusToken: { secret }, citusRequestsPerMinute: "6000" };
  }
  if (system instanceof CrunchyBridgeSimulator) {
    return { crunchyBridgeUrl: url, crunchyBridgeApiKey: { secret } };
  }
  if (system instanceof AkkerisSimulator) return { akkerisUrl: url, akkerisToken: { secret } };
  if (system instanceof AntflySimulator) return { antflyUrl: url, antflyApiKey: { secret } };
  throw new Error(`no configuration is known for ${system.constructor.name}`);
}

/** Starts a Citus Cloud, so fast that a creation takes some tens of milliseconds; it ends with the test. */
export function startCitus(options: CitusOptions = {}): Promise<CitusSimulator> {
  const unhurried = { speed: 5000, requestsPerMinute: Number.POSITIVE_INFINITY };
  return running(new CitusSimulator({ ...unhurried, ...options }));
}

/** Starts a Crunchy Bridge with a primary, as fast; it ends with the test. */
export async function startBridge(
  options: CrunchyBridgeOptions = {},
): Promise<CrunchyBridgeSimulator> {
  const bridge = await running(new CrunchyBridgeSimulator({ speed: 5000, ...options }));
  bridge.addCluster({ id: primaryId, name: "orders-primary" });
  return bridge;
}

/** Starts an Akkeris with these apps, without tags; it ends with the test. */
export async function startAkkeris(...apps: readonly string[]): Promise<AkkerisSimulator> {
  const akkeris = await running(new AkkerisSimulator());
  for (const app of apps) akkeris.addApp(app);
  return akkeris;
}
