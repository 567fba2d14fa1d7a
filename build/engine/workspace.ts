import { readFileSync, rmSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Engine, ensureEngine } from "./engine.ts";
import { runDirectoryVariable, scenarioEnvironment } from "./environment.ts";
import { type OperationEvents, readEvents } from "./events.ts";
import { installPackage, type PackageVariant } from "./package.ts";
import {
  type CommandResult,
  killProcesses,
  type RunningCommand,
  startCommand,
  tail,
} from "./process.ts";
import { copyProject, type ProgramForm, writeProgram, writeProject } from "./project.ts";
import { type ConfigValue, makeStack, type StackSettings, type Structure } from "./stack.ts";
import { type DeploymentState, stateSchema, storedState } from "./state.ts";
import { vaultProvider, vaultVariable } from "./vault.ts";

export type { Diagnostic, Step } from "./events.ts";
export type { CommandResult, RunningCommand } from "./process.ts";
export type { ConfigValue } from "./stack.ts";
export type { DeploymentState, ResourceState } from "./state.ts";

export interface WorkspaceOptions {
  /** The text of a TypeScript program, or a folder with a whole Pulumi project, which is copied. */
  program: string | { folder: string };
  /** Further files by path within the project; they may replace Pulumi.yaml. */
  files?: Record<string, string>;
  /** By whole key, e.g. `formations:citusUrl`. */
  config?: Record<string, ConfigValue>;
  /** How `node_modules` holds the package. Default: `packed`. */
  package?: PackageVariant;
  /** Default: `scenario`; unused where `program` is a folder. */
  projectName?: string;
  /** Default: `test`. */
  stack?: string;
  /** Of the stack's secrets. Default: the run's stand-in for Vault has their key, which is quicker. */
  passphrase?: string;
  /** Added to the environment of `pulumi`, e.g. `FORMATIONS_CITUS_TOKEN`. */
  env?: Record<string, string>;
  /** Folders added to PATH behind the engine's, e.g. a language host's. */
  path?: readonly string[];
  /** What the engine gets of the program. Default: `compiled`; of a folder's, `transpiled`. */
  form?: ProgramForm;
  /** For one command, in milliseconds. Default: ten minutes, which bounds a hang on a busy machine. */
  timeoutMs?: number;
}

export interface OperationOptions {
  /** Asserts that the operation fails; otherwise a failure is thrown. */
  expectFailure?: boolean;
  /** Takes either outcome; the result's `code` tells which. */
  mayFail?: boolean;
  /** Prints the rich diff, as a reviewer sees it. */
  diff?: boolean;
  /** Has the engine plan before it acts, as a user's `pulumi up --yes` does. Default: no. */
  withPreview?: boolean;
  /** Further flags, e.g. `["--target", urn]`. */
  args?: readonly string[];
  /** Where the engine writes its events, for scenarios that read them while it runs. */
  eventLog?: string;
  env?: Record<string, string>;
  timeoutMs?: number;
}

/** What an operation printed and did. */
export type OperationResult = CommandResult & OperationEvents & { eventLog: string };

/**
 * Makes a Pulumi project in a temporary folder with a stack of its own, on the real engine. Nothing
 * of the user's is read: no credentials, plugins, settings or proxies.
 *
 * Call {@link Workspace.dispose}, or declare it with `await using`.
 */
export async function createWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const engine = await ensureEngine();
  const base = process.env[runDirectoryVariable] ?? tmpdir();
  const directory = await mkdtemp(join(base, "formations-"));
  const workspace = new Workspace(engine, directory, options);
  try {
    await workspace.prepare();
  } catch (error) {
    await workspace.dispose();
    throw error;
  }
  return workspace;
}

/** A Pulumi project and its stack; see {@link createWorkspace}. */
export class Workspace implements AsyncDisposable {
  /** The project's folder. */
  readonly project: string;
  readonly stack: string;
  /** The environment of its commands. */
  readonly env: NodeJS.ProcessEnv;
  readonly #directory: string;
  readonly #options: WorkspaceOptions;
  readonly #pulumi: string;
  readonly #form: ProgramForm;
  readonly #passphrase: string | undefined;
  readonly #running = new Set<RunningCommand>();
  readonly #orphans = new Set<number>();
  readonly #removeAtExit: () => void;
  #settings: StackSettings | undefined;
  #operations = 0;

  constructor(engine: Engine, directory: string, options: WorkspaceOptions) {
    this.#directory = directory;
    this.#options = options;
    this.#pulumi = join(engine.directories[0] ?? "", "pulumi");
    this.project = join(directory, "project");
    this.stack = options.stack ?? "test";
    this.#form = options.form ?? (typeof options.program === "string" ? "compiled" : "transpiled");
    this.#passphrase = options.passphrase ?? (process.env[vaultVariable] ? undefined : "scenario");
    const settings = {
      ...{ directory, stack: this.stack, passphrase: this.#passphrase },
      typeCheck: this.#form === "checked",
    };
    const programs = [...engine.directories, ...(options.path ?? [])];
    const base = scenarioEnvironment({ ...engine, directories: programs }, settings);
    this.env = { ...base, ...options.env };
    this.#removeAtExit = () => rmSync(directory, { recursive: true, force: true });
    process.once("exit", this.#removeAtExit);
  }

  /** Writes the project's files and makes its stack; {@link createWorkspace} does this. */
  async prepare(): Promise<void> {
    const { program, files = {}, config = {}, projectName = "scenario" } = this.#options;
    await mkdir(join(this.#directory, "tmp"));
    await mkdir(this.project);
    if (typeof program === "string") await writeProject(this.project, projectName, this.#form);
    else await copyProject(program.folder, this.project);
    if (typeof program === "string") await this.setProgram(program);
    for (const [path, content] of Object.entries(files)) await this.writeFile(path, content);
    await installPackage(this.project, this.#options.package ?? "packed");

    const state = this.#state;
    if (typeof program === "string") {
      const passphrase = this.#passphrase;
      const templates = process.env[runDirectoryVariable] ?? this.#directory;
      const place = { folder: this.project, project: projectName, stack: this.stack, passphrase };
      const init = (args: readonly string[]) => this.#succeed(args);
      this.#settings = await makeStack({ ...place, state, templates }, init);
    } else {
      await mkdir(state);
      const provider = this.#passphrase === undefined ? ["--secrets-provider", vaultProvider] : [];
      await this.#succeed(["stack", "init", this.stack, ...provider]);
    }
    await this.setConfig(config);
  }

  /** Creates and changes resources as the program says. */
  up(options: OperationOptions = {}): Promise<OperationResult> {
    return this.#operate("up", ["--yes"], options);
  }

  /** What {@link up} would do. */
  preview(options: OperationOptions = {}): Promise<OperationResult> {
    return this.#operate("preview", [], options);
  }

  /** Reads each resource from its provider into the state. */
  refresh(options: OperationOptions = {}): Promise<OperationResult> {
    return this.#operate("refresh", ["--yes"], options);
  }

  /** Deletes all resources. */
  destroy(options: OperationOptions = {}): Promise<OperationResult> {
    return this.#operate("destroy", ["--yes"], options);
  }

  /** The stack's state; secrets are ciphertext unless `showSecrets`. */
  async exportState(options: { showSecrets?: boolean } = {}): Promise<DeploymentState> {
    const stored = options.showSecrets ? undefined : storedState(this.#state, this.stack);
    if (stored) return stored;
    const flags = options.showSecrets ? ["--show-secrets"] : [];
    const { stdout } = await this.#succeed(["stack", "export", ...flags]);
    return stateSchema.parse(JSON.parse(stdout));
  }

  /** Replaces the stack's state by one that was exported, changed or not. */
  async importState(state: DeploymentState): Promise<void> {
    const file = join(this.#directory, "import.json");
    await writeFile(file, JSON.stringify(state));
    await this.#succeed(["stack", "import", "--file", file]);
  }

  /** Replaces the program, of which this is the TypeScript. */
  setProgram(source: string): Promise<void> {
    return writeProgram(this.project, source, this.#form);
  }

  /** Writes a file of the project. */
  async writeFile(path: string, content: string): Promise<void> {
    const file = join(this.project, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }

  /** Sets configuration by whole key, e.g. `formations:citusToken`, all in one call. */
  async setConfig(config: Record<string, ConfigValue | Structure>): Promise<void> {
    if (this.#settings) return this.#settings.set(config);
    const flags = Object.entries(config).flatMap(([key, value]) => {
      if (typeof value === "string") return ["--plaintext", `${key}=${value}`];
      if ("secret" in value) return ["--secret", `${key}=${value.secret}`];
      throw new Error(`${key} can only be set in the project's own files`);
    });
    if (flags.length > 0) await this.#succeed(["config", "set-all", ...flags]);
  }

  /** Runs `pulumi` with any arguments, on this stack; a failure is not thrown. */
  pulumi(args: readonly string[], options: OperationOptions = {}): Promise<CommandResult> {
    return this.start(args, options).done;
  }

  /** Starts `pulumi`, for scenarios that interrupt or kill it. */
  start(
    args: readonly string[],
    options: Pick<OperationOptions, "env" | "timeoutMs"> & { onLine?: (line: string) => void } = {},
  ): RunningCommand {
    const command = startCommand(this.#pulumi, ["--non-interactive", ...args], {
      cwd: this.project,
      env: { ...this.env, ...options.env },
      timeoutMs: options.timeoutMs ?? this.#options.timeoutMs ?? 600_000,
      onLine: options.onLine,
    });
    this.#running.add(command);
    const ended = () => this.#running.delete(command);
    command.done.then(ended, ended);
    const crash = () => {
      for (const pid of command.descendants()) this.#orphans.add(pid);
      command.crash();
    };
    return { ...command, crash };
  }

  /** Ends what a crashed `pulumi` left running. */
  endOrphans(): void {
    killProcesses([...this.#orphans].filter((pid) => this.#isOwn(pid)));
    this.#orphans.clear();
  }

  /** Ends everything that still runs and removes the folder. */
  async dispose(): Promise<void> {
    for (const command of this.#running) command.kill();
    await Promise.allSettled([...this.#running].map(({ done }) => done));
    this.endOrphans();
    process.off("exit", this.#removeAtExit);
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  /** The backend's folder. */
  get #state(): string {
    return join(this.#directory, "state");
  }

  /** Whether a process is one of this workspace's: its ID may be another's by now. */
  #isOwn(pid: number): boolean {
    if (process.platform !== "linux") return true;
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8").includes(this.#directory);
    } catch {
      return false;
    }
  }

  async #operate(
    verb: string,
    flags: readonly string[],
    options: OperationOptions,
  ): Promise<OperationResult> {
    this.#operations++;
    const { eventLog = join(this.#directory, `events-${this.#operations}.json`) } = options;
    const args = [verb, ...flags, "--event-log", eventLog, "--color", "never"];
    if (verb !== "preview" && !options.withPreview) args.push("--skip-preview");
    if (options.diff) args.push("--diff");
    args.push(...(options.args ?? []));
    const result = await this.pulumi(args, options);
    const failed = result.code !== 0;
    if (!options.mayFail && failed !== (options.expectFailure ?? false)) {
      const outcome = failed ? `failed with ${result.code ?? result.signal}` : "did not fail";
      throw new Error(`pulumi ${verb} ${outcome}\n${tail(result.stdout + result.stderr, 80)}`);
    }
    return { ...result, ...readEvents(eventLog, verb === "preview"), eventLog };
  }

  async #succeed(args: readonly string[]): Promise<CommandResult> {
    const result = await this.pulumi(args);
    if (result.code === 0) return result;
    throw new Error(`pulumi ${args.slice(0, 2).join(" ")} failed\n${tail(result.stderr)}`);
  }
}
