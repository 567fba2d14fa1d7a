import type { Route, RouteMatch, SimAnswer, SimRequest } from "../kit/route.ts";
import { dashboard, error, internalError, metrics, text } from "./answers.ts";
import type { Identity } from "./auth.ts";
import { backUp, listBackups, missingParameter } from "./backups02.ts";
import { connectionPayload } from "./connection.ts";
import { type ClusterState, type Dialect, open } from "./dialect.ts";
import { Restores } from "./restores02.ts";
import { Secrets02 } from "./secrets02.ts";
import { tableRoutes } from "./tables.ts";
import type { World } from "./world.ts";

const base = "/db/v1";

/** The server of 0.2.2 and 0.2.5. */
export class Dialect02 implements Dialect {
  readonly loginOnly = /^\/db\/v1\/(status|connections|restore\/jobs.*)$/;
  readonly forgiving = true;
  readonly restores: Restores;
  readonly secrets: Secrets02;
  private readonly world: World;
  private readonly state: ClusterState;

  constructor(world: World, state: ClusterState) {
    this.world = world;
    this.state = state;
    this.restores = new Restores(world);
    this.secrets = new Secrets02(world, state);
  }

  routes(): Route[] {
    const { world, restores, secrets } = this;
    const job = `${base}/restore/jobs/:id`;
    return [
      { method: "GET", path: `${base}/status`, handler: () => this.status() },
      { method: "GET", path: `${base}/connections`, handler: () => this.connections() },
      { method: "POST", path: `${base}/backup`, handler: (request) => backUp(world, request) },
      { method: "GET", path: `${base}/backups`, handler: (request) => listBackups(world, request) },
      { method: "POST", path: `${base}/restore`, handler: (request) => restores.start(request) },
      { method: "GET", path: `${base}/restore/jobs`, handler: () => restores.list() },
      { method: "GET", path: job, handler: ({ params }) => restores.get(params.id ?? "") },
      { method: "DELETE", path: job, handler: ({ params }) => restores.cancel(params.id ?? "") },
      { method: "GET", path: `${base}/secrets`, handler: () => secrets.list() },
      { method: "PUT", path: `${base}/secrets/:key`, handler: (request) => secrets.put(request) },
      {
        method: "DELETE",
        path: `${base}/secrets/:key`,
        handler: (request) => secrets.delete(request),
      },
      ...tableRoutes(world, "0.2"),
      open("/healthz", () => ({ status: 200, body: { status: "ok" } })),
      open("/readyz", () => ({ status: 200, body: { status: "ready" } })),
      // How a client finds out the dialect: no mistake of its own.
      open("/api/v1/status", () => text(404, "not found")),
    ];
  }

  healthRoutes(): Route[] {
    return [
      open("/healthz", () => ({ status: 200, body: { status: "ok" } })),
      open("/readyz", () => ({ status: 200, body: { status: "ready" } })),
      open("/metrics", metrics),
      { ...open("/healthz", () => ({ status: 200, body: { status: "ok" } })), method: "HEAD" },
    ];
  }

  precheck(request: SimRequest): SimAnswer | undefined {
    const isList = request.method === "GET" && /^\/db\/v1\/backups\/*$/.test(request.rawPath);
    return isList ? missingParameter(request) : undefined;
  }

  refuse(identity: Identity, needsAdmin: boolean): SimAnswer | undefined {
    if (identity === "malformed") return internalError();
    if (identity === "nobody") {
      return {
        ...error(401, "unauthorized"),
        headers: { "www-authenticate": 'Basic realm="antfly"' },
      };
    }
    return identity === "limited" && needsAdmin ? error(403, "forbidden") : undefined;
  }

  notFound({ method, path, listener }: SimRequest, { allowed }: RouteMatch): SimAnswer {
    const others = allowed.filter((other) => !["GET", "HEAD"].includes(other));
    const allow = { allow: ["GET", ...others, "OPTIONS"].join(", ") };
    if (listener === "health") {
      if (allowed.length > 0) return { status: method === "OPTIONS" ? 204 : 405, headers: allow };
      return { status: 404, body: { error: "NOT_FOUND", message: "resource not found" } };
    }
    if (method === "OPTIONS") return { status: 204, headers: allow };
    if (method !== "GET" && method !== "HEAD") return { status: 405, headers: allow };
    // The dashboard answers what looks neither like the API nor like a file.
    const isApi = /^\/(api|db(\/|$)|auth\/v1|assets\/)/.test(path) || path.includes(".");
    if (!isApi) return dashboard();
    return method === "HEAD" ? { ...internalError(), body: undefined } : text(404, "not found");
  }

  private status(): SimAnswer {
    const { health, message, authEnabled, multiNode, serverless } = this.state;
    const several = serverless ? "serverless" : "distributed";
    return {
      status: 200,
      body: {
        health,
        message,
        auth_enabled: authEnabled,
        deployment_mode: multiNode || serverless ? several : "standalone",
        index_capabilities: { artifact_sources: true, artifact_sources_state: "available" },
        storage: { engine: "local" },
      },
    };
  }

  private connections(): SimAnswer {
    const connections = [...this.world.connections].map(([name, connection]) =>
      connectionPayload(name, connection),
    );
    return { status: 200, body: { connections } };
  }
}
