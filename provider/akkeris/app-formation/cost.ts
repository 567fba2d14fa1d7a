import {
  type CostRules,
  isUnknown,
  type MonthlyCost,
  money,
  notKnown,
  unpublished,
} from "../../resource/prices";
import type { SizePrices } from "../prices";
import type { State } from "./schema";
import { isSameSize, productionSuffix } from "./wire";

type Known = Partial<State>;

/** What a formation costs: the price of its size, once per instance. */
export const cost: CostRules<State> = {
  of: ["size", "serverSize", "quantity", "oneoff"],
  monthly({ size, quantity, oneoff }, observed, prices: SizePrices): MonthlyCost {
    if (oneoff === true) return { note: "a one-off runs on demand, and how long is not known" };
    if (isUnknown(oneoff)) return notKnown("oneoff");
    if (typeof quantity !== "number") return notKnown("quantity");
    if (quantity === 0) return { dollars: 0 };
    if (size === undefined || isUnknown(size)) return notKnown("size");
    const [name = size, otherwise] = sizesOnServer(size, observed);
    const price = priceOf(name, prices);
    if (price === undefined) return unpublished(`size \`${name}\``);
    const other = otherwise === undefined ? undefined : priceOf(otherwise, prices);
    const isOpen = otherwise !== undefined && other !== undefined && other !== price;
    const total = (each: number) => Math.round(each * quantity * 100) / 100;
    return {
      dollars: total(price),
      ...(isOpen && {
        note: `${money(total(other))} if the app's space is tagged \`compliance=prod\`, where the size is \`${otherwise}\``,
      }),
    };
  },
};

/**
 * The server's names of a size: the one that it has, or the two that it may have. Which kind of space the
 * app is in shows in what the server made of the last size.
 */
function sizesOnServer(size: string, observed: Known | undefined): string[] {
  const { size: before, serverSize } = observed ?? {};
  const twin = `${size}${productionSuffix}`;
  if (before === undefined || serverSize === undefined || isUnknown(serverSize))
    return [size, twin];
  if (isSameSize(size, serverSize)) return [serverSize];
  if (serverSize === `${before}${productionSuffix}`) return [twin];
  // A size that ends like this itself may be the server's own spelling of another.
  return serverSize.endsWith(productionSuffix) ? [size, twin] : [size];
}

function priceOf(name: string, prices: SizePrices): number | undefined {
  return prices.find((one) => one.name === name)?.price;
}
