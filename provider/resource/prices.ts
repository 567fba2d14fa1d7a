import type { z } from "zod";
import type { Reading } from "./definition";
import { unknownValue, type Values } from "./values";

/** How to read what an API publishes of its prices. */
export interface PriceSource<Api = unknown, List = unknown> {
  /** The list as a file keeps it: the API's own words, and only what costs depend on. */
  list: z.ZodType<List>;
  /** Reads the list, with one request that changes nothing. What it returns has to pass `list`. */
  read(context: Reading<Api>): Promise<unknown>;
  /** The list for people: `["gp2", "$40 per instance"]`. */
  lines(list: List): readonly PriceLine[];
}

/** One price of a list, for people. */
export type PriceLine = readonly [what: string, price: string];

/** What a resource costs per month. */
export interface MonthlyCost {
  /** US dollars; undefined: not known, and the note says why. */
  dollars?: number;
  /** What the figure leaves out or assumes, or why there is none: a sentence without capital and full stop. */
  note?: string;
}

/** How a resource's cost follows from its properties. */
export interface CostRules<State = Values> {
  /** The properties that it depends on. None is a secret. */
  of: readonly (keyof State & string)[];
  /**
   * The cost per month. Pure. A property that a preview does not know is passed as the unknown value.
   *
   * @param properties what the resource is to have
   * @param observed what the server has of it now, or the same once more; undefined: it is still to be created
   * @param prices its system's list, as {@link PriceSource.list} parses it
   */
  monthly(
    properties: Partial<State>,
    observed: Partial<State> | undefined,
    prices: unknown,
  ): MonthlyCost;
}

/** The cost where a property that it depends on is not known. */
export function notKnown(property: string): { note: string } {
  return { note: `\`${property}\` is not known` };
}

/** The cost where the list lacks the price of something. */
export function unpublished(what: string): { note: string } {
  return { note: `no price is published for ${what}` };
}

/** Whether a property is unknown in a preview. */
export function isUnknown(value: unknown): boolean {
  return value === unknownValue;
}

/** An amount as people read it: `$40`, `$14.30`, `−$0.10`. */
export function money(dollars: number): string {
  const amount = Math.abs(dollars).toFixed(2).replace(/\.00$/, "");
  return `${dollars < 0 ? "−" : ""}$${amount.replace(/\B(?=(\d{3})+(?!\d))/g, ",")}`;
}
