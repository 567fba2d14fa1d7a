import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runDirectoryVariable } from "../../test/engine/environment.ts";
import { type OperationEvents, readEvents } from "../../test/engine/events.ts";
import { repository } from "../../test/engine/repository.ts";
import {
  type CommandResult,
  createWorkspace,
  type Workspace,
} from "../../test/engine/workspace.ts";
import { AkkerisSimulator } from "../../test/simulators/akkeris.ts";
import { AntflySimulator } from "../../test/simulators/antfly.ts";
import { CitusSimulator } from "../../test/simulators/citus.ts";
import { CrunchyBridgeSimulator } from "../../test/simulators/crunchybridge.ts";
import type { Simulator } from "../../test/simulators/kit/simulator.ts";
import {
  addPlatformApps,
  addPlatformConnection,
  addPlatformPrimary,
} from "../../test/simulators/platform.ts";
import type { RequestsBySystem } from "./requests.ts";
import { isColoured } from "./transcript.ts";

/** Simulated seconds in a real one: five minutes of provisioning take one second. */
const speed = 300;

/** What one command did, and what it sent. */
export type Performance = CommandResult & OperationEvents & { requests: RequestsBySystem };

/** The four simulated systems and the example's project, in a temporary folder, until it is closed. */
export class Stage {
  readonly citus = new CitusSimulator({ speed, requestsPerMinute: Number.POSITIVE_INFINITY });
  readonly crunchyBridge = new CrunchyBridgeSimulator({ speed });
  readonly akkeris = new AkkerisSimulator({ speed });
  readonly antfly = new AntflySimulator({ speed });
  /** By the names that people know them by. */
  readonly systems: ReadonlyMap<string, Simulator> = new Map<string, Simulator>([
    ["Citus Cloud", this.citus],
    ["Crunchy Bridge", this.crunchyBridge],
    ["Akkeris", this.akkeris],
    ["Antfly", this.antfly],
  ]);
  readonly #directory: string;
  readonly #removeAtExit: () => void;
  #workspace: Workspace | undefined;
  #isClosed = false;
  #commands = 0;

  constructor() {
    this.#directory = mkdtempSync(join(tmpdir(), "formations-demo-"));
    this.#removeAtExit = () => rmSync(this.#directory, { recursive: true, force: true });
    process.once("exit", this.#removeAtExit);
  }

  /** Starts the systems and copies the project, with the package as a user has it. */
  async open(): Promise<void> {
    addPlatformPrimary(this.crunchyBridge);
    addPlatformApps(this.akkeris);
    addPlatformConnection(this.antfly);
    for (const system of this.systems.values()) {
      this.#demandOpen();
      await system.start();
    }
    process.env[runDirectoryVariable] = this.#directory;
    this.#workspace = await createWorkspace({
      program: { folder: join(repository, "examples", "typescript") },
      stack: "dev",
      env: {
        FORMATIONS_CITUS_URL: this.citus.url,
        FORMATIONS_CITUS_TOKEN: this.citus.token,
        // Looks five times a second at most; a real account allows five a minute.
        FORMATIONS_CITUS_REQUESTS_PER_MINUTE: "300",
        FORMATIONS_CRUNCHY_BRIDGE_URL: this.crunchyBridge.url,
        FORMATIONS_CRUNCHY_BRIDGE_API_KEY: this.crunchyBridge.token,
        FORMATIONS_AKKERIS_URL: this.akkeris.url,
        FORMATIONS_AKKERIS_TOKEN: this.akkeris.token,
        FORMATIONS_ANTFLY_URL: this.antfly.url,
        FORMATIONS_ANTFLY_API_KEY: this.antfly.token,
      },
    });
  }

  /**
   * Runs `pulumi` on the stack.
   *
   * @param onLine - told each line that it prints, in colours where the terminal shows them.
   * @throws Error with what it printed, when it fails.
   */
  async pulumi(args: readonly string[], onLine: (line: string) => void): Promise<Performance> {
    this.#demandOpen();
    if (!this.#workspace) throw new Error("The stage is not open yet.");
    this.#commands += 1;
    const eventLog = join(this.#directory, `events-${this.#commands}.json`);
    const flags = ["--color", isColoured ? "always" : "never", "--event-log", eventLog];
    const tell = (line: string) => {
      if (!this.#isClosed) onLine(line);
    };
    const result = await this.#workspace.start([...args, ...flags], { onLine: tell }).done;
    if (result.code !== 0) {
      throw new Error(`pulumi ${args.join(" ")} failed:\n${result.stdout}${result.stderr}`);
    }
    const events = readEvents(eventLog, args[0] === "preview");
    return { ...result, ...events, requests: this.#takeRequests() };
  }

  /** Sets values below objects of the stack's configuration, by path. */
  async configure(values: Record<string, string | number>): Promise<void> {
    this.#demandOpen();
    const pairs = Object.entries(values).map(([path, value]) => [
      "--plaintext",
      `${path}=${value}`,
    ]);
    const result = await this.#workspace?.pulumi(["config", "set-all", "--path", ...pairs.flat()]);
    if (result?.code !== 0) throw new Error(`The configuration was not set:\n${result?.stderr}`);
  }

  /** Ends everything that runs and removes the folder; whatever is under way fails. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#workspace?.dispose();
    await Promise.all([...this.systems.values()].map((system) => system.close()));
    process.off("exit", this.#removeAtExit);
    this.#removeAtExit();
  }

  #takeRequests(): RequestsBySystem {
    const taken: RequestsBySystem = new Map();
    for (const [name, system] of this.systems) {
      taken.set(name, system.requests);
      system.clearRequests();
    }
    return taken;
  }

  #demandOpen(): void {
    if (this.#isClosed) throw new Error("The demo was interrupted.");
  }
}
