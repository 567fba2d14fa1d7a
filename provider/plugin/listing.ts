import { createHash } from "node:crypto";
import { type ListRequest, ListResponse } from "@pulumi/pulumi/proto/provider_pb";
import { z } from "zod";
import type { Definition } from "../resource/definition";
import * as lifecycle from "../resource/lifecycle";
import { isListable, type Listed, type Page } from "../resource/listing";
import { secretKeys } from "../resource/secrets";
import { checkedQuery } from "../resource/validation";
import { containsUnknown, type Values } from "../resource/values";
import { resourceCalled } from "./catalogue";
import type { Host } from "./host";
import { InvalidRequest, Unsupported } from "./status";
import { decodeBag } from "./wire";

/** Of a list without a page size: no response ends before it has this many, if there are as many. */
const enoughAtOnce = 100;

/**
 * Lists what exists. It requests no more pages of the API than the response needs; where the response
 * ends before the list does, a continuation token is its last part.
 *
 * @param signal aborted when nobody wants the rest of this list
 * @throws Unsupported for a resource that leaves nothing on a server; InvalidRequest for a token of another
 *   list; InvalidArguments naming all that is wrong in the query
 */
export async function* list(
  host: Host,
  request: ListRequest,
  signal: AbortSignal,
): AsyncGenerator<ListResponse> {
  const definition = resourceCalled(request.getToken());
  if (!isListable(definition)) {
    throw new Unsupported(
      `${definition.name} can't be listed: it exists only in the states of stacks, and no server knows of it.`,
    );
  }
  const { properties: given, secrets } = decodeBag(request.getQuery());
  const query = checkedQuery(definition, definition.listing.query, given, secretKeys(secrets));
  const place = placeIn(nameOf(definition, query), request.getContinuationToken());
  if (containsUnknown(query) || !host.session.isKnown(definition.system)) {
    yield new ListResponse().setComputed(new ListResponse.Computed());
    return;
  }
  const call = host.call(undefined, 0, signal);
  const pages = lifecycle.list(definition, host.session, query, call, place.from);
  yield* responses(pages, place, boundsOf(request, place));
}

/** Where a list continues: what a continuation token says. */
const placeSchema = z.strictObject({
  /** The list, see {@link nameOf}. */
  list: z.string(),
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

type Place = z.output<typeof placeSchema>;

/** What a token has to have in common with the request that it comes with: the resource and the query. */
function nameOf({ name }: Definition, query: Values): string {
  return digest(JSON.stringify([name, query]));
}

/**
 * Where a list begins or continues.
 *
 * @throws InvalidRequest when the token is not one of this list
 */
function placeIn(name: string, token: string): Place {
  if (token === "") return { list: name, taken: [], limit: 0, listed: 0 };
  const place = placeSchema.safeParse(parsed(Buffer.from(token, "base64url").toString())).data;
  const advice = "Begin the list again, without a token.";
  if (!place) throw new InvalidRequest(`The continuation token is not valid. ${advice}`);
  if (place.list !== name) {
    throw new InvalidRequest(
      `The continuation token belongs to the list of another resource, or with other inputs. ${advice}`,
    );
  }
  return place;
}

function tokenOf(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** 66 bits of a hash: enough to tell the resources of a page apart. */
function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 11);
}

/** How many resources a response has. */
interface Bounds {
  /** How many may still be listed; then the list has ended, whatever else exists. */
  left: number;
  /** How many the response can have. */
  most: number;
  /** After how many it ends with the page of the API. */
  enough: number;
  /** The limit that was asked for, and how many were listed before; for the next token. */
  before: Pick<Place, "limit" | "listed">;
}

/**
 * What a request asks for. Its limit is either the whole list's, the same for each of its requests, or
 * what the client still wants: the one of `pulumi do` counts down.
 */
function boundsOf(request: ListRequest, place: Place): Bounds {
  const limit = Math.max(request.getLimit(), 0);
  const size = request.getPageSize();
  const listed = limit === place.limit ? place.listed : 0;
  const left = limit === 0 ? Number.POSITIVE_INFINITY : limit - listed;
  const [most, enough] = size < 1 ? [Number.POSITIVE_INFINITY, enoughAtOnce] : [size, size];
  return { left, most, enough, before: { limit, listed } };
}

/** The resources of pages, up to the bounds. */
async function* responses(
  pages: AsyncIterable<Page>,
  { list, ...place }: Place,
  { left, most, enough, before }: Bounds,
): AsyncGenerator<ListResponse> {
  let { from } = place;
  let taken = new Set(place.taken);
  const seen = new Set<string>();
  const isOver = () => seen.size >= left;
  const continued = () =>
    continuation({ list, from, taken: [...taken], ...before, listed: before.listed + seen.size });
  for await (const { items, next } of pages) {
    for (const item of items) {
      const key = digest(item.id);
      if (taken.has(key) || seen.has(key)) continue;
      if (seen.size >= most) return yield continued();
      yield result(item);
      taken.add(key);
      seen.add(key);
      if (isOver()) return;
    }
    if (next === undefined) return;
    from = next;
    taken = new Set();
    if (seen.size >= enough) return yield continued();
  }
}

function result({ id, name }: Listed): ListResponse {
  return new ListResponse().setResult(new ListResponse.Result().setId(id).setName(name));
}

function continuation(place: Place): ListResponse {
  const token = tokenOf(place);
  return new ListResponse().setContinuation(
    new ListResponse.Continuation().setContinuationToken(token),
  );
}
