import { AkkerisSimulator } from "./akkeris.ts";
import { AntflySimulator } from "./antfly.ts";
import { CitusSimulator } from "./citus.ts";
import { CrunchyBridgeSimulator } from "./crunchybridge.ts";
import type { RecordedRequest, Simulator } from "./kit/simulator.ts";
import { addPlatformApps, addPlatformConnection, addPlatformPrimary } from "./platform-world.ts";

/** The four simulated systems, with what the stacks in examples/typescript expect to be there. */
export class Platform {
  readonly citus: CitusSimulator;
  readonly crunchyBridge: CrunchyBridgeSimulator;
  readonly akkeris: AkkerisSimulator;
  readonly antfly: AntflySimulator;
  /** By the names that people know them by. */
  readonly systems: ReadonlyMap<string, Simulator>;

  /** @param speed - simulated seconds in a real one. */
  constructor(speed: number) {
    this.citus = new CitusSimulator({ speed, requestsPerMinute: Number.POSITIVE_INFINITY });
    this.crunchyBridge = new CrunchyBridgeSimulator({ speed });
    this.akkeris = new AkkerisSimulator({ speed });
    this.antfly = new AntflySimulator({ speed });
    this.systems = new Map<string, Simulator>([
      ["Citus Cloud", this.citus],
      ["Crunchy Bridge", this.crunchyBridge],
      ["Akkeris", this.akkeris],
      ["Antfly", this.antfly],
    ]);
    addPlatformPrimary(this.crunchyBridge);
    addPlatformApps(this.akkeris);
    addPlatformConnection(this.antfly);
  }

  /** What tells the provider where the systems are, once they have started. */
  get urls(): Record<string, string> {
    return {
      FORMATIONS_CITUS_URL: this.citus.url,
      // At most five polls per second; a real account allows five requests per minute.
      FORMATIONS_CITUS_REQUESTS_PER_MINUTE: "300",
      FORMATIONS_CRUNCHY_BRIDGE_URL: this.crunchyBridge.url,
      FORMATIONS_AKKERIS_URL: this.akkeris.url,
      FORMATIONS_ANTFLY_URL: this.antfly.url,
    };
  }

  /** What gives the provider its credentials. */
  get tokens(): Record<string, string> {
    return {
      FORMATIONS_CITUS_TOKEN: this.citus.token,
      FORMATIONS_CRUNCHY_BRIDGE_API_KEY: this.crunchyBridge.token,
      FORMATIONS_AKKERIS_TOKEN: this.akkeris.token,
      FORMATIONS_ANTFLY_API_KEY: this.antfly.token,
    };
  }

  /** The requests that came since the last call, by system. */
  takeRequests(): Map<string, RecordedRequest[]> {
    const taken = new Map<string, RecordedRequest[]>();
    for (const [name, system] of this.systems) {
      taken.set(name, system.requests);
      system.clearRequests();
    }
    return taken;
  }

  async start(): Promise<this> {
    for (const system of this.systems.values()) await system.start();
    return this;
  }

  /** May be called at any time, and again. */
  async close(): Promise<void> {
    await Promise.all([...this.systems.values()].map((system) => system.close()));
  }
}
