import { z } from "zod";
import type { SimAnswer, SimRequest } from "../kit/route.ts";
import { text } from "./answers.ts";
import type { ClusterState } from "./dialect.ts";
import type { World } from "./world.ts";

const secretRequest = z.looseObject({ value: z.string() });

/** Dots separate names: none at the ends, no two together. */
export const secretKey = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;

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
    const { secrets, environmentSecrets, mountedSecrets } = this.world;
    const mounted = this.isMain ? mountedSecrets : [];
    const keys = new Set([...secrets.keys(), ...environmentSecrets, ...mounted]);
    const entries = [...keys].sort().map((key) => this.entry(key));
    const writable = this.isMain ? this.state.hasSecretStore : undefined;
    return { status: 200, body: { secrets: entries, writable } };
  }

  put(request: SimRequest): SimAnswer {
    const key = rawKey(request);
    const refusal = this.refusal();
    if (refusal) return refusal;
    const parsed = secretRequest.safeParse(request.isJson ? request.body : undefined);
    if (!parsed.success) return text(400, "invalid secret request");
    if (!secretKey.test(key)) return text(400, "invalid secret key");
    const now = this.world.clock.now();
    const createdAt = this.world.secrets.get(key)?.createdAt ?? now;
    this.world.secrets.set(key, { value: parsed.data.value, createdAt, updatedAt: now });
    return { status: 200, body: this.entry(key) };
  }

  /** Of a key that a mounted file or the environment provides, only the override goes. */
  delete(request: SimRequest): SimAnswer {
    const refusal = this.refusal();
    if (refusal) return refusal;
    if (!this.world.secrets.delete(rawKey(request))) return text(404, "not found");
    return { status: 204, headers: { "content-type": "text/plain; charset=utf-8" } };
  }

  /** Never the value. Those of the environment and of mounted files have no times. */
  private entry(key: string) {
    const stored = this.world.secrets.get(key);
    const isMounted = this.isMain && this.world.mountedSecrets.has(key);
    const inEnvironment = this.world.environmentSecrets.has(key);
    const isFile = stored !== undefined || isMounted;
    const source = stored ? "native" : isMounted ? "external_file" : "environment";
    return {
      key,
      // A mounted file looks like the server's own: `managed` tells them apart.
      status: `configured_${!isFile ? "env" : inEnvironment ? "both" : "file"}`,
      ...(this.isMain && { source, managed: stored !== undefined }),
      env_var: key.replace(/[.-]/g, "_").toUpperCase(),
      created_at: stored && this.time(stored.createdAt),
      updated_at: stored && this.time(stored.updatedAt),
    };
  }

  private get isMain(): boolean {
    return this.state.release === "main";
  }

  /** The answer where there is no store. On main, nodes of a cluster have one too. */
  private refusal(): SimAnswer | undefined {
    if (!this.isMain) return this.state.multiNode ? unavailable() : undefined;
    return this.state.hasSecretStore
      ? undefined
      : text(503, "no native secret store is configured");
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
