import type { ConfigValue } from "../../build/engine/workspace.ts";
import { Platform } from "../../simulators/platform.ts";

/** The cluster that is there to be replicated. */
export const primaryId = "rvf73a77ozfsvcttryebfrnlem";

/** The apps that are there to get formations. */
export const appNames = ["shop-dev", "shop-production"] as const;

/** A place for backups. */
export const location = "s3://example-backups/kills";

/** Something that exists on a server. */
export interface Thing {
  type: string;
  id: string;
}

/** The four systems, so fast that what takes minutes takes tens of milliseconds. */
export class World {
  readonly platform = new Platform(5000);

  async start(): Promise<this> {
    await this.platform.start();
    return this;
  }

  async close(): Promise<void> {
    await this.platform.close();
  }

  /** The provider's settings, by key without the namespace. */
  get config(): Record<string, ConfigValue> {
    const { citus, crunchyBridge, akkeris, antfly } = this.platform;
    return {
      citusUrl: citus.url,
      citusToken: { secret: citus.token },
      // Waiting looks every 20 ms then.
      citusRequestsPerMinute: "3000",
      crunchyBridgeUrl: crunchyBridge.url,
      crunchyBridgeApiKey: { secret: crunchyBridge.token },
      akkerisUrl: akkeris.url,
      akkerisToken: { secret: akkeris.token },
      antflyUrl: antfly.url,
      antflyApiKey: { secret: antfly.token },
    };
  }

  /** All that exists and was not there to begin with; each of what exists twice. */
  things(): Thing[] {
    const { citus, crunchyBridge, akkeris, antfly } = this.platform;
    const formations = [...citus.formations.values()].filter(
      ({ state }) => !["archiving", "archived"].includes(state),
    );
    const replicas = [...crunchyBridge.clusters.values()].filter(
      ({ id, state }) => id !== primaryId && state !== "destroying",
    );
    // Akkeris makes a web by itself, which is nobody's as long as nothing runs in it.
    const processes = appNames.flatMap((app) =>
      akkeris
        .formations(app)
        .filter(({ type, quantity }) => type !== "web" || quantity > 0)
        .map(({ type }) => ({ type: "AppFormation", id: `${app}/${type}` })),
    );
    return [
      ...formations.map(({ id }) => ({ type: "Formation", id })),
      ...replicas.map(({ id }) => ({ type: "Replica", id })),
      ...processes,
      ...[...antfly.secrets.keys()].map((id) => ({ type: "AntflySecret", id })),
    ];
  }

  /** Requests that no correct client sends. */
  get unexpected(): string[] {
    return [...this.platform.systems.values()].flatMap(({ unexpected }) => unexpected);
  }
}
