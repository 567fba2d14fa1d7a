import { money, type PriceLine, type PriceSource } from "../resource/prices";
import type { CrunchyBridgeApi } from "./api";
import { providers as list, type Provider } from "./endpoints";

/** What Crunchy Bridge publishes: the prices of plans and storage, and a factor for each region. */
export const prices: PriceSource<CrunchyBridgeApi, Provider[]> = {
  list,
  read: ({ api, ...context }) => api.providers(context),
  lines: (providers) => providers.flatMap(linesOf),
};

function linesOf({ id = "(unnamed)", plans, disk, regions }: Provider): PriceLine[] {
  return [
    ...plans.map(({ id: plan, rate }) => line(`${id} ${plan}`, cents(rate))),
    line(`${id} storage`, disk?.rate === undefined ? undefined : `${cents(disk.rate)} per GB`),
    ...regions.map(({ id: region, multiplier }) =>
      line(`${id} ${region}`, multiplier === undefined ? undefined : `× ${multiplier}`),
    ),
  ];
}

function line(what: string, price = "not published"): PriceLine {
  return [what, price];
}

function cents(amount: number | undefined): string | undefined {
  return amount === undefined ? undefined : money(amount / 100);
}
