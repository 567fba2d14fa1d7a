import { createHash } from "node:crypto";
import { type ListRequest, ListResponse } from "@pulumi/pulumi/proto/provider_pb";
import { z } from "zod";
import { continuation } from "../resource/continuation";
import type { Definition } from "../resource/definition";
import { isListable, type Listed, type Page } from "../resource/listing";
import { checkedQuery, list as pagesOf } from "../resource/reading";
import { secretKeys } from "../resource/secrets";
import { containsUnknown, type Values } from "../resource/values";
import { resourceCalled } from "./catalogue";
import type { Host } from "./host";
import type { Message } from "./messages";
import { Unsupported } from "./status";
import { decodeBag } from "./wire";

/** Where no page size is asked for, no response ends with fewer resources, unless the list does. */
const enoughAtOnce = 100;

/**
 * Lists what exists. It requests no more pages of the API than the response needs; where the response
 * ends before the list does, a continuation token is its last part.
 *
 * @param signal aborted when nobody wants the rest of the response
 * @throws Unsupported for a resource that leaves nothing on a server; InvalidArguments naming all that is
 *   wrong in the query, or for the token of another list
 */
export async function* list(
  host: Host,
  { fields: request, bags }: Message<ListRequest, "query">,
  signal: AbortSignal,
): AsyncGenerator<ListResponse> {
  const definition = resourceCalled(request.getToken());
  if (!isListable(definition)) {
    throw new Unsupported(
      `${definition.name} can't be listed: it exists only in the states of stacks, and no server knows of it.`,
    );
  }
  const { properties: given, secrets } = decodeBag(bags.query);
  const query = checkedQuery(definition, definition.listing.query, given, secretKeys(secrets));
  if (containsUnknown(query) || !host.session.isKnown(definition.system)) {
    yield new ListResponse().setComputed(new ListResponse.Computed());
    return;
  }
  const range = rangeOf(definition, query, request);
  const call = host.call(undefined, 0, signal);
  yield* responses(pagesOf(definition, host.session, query, call, range), range);
}

/** What a continuation token says. */
function placeSchema(of: string) {
  return z.strictObject({
    /** What has to be the same in each request for a list: the resource and the query. */
    of: z.literal(of),
    /** The page to request. Absent: the first. */
    from: z.string().optional(),
    /**
     * Digests of what earlier responses had of that page. It may have changed by the time it is requested
     * again, so how many they had would not tell what is left.
     */
    taken: z.array(z.string()),
    /** The limit that was asked for; 0: none. */
    limit: z.int(),
    /** How many resources the responses to requests of that limit had so far. */
    listed: z.int(),
  });
}

/** The part of a list that a response has. */
interface Range {
  /** See the fields of a token. */
  from?: string;
  taken: readonly string[];
  /** How many resources may still be listed; then the list has ended, whatever else exists. */
  left: number;
  /** How many the response can have. */
  most: number;
  /** After how many it ends with the page of the API. */
  enough: number;
  /** Whether it may end within a page. */
  isBounded: boolean;
  /**
   * The token for what comes after it.
   *
   * @param count how many resources the response has
   */
  tokenFor(from: string | undefined, taken: Iterable<string>, count: number): string;
}

/**
 * What a request asks for. Its limit is either the whole list's, the same for each of its requests, or
 * what the client still wants: the one of `pulumi do` counts down.
 *
 * @throws InvalidArguments for the token of another list
 */
function rangeOf({ name }: Definition, query: Values, request: ListRequest): Range {
  const of = digest(JSON.stringify([name, query]));
  const places = continuation(`${name} resources with these inputs`, placeSchema(of));
  const token = request.getContinuationToken();
  const { from, taken, ...before } = token
    ? places.read(token)
    : { from: undefined, taken: [], limit: 0, listed: 0 };
  const limit = Math.max(request.getLimit(), 0);
  const listed = limit === before.limit ? before.listed : 0;
  const size = request.getPageSize();
  return {
    from,
    taken,
    left: limit === 0 ? Number.POSITIVE_INFINITY : limit - listed,
    most: size < 1 ? Number.POSITIVE_INFINITY : size,
    enough: size < 1 ? enoughAtOnce : size,
    isBounded: limit > 0 || size > 0,
    tokenFor: (next, had, count) =>
      places.write({ of, from: next, taken: [...had], limit, listed: listed + count }),
  };
}

/** The resources of pages, as many as the range has, and where the list continues. */
async function* responses(
  pages: AsyncIterable<Page>,
  { left, most, enough, tokenFor, ...range }: Range,
): AsyncGenerator<ListResponse> {
  let { from } = range;
  let taken = new Set(range.taken);
  const listed = new Set<string>();
  for await (const { items, next } of pages) {
    for (const item of items) {
      const key = digest(item.id);
      if (taken.has(key) || listed.has(key)) continue;
      if (listed.size >= most) {
        yield continuing(tokenFor(from, taken, listed.size));
        return;
      }
      yield result(item);
      taken.add(key);
      listed.add(key);
      if (listed.size >= left) return;
    }
    if (next === undefined) continue;
    from = next;
    taken = new Set();
    if (listed.size < enough) continue;
    yield continuing(tokenFor(from, taken, listed.size));
    return;
  }
}

function result({ id, name }: Listed): ListResponse {
  return new ListResponse().setResult(new ListResponse.Result().setId(id).setName(name));
}

function continuing(token: string): ListResponse {
  return new ListResponse().setContinuation(
    new ListResponse.Continuation().setContinuationToken(token),
  );
}

/** 66 bits of a hash: enough to tell the resources of a page apart. */
function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 11);
}
