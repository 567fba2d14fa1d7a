import { z } from "zod";
import type { SimAnswer, SimRequest } from "../kit/route.ts";
import { text } from "./answers.ts";
import type { ClusterState } from "./dialect.ts";
import type { World } from "./world.ts";

const secretRequest = z.looseObject({ value: z.string() });

/** Dots separate names: none at the ends, no two together. */
const keyPattern = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;

/** The secrets' calls of 0.2. */
export class Secrets02 {
  /** Whether times come out in 1970, as 0.2.2's do. */
  in1970 = false;
  private readonly world: World;
  private readonly state: ClusterState;

  constructor(world: World, state: ClusterState) {
    this.world = world;
    this.state = state;
  }

  list(): SimAnswer {
    const keys = new Set([...this.world.secrets.keys(), ...this.world.environmentSecrets]);
    return { status: 200, body: { secrets: [...keys].sort().map((key) => this.entry(key)) } };
  }

  put(request: SimRequest): SimAnswer {
    const key = rawKey(request);
    if (this.state.multiNode) return unavailable();
    const parsed = secretRequest.safeParse(request.isJson ? request.body : undefined);
    if (!parsed.success) return text(400, "invalid secret request");
    if (!keyPattern.test(key)) return text(400, "invalid secret key");
    const now = this.world.clock.now();
    const createdAt = this.world.secrets.get(key)?.createdAt ?? now;
    this.world.secrets.set(key, { value: parsed.data.value, createdAt, updatedAt: now });
    return { status: 200, body: this.entry(key) };
  }

  delete(request: SimRequest): SimAnswer {
    if (this.state.multiNode) return unavailable();
    if (!this.world.secrets.delete(rawKey(request))) return text(404, "not found");
    return { status: 204, headers: { "content-type": "text/plain; charset=utf-8" } };
  }

  /** Never the value. Those of the environment have no times. */
  private entry(key: string) {
    const stored = this.world.secrets.get(key);
    const inEnvironment = this.world.environmentSecrets.has(key);
    return {
      key,
      status: `configured_${stored === undefined ? "env" : inEnvironment ? "both" : "file"}`,
      env_var: key.replace(/[.-]/g, "_").toUpperCase(),
      created_at: stored && this.time(stored.createdAt),
      updated_at: stored && this.time(stored.updatedAt),
    };
  }

  private time(milliseconds: number): string {
    const time = new Date(this.in1970 ? milliseconds / 1000 : milliseconds);
    return time.toISOString().replace(/\.\d+Z$/, "Z");
  }
}

/** The key as the path has it: 0.2 doesn't decode it. */
function rawKey(request: SimRequest): string {
  return request.rawPath.replace(/\/+$/, "").split("/").at(-1) ?? "";
}

function unavailable(): SimAnswer {
  return text(503, "secret management not available in multi-node mode");
}
