import { systemClock } from "../../provider/process/clock";
import { createSession } from "../../provider/resource/session";
import { newCall } from "../call";
import type { Explanation } from "../explain/model";
import { note } from "../say";
import { watching } from "../terminal/progress";
import { withCosts } from "./costs";
import { loadPrices } from "./file";
import { type PriceLists, pricedSystems, readPrices } from "./lists";

/** How long servers may take to list their prices: milliseconds. */
const patience = 60_000;

/**
 * Adds costs to explanations, as `formations explain --prices` does.
 *
 * @param given a file that `formations prices` wrote; true: the systems that occur are asked, with the
 * environment's configuration. One that can't be asked is named on standard error, and its costs are not known
 * @throws WrongPrices if the file is not a price list
 */
export async function withPrices(
  explanations: readonly Explanation[],
  given: string | true,
): Promise<Explanation[]> {
  const prices = given === true ? await listedNow(explanations) : loadPrices(given);
  return withCosts(explanations, prices, systemClock.now());
}

async function listedNow(explanations: readonly Explanation[]): Promise<PriceLists> {
  const changes = explanations.flatMap((one) => one.changes);
  const occurring = new Set(changes.map(({ definition }) => definition?.system.name));
  const among = pricedSystems.filter(({ name }) => occurring.has(name));
  const { skipped, failures, ...prices } = await watching("Reading prices", ({ onWait }) =>
    readPrices([createSession(() => undefined)], { ...newCall(patience), onWait }, among),
  );
  for (const reason of [...skipped, ...failures]) note(`No prices of ${reason}`);
  return prices;
}
