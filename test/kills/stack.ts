import { setTimeout as delay } from "node:timers/promises";
import { compiledClone } from "../../build/engine/package.ts";
import { killProcesses, tail } from "../../build/engine/process.ts";
import { type ConfigValue, createWorkspace, type Workspace } from "../../build/engine/workspace.ts";
import { recover } from "../engine/recover.ts";
import { subjects, systems } from "../subjects.ts";
import { yamlAccess } from "../support/access.ts";
import { Account } from "../support/account.ts";
import { commandOf } from "../support/process-usage.ts";
import type { Version } from "../support/subject.ts";
import { type Program, typeScript, yaml } from "./program.ts";

/** How a program reaches the provider. */
export type Host = "plugin" | "dynamic";

/** What is killed: `pulumi` with all that it started, `pulumi` alone, or one process of the provider. */
export const victims = ["all", "pulumi", "provider"] as const;
export type Victim = (typeof victims)[number];

/** What is interrupted. */
export type Verb = "up" | "destroy";

/** What a check found amiss; all zero where nothing was lost and nothing made twice. */
export interface Findings {
  /** More of a kind than the program declares. */
  duplicates: number;
  /** What exists and the state does not know. */
  orphans: number;
  /** What the state has and no server does, or the program declares and the state lacks. */
  missing: number;
}

const flags = ["--yes", "--skip-preview"];

/** A kind of resource, and its ID. */
interface Identity {
  type: string;
  id: string;
}

/** Kinds of which a server has something. */
const onServers = new Set(subjects.filter(({ things }) => things).map(({ name }) => name));

/** A stack of mixed resources and the account that they live in. */
export class MixedStack implements AsyncDisposable {
  readonly workspace: Workspace;
  /** Told when a kill has cut off the file beside the state's, as the engine wrote it. */
  onCutOff = () => {};
  readonly #host: Host;
  readonly #account: Account;
  readonly #program: (version: Version) => Program;

  private constructor(
    host: Host,
    account: Account,
    workspace: Workspace,
    program: (version: Version) => Program,
  ) {
    this.#host = host;
    this.#account = account;
    this.workspace = workspace;
    this.#program = program;
  }

  static async open(host: Host): Promise<MixedStack> {
    // So fast that what takes minutes takes tens of milliseconds.
    const account = await new Account(systems, 5000).start();
    const plugin = host === "plugin" ? await compiledClone() : "";
    const program = (version: Version) =>
      host === "plugin" ? yaml(version, plugin, yamlAccess(account.access)) : typeScript(version);
    const config = Object.fromEntries(
      Object.entries(account.access).map(([key, value]): [string, ConfigValue] => [
        `formations:${key}`,
        value,
      ]),
    );
    const { file, text } = program("first");
    const workspace = await createWorkspace({
      ...(host === "plugin" ? { program: "", files: { [file]: text } } : { program: text }),
      config,
      package: host === "plugin" ? "none" : "packed",
    });
    return new MixedStack(host, account, workspace, program);
  }

  /** How many resources the program declares. */
  get size(): number {
    return this.#program("first").types.size;
  }

  async declare(version: Version): Promise<void> {
    const { file, text } = this.#program(version);
    if (this.#host === "plugin") await this.workspace.writeFile(file, text);
    else await this.workspace.setProgram(text);
  }

  /** Carries an operation out undisturbed. @returns milliseconds */
  async run(verb: Verb): Promise<number> {
    const result = await this.workspace.pulumi([verb, ...flags]);
    if (result.code === 0) return result.durationMs;
    throw new Error(`pulumi ${verb} failed\n${tail(result.stdout + result.stderr, 80)}`);
  }

  /**
   * Starts an operation and kills it.
   *
   * @param after milliseconds
   * @returns whether it still ran
   */
  async kill(verb: Verb, victim: Victim, after: number): Promise<boolean> {
    const run = this.workspace.start([verb, ...flags]);
    let isOver = false;
    const done = run.done.finally(() => {
      isOver = true;
    });
    await delay(after);
    let providers = providersIn(run.descendants());
    while (victim === "provider" && providers.length === 0 && !isOver) {
      await delay(10);
      providers = providersIn(run.descendants());
    }
    const struck = !isOver;
    if (victim === "all") run.kill();
    else if (victim === "pulumi") run.crash();
    else killProcesses(providers.slice(0, 1));
    await done;
    return struck;
  }

  /** What a user does after a run that was killed. @returns what `recover` said */
  async recover(): Promise<string> {
    const { workspace } = this;
    const { stderr: refused } = await workspace.pulumi(["cancel", "--yes"]);
    let { code, stdout, stderr } = await recover(workspace, "--yes");
    if (/\bEOF\b/.test(refused)) {
      // The lock could not be removed before the state could be read.
      this.onCutOff();
      await workspace.pulumi(["cancel", "--yes"]);
      ({ code, stdout, stderr } = await recover(workspace, "--yes"));
    }
    if (code !== 0) throw new Error(`formations recover ended with ${code}\n${stdout}${stderr}`);
    workspace.endOrphans();
    return stdout;
  }

  /**
   * Compares the world, the state and the program.
   *
   * @throws Error where the state has more than resources, or a preview that looks at the servers has
   * something to do
   */
  async check(version: Version): Promise<Findings> {
    const { types } = this.#program(version);
    const { deployment } = await this.workspace.exportState();
    const open = deployment.pending_operations ?? [];
    if (open.length > 0) throw new Error(`pending operations are left: ${JSON.stringify(open)}`);
    const held = deployment.resources
      .filter(({ type }) => /^formations:index:|^pulumi-nodejs:dynamic/.test(type))
      .map(({ type, id }) => ({ type: type.split(":").at(-1) ?? "", id: id ?? "" }));
    const things = this.things();
    const keyOf = ({ type, id }: Identity) => `${type} ${id}`;
    const known = new Set(held.map(keyOf));
    const living = new Set(things.map(keyOf));
    const declared = [...types.values()].filter((type) => onServers.has(type));
    const findings = {
      duplicates: Math.max(0, things.length - declared.length),
      orphans: things.filter((one) => !known.has(keyOf(one))).length,
      missing:
        held.filter((one) => onServers.has(one.type) && !living.has(keyOf(one))).length +
        Math.abs(types.size - held.length),
    };
    const { changes } = await this.workspace.preview({ args: ["--refresh"] });
    if (JSON.stringify(changes) !== JSON.stringify({ same: types.size })) {
      throw new Error(`the next run would do: ${JSON.stringify(changes)}`);
    }
    return findings;
  }

  /** What the servers have and are not taking away; each of what is there twice. */
  things(): Identity[] {
    return subjects.flatMap((subject) => {
      const all = subject.things?.(this.#account.in(subject.system)) ?? [];
      const staying = all.filter(({ isLeaving }) => !isLeaving);
      return staying.map(({ id }) => ({ type: subject.name, id }));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.workspace.dispose();
    await this.#account.close();
  }
}

/** The processes of the provider, the default one's first. */
function providersIn(pids: readonly number[]): number[] {
  return pids.filter((pid) => /plugin\/start\.js|dynamic-provider/.test(commandOf(pid).join(" ")));
}
