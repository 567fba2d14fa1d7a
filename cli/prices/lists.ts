import { systems } from "../../provider";
import { FormationsError } from "../../provider/errors";
import type { System } from "../../provider/resource/definition";
import { MissingConfiguration } from "../../provider/resource/errors";
import type { PriceSource } from "../../provider/resource/prices";
import type { Session } from "../../provider/resource/session";
import { utc } from "../../provider/resource/values";
import type { CommandCall } from "../call";

/** What systems publish of their prices. */
export interface PriceLists {
  /** When they were read: RFC 3339, UTC. */
  readAt: string;
  /** The list of each system, as its `prices.list` parses it, by the system's name. */
  lists: ReadonlyMap<string, unknown>;
}

/** What came of reading price lists. */
export interface Reading extends PriceLists {
  /** Systems that are not configured, each with what is missing: a whole sentence. */
  skipped: readonly string[];
  /** What went wrong with the others, in whole sentences. */
  failures: readonly string[];
}

/** A system that publishes prices. */
type PricedSystem = System & { prices: PriceSource };

/** The systems that publish prices. */
export const pricedSystems = systems.filter((one): one is PricedSystem => one.prices !== undefined);

/** Those that publish none. */
export const otherSystems = systems.filter((one) => one.prices === undefined);

/**
 * Reads the price lists of the systems that are configured, with one request per system. One that fails
 * does not keep the others from being read.
 *
 * @param sessions where configuration is looked up; the first that has a system's wins
 * @param among the systems to read. Default: all that publish prices
 */
export async function readPrices(
  sessions: readonly Session[],
  call: CommandCall,
  among: readonly PricedSystem[] = pricedSystems,
): Promise<Reading> {
  const all = await Promise.all(among.map((system) => readList(system, sessions, call)));
  return {
    readAt: utc(call.clock.now()),
    lists: new Map(all.flatMap((one) => ("list" in one ? [[one.name, one.list] as const] : []))),
    skipped: all.flatMap((one) => ("skipped" in one ? one.skipped : [])),
    failures: all.flatMap((one) => ("failure" in one ? one.failure : [])),
  };
}

/** What came of one system's list. */
type Outcome = { name: string; list: unknown } | { skipped: string } | { failure: string };

async function readList(
  system: PricedSystem,
  sessions: readonly Session[],
  call: CommandCall,
): Promise<Outcome> {
  const { name, title, prices } = system;
  try {
    const api = apiOf(system, sessions);
    if (api instanceof MissingConfiguration) return { skipped: api.message };
    const read = prices.list.safeParse(await prices.read({ ...call, api }));
    if (read.success) return { name, list: read.data };
    return { failure: `${title}: what the server lists are not prices.` };
  } catch (error) {
    if (error instanceof FormationsError) return { failure: error.message };
    throw error;
  }
}

/** A system's client, from the first session that has its configuration; or what all of them lack. */
function apiOf(system: System, sessions: readonly Session[]): unknown {
  let missing: MissingConfiguration | undefined;
  for (const session of sessions) {
    try {
      return session.api(system);
    } catch (error) {
      if (!(error instanceof MissingConfiguration)) throw error;
      missing ??= error;
    }
  }
  return missing;
}
