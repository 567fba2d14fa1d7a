/** A request as a simulator's handlers see it. */
export interface SimRequest {
  method: string;
  /** Decoded, without the query. */
  path: string;
  /** The path as sent, without the query. */
  rawPath: string;
  query: URLSearchParams;
  /** Names in lower case; repeated headers joined by ", ". */
  headers: Record<string, string>;
  /** The values of the route's `:name` segments, decoded. */
  params: Record<string, string>;
  /** The body as sent. */
  text: string;
  /** The parsed JSON; the raw text where it is none; undefined without a body. */
  body: unknown;
  /** Whether the body is JSON (false without a body). */
  isJson: boolean;
  /** Which of the simulator's ports it came to: "api" unless the simulator has more. */
  listener: string;
  /** Aborted when the client leaves before it has the answer. */
  signal: AbortSignal;
}

/** A handler's answer. An object, array, number or boolean is sent as JSON, a string as it is. */
export interface SimAnswer {
  status: number;
  /** Content-Type defaults to `application/json` (objects) or `text/plain` (strings). */
  headers?: Record<string, string>;
  /** Undefined: no body, `Content-Length: 0`. */
  body?: unknown;
}

/** One line of a simulator's routing table. */
export interface Route {
  method: string;
  /** Segments with `:name` placeholders; a trailing slash counts. */
  path: string;
  /** True: answered without a credential. */
  isPublic?: boolean;
  handler: (request: SimRequest) => SimAnswer | Promise<SimAnswer>;
}

/** What the table knows of a request. */
export interface RouteMatch {
  route?: Route;
  params: Record<string, string>;
  /** The methods that the path has, where the path exists. */
  allowed: string[];
}

/** Finds the route of a request; an encoded slash stays within its segment. */
export function findRoute(routes: Route[], method: string, rawPath: string): RouteMatch {
  const allowed: string[] = [];
  for (const route of routes) {
    const params = matchPath(route.path, rawPath);
    if (params === undefined) continue;
    if (route.method === method) return { route, params, allowed: [method] };
    allowed.push(route.method);
  }
  return { params: {}, allowed };
}

function matchPath(pattern: string, rawPath: string): Record<string, string> | undefined {
  const expected = pattern.split("/");
  const actual = rawPath.split("/");
  if (expected.length !== actual.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const value = decodePath(actual[index] ?? "");
    if (segment.startsWith(":")) {
      if (value === "") return undefined;
      params[segment.slice(1)] = value;
    } else if (segment !== value) {
      return undefined;
    }
  }
  return params;
}

/** Percent-decodes; what can't be decoded stays as it is. */
export function decodePath(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}
