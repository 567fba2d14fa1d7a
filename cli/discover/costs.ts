import type { MonthlyCost } from "../../provider/resource/prices";
import type { CommandCall } from "../call";
import { ageNote } from "../prices/costs";
import { loadPrices } from "../prices/file";
import { type PriceLists, pricedSystems, readPrices } from "../prices/lists";
import type { Found, Inventory } from "./model";

/** What resources cost per month. */
export interface Costs {
  of(one: Found): MonthlyCost;
  /** What a reader has to know of the prices, in whole sentences. */
  remarks: readonly string[];
}

/** Where prices come from: a list, or the systems, which are asked when it is known what was found. */
export type PriceSource = PriceLists | "systems";

/**
 * Where the prices come from that a flag asks for.
 *
 * @param given a file that `formations prices` wrote; true: the systems
 * @throws WrongPrices if the file is not a price list
 */
export function priceSource(given: string | true): PriceSource {
  return given === true ? "systems" : loadPrices(given);
}

/** Finds out what resources cost. Only the systems that have some of them are asked. */
export async function costsOf(
  { found, listed }: Inventory,
  source: PriceSource,
  call: CommandCall,
): Promise<Costs> {
  const { remarks, ...prices } =
    source === "systems" ? await listedNow(found, listed, call) : { ...source, remarks: [] };
  const age = ageNote(prices, call.clock.now());
  return { of: (one) => costOf(one, prices), remarks: age ? [...remarks, age.text] : remarks };
}

async function listedNow(found: readonly Found[], listed: Inventory["listed"], call: CommandCall) {
  const occurring = new Set(found.map(({ definition }) => definition.system));
  const { skipped, failures, ...prices } = await readPrices(
    listed.map(({ session }) => session),
    call,
    pricedSystems.filter((one) => occurring.has(one)),
  );
  return { ...prices, remarks: [...skipped, ...failures].map((why) => `No prices of ${why}`) };
}

function costOf(
  { definition: { cost, system }, state }: Found,
  { lists }: PriceLists,
): MonthlyCost {
  if (!cost) return { note: `${system.title} publishes no prices` };
  const list = lists.get(system.name);
  if (list === undefined) return { note: `the price list has nothing of ${system.title}` };
  const properties = Object.fromEntries(cost.of.map((key) => [key, state[key]]));
  return cost.monthly(properties, properties, list);
}

/** A sum of what resources cost, in US dollars per month. */
export interface Sum {
  dollars: number;
  /** How many of them have no price. */
  unpriced: number;
}

/** Adds up what resources cost. */
export function sumOf(found: readonly Found[], costs: Costs): Sum {
  const all = found.map((one) => costs.of(one).dollars);
  const cents = all.reduce<number>((sum, dollars = 0) => sum + Math.round(dollars * 100), 0);
  return { dollars: cents / 100, unpriced: all.filter((one) => one === undefined).length };
}
