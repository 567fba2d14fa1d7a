import type { z } from "zod";
import type { Definition, Reading } from "./definition";
import type { Values } from "./values";

/** A resource as a list shows it. */
export interface Listed<State = Values> {
  /** Its ID, in the form that an import takes. */
  id: string;
  /** What people call it: `events`, `shop-dev/web`. */
  name: string;
  /** What the list shows of its state, in the resource's terms. */
  state: Partial<State>;
  /** Whether that is all that a read would return, so that no request of its own is needed. */
  isWhole: boolean;
}

/** A part of a list: as much as the API gives at a time. */
export interface Page<State = Values> {
  items: readonly Listed<State>[];
  /** Where the list continues. Absent: this is its end. */
  next?: string;
}

/** How the resources of an account are listed. */
export interface Listing<Query = Values, State = Values, Api = unknown> {
  /** What can narrow the list. Every property is optional and has a description. */
  query: z.ZodObject;
  /**
   * Lists what exists, page by page, with as few requests as the API allows, made as pages are taken. What is gone is left out where the list tells; a read tells the rest.
   *
   * @param from the `next` of a page; the list continues there. Default: it begins
   * @param isBounded whether the caller may stop anywhere: then no page is requested before it is taken, not
   *   even where several at a time are quicker
   * @throws PartlyListed after the last page, when parts of the list could not be read
   * @throws InvalidArguments when no page of such a list ended with `from`
   */
  pages(
    query: Query,
    context: Reading<Api>,
    from?: string,
    isBounded?: boolean,
  ): AsyncIterable<Page<State>>;
  /** How many resources can be read per minute, where the API limits that. */
  readsPerMinute?(api: Api): number;
}

/** A resource that can be listed. */
export type Listable = Definition & Required<Pick<Definition, "listing">>;

/** Whether a resource can be listed: one that leaves nothing on a server can't. */
export function isListable(definition: Definition): definition is Listable {
  return definition.listing !== undefined;
}

/** Types a listing from the schema of its query. */
export function defineListing<Q extends z.ZodObject, State, Api>(
  listing: Omit<Listing<z.output<Q>, State, Api>, "query"> & { query: Q },
): Listing<z.output<Q>, State, Api> {
  return listing;
}
