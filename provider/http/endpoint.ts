import { z } from "zod";
import type { Path } from "./path";

export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Query parameters; those that are undefined are not sent. */
export type Query = Record<string, string | undefined>;

/** What an endpoint says about its request. */
interface RequestShape<Params, Body> {
  /** What it does, as it completes "could not …": `create formation`. */
  operation: string;
  method: Method;
  /** Relative to the client's base URL, with a leading slash. Made by the tag `path`. */
  path: (params: Params) => Path;
  query?: (params: Params) => Query;
  /** Sent as JSON. Without it, or where it returns undefined, the request has no body. */
  body?: (params: Params) => Body;
  /**
   * Whether it may be retried when nobody knows whether it took effect.
   * Default: true for GET, HEAD, PUT and DELETE, false for POST and PATCH.
   */
  repeatable?: boolean;
  /** How long one try may take, in seconds. Default: 60. */
  timeoutSeconds?: number;
}

/** One call of an API, as data. Made by {@link endpoint}, sent by the client's `send`. */
export interface Endpoint<Params, Body, Answer> extends RequestShape<Params, Body> {
  repeatable: boolean;
  timeoutSeconds: number;
  /** What the body of the response is: JSON, or text, or not of interest. */
  format: "json" | "text" | "none";
  /** Parses the response; `send` resolves to what it returns. */
  answer: z.ZodType<Answer>;
}

/** A JSON response: `answer` is the schema that it must fit. */
export function endpoint<Params, Body, Answer>(
  definition: RequestShape<Params, Body> & { answer: z.ZodType<Answer> },
): Endpoint<Params, Body, Answer>;
/** A text response: `send` resolves to the text. */
export function endpoint<Params, Body>(
  definition: RequestShape<Params, Body> & { answer: "text" },
): Endpoint<Params, Body, string>;
/** A response of which only the status counts: `send` resolves to undefined. */
export function endpoint<Params, Body>(
  definition: RequestShape<Params, Body> & { answer: "none" },
): Endpoint<Params, Body, undefined>;
/**
 * Describes one call of an API. The parameters' type is the one written at `path`, `query` or
 * `body`; an endpoint without parameters is sent with `{}`.
 *
 * ```ts
 * export const getFormation = endpoint({
 *   operation: "read formation",
 *   method: "GET",
 *   path: ({ id }: { id: string }) => path`/formations/${id}`,
 *   answer: formation,
 * });
 * ```
 */
export function endpoint<Params, Body>(
  definition: RequestShape<Params, Body> & { answer: z.ZodType | "text" | "none" },
): Endpoint<Params, Body, unknown> {
  const { answer, ...request } = definition;
  const repeatable = request.method !== "POST" && request.method !== "PATCH";
  return { repeatable, timeoutSeconds: 60, ...request, ...reader(answer) };
}

function reader(answer: z.ZodType | "text" | "none") {
  if (answer === "text") return { format: "text" as const, answer: z.string() };
  if (answer === "none") return { format: "none" as const, answer: z.undefined() };
  return { format: "json" as const, answer };
}
