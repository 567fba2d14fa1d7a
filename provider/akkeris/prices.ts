import { z } from "zod";
import { optionalField } from "../http/fields";
import type { PriceSource } from "../resource/prices";
import { money } from "../resource/prices";
import type { AkkerisApi } from "./api";

const list = z.array(z.object({ name: z.string(), price: optionalField(z.number().min(0)) }));

/** Sizes with their price in US dollars per month and instance, as `GET /sizes` has them. */
export type SizePrices = z.output<typeof list>;

/** What Akkeris publishes: the price of each size. */
export const prices: PriceSource<AkkerisApi, SizePrices> = {
  list,
  read: ({ api, ...context }) => api.sizes(context),
  lines: (sizes) =>
    sizes.map(({ name, price }) => [
      name,
      price === undefined ? "not published" : `${money(price)} per instance`,
    ]),
};
