import type { Route, RouteMatch, SimAnswer, SimRequest } from "../kit/route.ts";
import { dashboard, metrics, spacedError, text } from "./answers.ts";
import type { Identity } from "./auth.ts";
import { backUp, listBackups, missingLocation, restore } from "./backups01.ts";
import { type ClusterState, type Dialect, open } from "./dialect.ts";
import { Secrets01 } from "./secrets01.ts";
import { tableRoutes } from "./tables.ts";
import type { World } from "./world.ts";

const base = "/api/v1";

/** The server of v0.1, which the published page describes. */
export class Dialect01 implements Dialect {
  readonly loginOnly = /^\/api\/v1\/status$/;
  readonly forgiving = false;
  private readonly secrets: Secrets01;
  private readonly world: World;
  private readonly state: ClusterState;

  constructor(world: World, state: ClusterState) {
    this.world = world;
    this.state = state;
    this.secrets = new Secrets01(world, state);
  }

  routes(): Route[] {
    const { world, secrets } = this;
    return [
      { method: "GET", path: `${base}/status`, handler: () => this.status() },
      { method: "POST", path: `${base}/backup`, handler: (request) => backUp(world, request) },
      { method: "GET", path: `${base}/backups`, handler: (request) => listBackups(world, request) },
      { method: "POST", path: `${base}/restore`, handler: (request) => restore(world, request) },
      { method: "GET", path: `${base}/secrets`, handler: () => secrets.list() },
      { method: "PUT", path: `${base}/secrets/:key`, handler: (request) => secrets.put(request) },
      {
        method: "DELETE",
        path: `${base}/secrets/:key`,
        handler: (request) => secrets.delete(request),
      },
      ...tableRoutes(world, "v0.1"),
      // How a client finds out the dialect: no mistake of its own.
      open("/db/v1/status", dashboard),
    ];
  }

  healthRoutes(): Route[] {
    return [
      open("/healthz", () => text(200, "ok")),
      open("/readyz", () => text(200, "ready")),
      open("/metrics", metrics),
    ];
  }

  refuse(identity: Identity, needsAdmin: boolean): SimAnswer | undefined {
    if (identity === "malformed") return spacedError(400, "Unauthorized");
    if (identity === "nobody") {
      const headers = { "www-authenticate": "Basic, ApiKey, Bearer" };
      return spacedError(401, "Unauthorized", headers);
    }
    return identity === "limited" && needsAdmin ? spacedError(403, "Forbidden") : undefined;
  }

  precheck(request: SimRequest): SimAnswer | undefined {
    const isList = request.method === "GET" && request.path === `${base}/backups`;
    return isList ? missingLocation(request) : undefined;
  }

  notFound({ path, listener }: SimRequest, { allowed }: RouteMatch): SimAnswer {
    if (listener === "health") return text(404, "404 page not found\n");
    if (allowed.length > 0) {
      return { ...text(405, "Method Not Allowed\n"), headers: { allow: allowed.join(", ") } };
    }
    // The dashboard answers everything else, whatever the method.
    if (!path.startsWith(`${base}/`)) return dashboard();
    return spacedError(404, `Endpoint not found: ${path}`);
  }

  private status(): SimAnswer {
    const { health, message, authEnabled, multiNode } = this.state;
    return {
      status: 200,
      body: {
        // False is left out.
        auth_enabled: authEnabled || undefined,
        health,
        message,
        swarm_mode: !multiNode || undefined,
        metadata_info: {},
        shards: { statuses: {} },
        stores: { statuses: {} },
      },
    };
  }
}
