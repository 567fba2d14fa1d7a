import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runDirectoryVariable } from "../../build/engine/environment.ts";
import { type OperationEvents, readEvents } from "../../build/engine/events.ts";
import {
  type CommandResult,
  createWorkspace,
  type Workspace,
} from "../../build/engine/workspace.ts";
import { repository } from "../../build/repository.ts";
import { Platform } from "../../simulators/platform.ts";
import type { RequestsBySystem } from "./requests.ts";
import { isColoured } from "./transcript.ts";

/** Simulated seconds per real second: five minutes of provisioning take one second. */
const speed = 300;

/** What one command did, and what it sent. */
export type Performance = CommandResult & OperationEvents & { requests: RequestsBySystem };

/** The four simulated systems and the example's project, in a temporary folder, until it is closed. */
export class Stage {
  readonly platform = new Platform(speed);
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

  /** Starts the systems and copies the project, with the package as a user gets it. */
  async open(): Promise<void> {
    this.#demandOpen();
    await this.platform.start();
    process.env[runDirectoryVariable] = this.#directory;
    this.#workspace = await createWorkspace({
      program: { folder: join(repository, "examples", "typescript") },
      stack: "dev",
      env: { ...this.platform.urls, ...this.platform.tokens },
    });
  }

  /**
   * Runs `pulumi` on the stack.
   *
   * @param onLine - called with each line that it prints, in colours if the terminal shows them.
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
    return { ...result, ...events, requests: this.platform.takeRequests() };
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

  /** Stops everything and removes the folder; whatever is under way fails. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#workspace?.dispose();
    await this.platform.close();
    process.off("exit", this.#removeAtExit);
    this.#removeAtExit();
  }

  #demandOpen(): void {
    if (this.#isClosed) throw new Error("The demo was interrupted.");
  }
}
