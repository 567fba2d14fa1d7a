import { z } from "zod";
import type { SimAnswer, SimRequest } from "../kit/route.ts";
import { spacedError } from "./answers.ts";
import { nanoseconds } from "./backups01.ts";
import type { ClusterState } from "./dialect.ts";
import type { World } from "./world.ts";

const secretRequest = z.looseObject({ value: z.string().nullish() });

/** The secrets' calls of v0.1. */
export class Secrets01 {
  private readonly world: World;
  private readonly state: ClusterState;

  constructor(world: World, state: ClusterState) {
    this.world = world;
    this.state = state;
  }

  /** Null where there are none. */
  list(): SimAnswer {
    const keys = new Set([...this.world.secrets.keys(), ...this.world.environmentSecrets]);
    const secrets = [...keys].sort().map((key) => this.entry(key));
    return { status: 200, body: { secrets: secrets.length > 0 ? secrets : null } };
  }

  put(request: SimRequest): SimAnswer {
    const key = request.params.key ?? "";
    if (this.state.multiNode) return unavailable();
    if (!/^[a-zA-Z0-9._-]+$/.test(key)) {
      return spacedError(400, "Invalid secret key format. Must match: ^[a-zA-Z0-9._-]+$");
    }
    const parsed = secretRequest.safeParse(request.isJson ? request.body : undefined);
    if (!parsed.success) return spacedError(400, "Invalid request body");
    const { value } = parsed.data;
    if (!value) return spacedError(400, "Secret value is required");
    const now = this.world.clock.now();
    const createdAt = this.world.secrets.get(key)?.createdAt ?? now;
    this.world.secrets.set(key, { value, createdAt, updatedAt: now });
    return { status: 200, body: this.entry(key) };
  }

  delete(request: SimRequest): SimAnswer {
    if (this.state.multiNode) return unavailable();
    if (this.world.secrets.delete(request.params.key ?? "")) return { status: 204 };
    // Every 404 is rewritten as one of a path that doesn't exist.
    return spacedError(404, `Endpoint not found: ${request.path}`);
  }

  private entry(key: string) {
    const stored = this.world.secrets.get(key);
    const inEnvironment = this.world.environmentSecrets.has(key);
    return {
      created_at: stored && nanoseconds(stored.createdAt),
      env_var: key.replaceAll(".", "_").toUpperCase(),
      key,
      status: `configured_${stored === undefined ? "env" : inEnvironment ? "both" : "keystore"}`,
      updated_at: stored && nanoseconds(stored.updatedAt),
    };
  }
}

function unavailable(): SimAnswer {
  return spacedError(
    503,
    "Secret management via API is only available in swarm (single-node) mode. Configure secrets using environment variables, Kubernetes secrets, or the CLI on each node.",
  );
}
