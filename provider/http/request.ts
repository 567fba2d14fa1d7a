import { createRedactor, type Redactor } from "../process/redact";
import type { Endpoint, Method } from "./endpoint";
import type { FailureFacts } from "./errors";

/** The request of one call, made before the first try. No try changes it. */
export interface HttpRequest {
  /** The system's name, as a user knows it: `Citus Cloud`. */
  system: string;
  /** What it does, as it completes "could not …": `create formation`. */
  operation: string;
  method: Method;
  /** See {@link Base}. */
  origin: string;
  /** With the base URL's, without the query. */
  path: string;
  /** With its question mark; empty without parameters. */
  query: string;
  headers: Record<string, string>;
  body?: string;
  /** Whether it may be retried when nobody knows whether it took effect. */
  repeatable: boolean;
  /** How long one try may take. */
  timeoutMs: number;
  /** The longest body of a success. */
  maxBodyBytes: number;
  /** Headers of a response that may hold the request's ID. */
  requestIdHeaders: readonly string[];
  /** Masks secrets in every text that leaves this folder. */
  redact: Redactor;
  /** Says what to do about a failure. */
  hints?: (facts: FailureFacts) => string | undefined;
}

/** What all requests of a client have in common. */
export interface RequestDefaults {
  /** The system's name, as a user knows it: `Citus Cloud`. */
  system: string;
  /** The headers of every request: the credential's. */
  headers: Record<string, string>;
  /** Values that must not appear in any text that leaves this folder. */
  secrets: string[];
  /** Says what a user can do about a failure, in whole sentences. */
  hints?: (facts: FailureFacts) => string | undefined;
  /** Headers of a response that may hold the request's ID. Default: `x-request-id`. */
  requestIdHeaders?: string[];
  /** The longest body of a success. Default: 10 MiB. */
  maxBodyBytes?: number;
}

/** What one call adds. */
export interface RequestOptions {
  /** Further headers, the same at each try: an idempotency key. */
  headers?: Record<string, string>;
  /** Further values to keep out of errors, such as one that the request's body holds. */
  secrets?: string[];
  /** How long one try may take, in seconds. Default: the endpoint's. */
  timeoutSeconds?: number;
}

const defaultMaxBodyBytes = 10 * 1024 * 1024;

/** What every request's URL begins with, taken from the base URL. */
export interface Base {
  /** Of the server: `https://api.example.com`; empty when the configured URL can't be used. */
  origin: string;
  /** Of every path, without a slash at its end. */
  prefix: string;
}

/** @param url undefined where the configured one can't be used */
export function baseOf(url: URL | undefined): Base {
  return { origin: url?.origin ?? "", prefix: url?.pathname.replace(/\/$/, "") ?? "" };
}

/**
 * Makes the request of one call.
 *
 * @param redact masks the client's secrets; a call with secrets of its own gets another redactor
 */
export function requestOf<Params, Body>(
  endpoint: Endpoint<Params, Body, unknown>,
  params: Params,
  { origin, prefix }: Base,
  defaults: RequestDefaults,
  redact: Redactor,
  { headers, secrets = [], timeoutSeconds = endpoint.timeoutSeconds }: RequestOptions,
): HttpRequest {
  const { operation, method, repeatable } = endpoint;
  const body = JSON.stringify(endpoint.body?.(params));
  return {
    system: defaults.system,
    operation,
    method,
    origin,
    path: `${prefix}${endpoint.path(params)}`,
    query: queryOf(endpoint, params),
    headers: {
      accept: endpoint.format === "text" ? "text/plain" : "application/json",
      "accept-encoding": "identity",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...defaults.headers,
      ...headers,
    },
    body,
    repeatable,
    timeoutMs: timeoutSeconds * 1_000,
    maxBodyBytes: defaults.maxBodyBytes ?? defaultMaxBodyBytes,
    requestIdHeaders: defaults.requestIdHeaders ?? ["x-request-id"],
    redact: secrets.length > 0 ? createRedactor([...defaults.secrets, ...secrets]) : redact,
    hints: defaults.hints,
  };
}

function queryOf<Params>(
  { query }: Pick<Endpoint<Params, unknown, unknown>, "query">,
  params: Params,
): string {
  if (query === undefined) return "";
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query(params))) {
    if (value !== undefined) parameters.append(name, value);
  }
  return parameters.size > 0 ? `?${parameters}` : "";
}

/** Whether the request is one that changes something. */
export function isWrite({ method }: Pick<HttpRequest, "method">): boolean {
  return method !== "GET" && method !== "HEAD";
}
