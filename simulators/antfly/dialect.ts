import type { Route, RouteMatch, SimAnswer, SimRequest } from "../kit/route.ts";
import type { Identity } from "./auth.ts";

/** One of the wire dialects: how its server answers, routes apart from what is in the world. */
export interface Dialect {
  /** The API port's routes. Those that need no admin are named in `loginOnly`. */
  routes(): Route[];
  /** The health port's routes; none needs a credential. */
  healthRoutes(): Route[];
  /** Paths below the base for which any login will do. */
  loginOnly: RegExp;
  /** Whether a trailing slash of a path is ignored. */
  forgiving: boolean;
  /** What is refused before the credential is looked at. */
  precheck(request: SimRequest): SimAnswer | undefined;
  /** The answer to somebody who may not, or undefined to let the request pass. */
  refuse(identity: Identity, needsAdmin: boolean): SimAnswer | undefined;
  /** The answer where no route of the API port, or of the health port, matches. */
  notFound(request: SimRequest, match: RouteMatch): SimAnswer;
}

/** What `GET /status` says of the cluster. */
export interface ClusterState {
  /** unknown, healthy, unhealthy, degraded or error; tests may set any other. */
  health: string;
  message?: string;
  authEnabled: boolean;
  /** Whether the server is one of several nodes, whose secrets the API of 0.2.5 can't change. */
  multiNode: boolean;
  /** Whether it is a serverless deployment, whose administrator has a bare token. */
  serverless: boolean;
  /** Which state of 0.2. */
  release: "0.2.5" | "main";
  /** Whether the server has a store of its own for secrets (main). */
  hasSecretStore: boolean;
}

/** A route that answers without a credential. */
export function open(path: string, answer: () => SimAnswer): Route {
  return { method: "GET", path, isPublic: true, handler: answer };
}
