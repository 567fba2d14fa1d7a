import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { FormationsError } from "../../provider/errors";
import { isTooOld, PulumiTooOld } from "../../provider/process/pulumi-version";
import { withoutProject } from "./project";

const listed = z.array(
  z.object({
    name: z.string(),
    /** Whether it is the selected one. */
    current: z.boolean().optional(),
    updateInProgress: z.boolean().optional(),
  }),
);

/** A stack, as `pulumi stack ls` shows it. */
export type StackSummary = z.output<typeof listed>[number];

const digest = z.object({
  diagnostics: z.array(z.object({ message: z.string(), severity: z.string() })),
});

/** `pulumi` failed, or can't be run. The message contains the engine's own. */
export class PulumiFailed extends FormationsError {
  readonly code = "PULUMI_FAILED";
}

/** The file backend can't read a state, since a killed run left the small file beside it incomplete. */
export class StateUnreadable extends PulumiFailed {}

/** Another run holds the stack's lock, or a killed one left it. Nothing was changed. */
export class StackLocked extends PulumiFailed {}

/** The stack of a command. */
export interface StackOptions {
  /** Default: the selected one. */
  stack?: string;
  /** The project's folder. Default: the current one. */
  cwd?: string;
  /** How long each command may take, in milliseconds. Default: as long as it takes. */
  patienceMs?: number;
}

/** The `pulumi` on the PATH, for one stack. */
export class Pulumi {
  readonly options: Readonly<StackOptions>;

  constructor(options: StackOptions) {
    this.options = options;
  }

  /**
   * Runs a command and returns its standard output.
   *
   * @param input its standard input. Default: none
   * @throws PulumiFailed with the engine's message
   * @throws PulumiTooOld
   */
  async run(args: readonly string[], input = ""): Promise<string> {
    const { stack, cwd = ".", patienceMs } = this.options;
    if (!existsSync(cwd)) throw new PulumiFailed(`There is no folder ${cwd}.`);
    await demandSupported();
    const command = `pulumi ${args.slice(0, 2).join(" ")}`;
    try {
      const all = [...args, ...(stack ? ["--stack", stack] : []), "--non-interactive"];
      const { out, err, code } = await execute(
        [...all, "--color", "never"],
        cwd,
        input,
        patienceMs,
      );
      if (code === 0) return out;
      if (code === null && patienceMs !== undefined) {
        const span = `${patienceMs / 1_000} s`;
        throw new PulumiFailed(`\`${command}\` failed:\nit did not end within ${span}.`);
      }
      throw await this.#failure(command, wordsOf(out, err));
    } catch (error) {
      if (error instanceof FormationsError) throw error;
      throw new PulumiFailed(`Cannot run \`${command}\`: ${error}. Is pulumi on the PATH?`);
    }
  }

  async #failure(command: string, words: string): Promise<PulumiFailed> {
    const Failure = isCutOff(words)
      ? StateUnreadable
      : isLocked(words)
        ? StackLocked
        : PulumiFailed;
    const { cwd } = this.options;
    const advice = isUnknownStack(words) ? await this.#stacks() : adviceFor(words, cwd);
    return new Failure([`\`${command}\` failed:`, words, advice].filter(Boolean).join("\n"));
  }

  /** The project's stacks, for a user who named none of them. */
  async #stacks(): Promise<string> {
    const { cwd } = this.options;
    try {
      const list = (await stacksOf(cwd)).map(({ name }) => name).join(", ");
      return list === ""
        ? "This project has no stacks; `pulumi stack init` creates one."
        : `The stacks of this project are: ${list}. Name one with --stack.`;
    } catch {
      return "";
    }
  }
}

/** Versions of `pulumi`, by the PATH that it is on: each process asks once. */
const asked = new Map<string | undefined, Promise<string | undefined>>();

/** The version of the `pulumi` on the PATH; undefined: it can't be run, or says none. */
export function pulumiVersion(): Promise<string | undefined> {
  const { PATH } = process.env;
  const known = asked.get(PATH);
  if (known) return known;
  const answer = execute(["version"], ".", "").then(
    ({ out }) => out.trim().replace(/^v/, "") || undefined,
    () => undefined,
  );
  asked.set(PATH, answer);
  return answer;
}

/** Where `pulumi` can't be run or says no version, the command itself fails with more to say. */
async function demandSupported(): Promise<void> {
  const version = await pulumiVersion();
  if (version !== undefined && isTooOld(version)) throw new PulumiTooOld(version);
}

async function execute(args: readonly string[], cwd: string, input: string, timeout?: number) {
  // What waits for a backend does not heed a gentler signal.
  const child = spawn("pulumi", args, { cwd, stdio: "pipe", timeout, killSignal: "SIGKILL" });
  // If it ends before it has read everything, its own message says why.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { out, err, code };
}

/** The stacks of the project in a folder. @throws PulumiFailed with the engine's message */
export async function stacksOf(cwd?: string, patienceMs?: number): Promise<StackSummary[]> {
  const printed = await new Pulumi({ cwd, patienceMs }).run(["stack", "ls", "--json"]);
  const read = listed.safeParse(parsedJson("pulumi stack ls", printed));
  if (read.success) return read.data;
  throw new PulumiFailed(
    `\`pulumi stack ls\` printed a list in an unknown format: ${read.error.message}`,
  );
}

/** What a failed command says: for a preview that prints JSON, the errors among its diagnostics. */
function wordsOf(out: string, err: string): string {
  const errors = [...new Set([...diagnosedIn(out), err.trim()])].filter(Boolean);
  return (errors.join("\n") || out.trim()).slice(0, 4_000);
}

function diagnosedIn(out: string): string[] {
  try {
    const { diagnostics } = digest.parse(JSON.parse(out));
    // What a program itself prints when it fails has a severity of its own.
    const failed = diagnostics.filter(({ severity }) => /^(error|info#err)$/.test(severity));
    const errors = failed.filter(({ severity }) => severity === "error");
    return (errors.length > 0 ? errors : failed).map(({ message }) => message.trim());
  } catch {
    return [];
  }
}

/** Parses a command's output. @throws PulumiFailed if it is not JSON */
export function parsedJson(command: string, printed: string): unknown {
  try {
    return JSON.parse(printed);
  } catch {
    // The parser's message would quote the text, and a state contains secrets.
    throw new PulumiFailed(`\`${command}\` did not print JSON.`);
  }
}

/** What the user can do about a failure; empty: its words say so. */
function adviceFor(words: string, cwd: string | undefined): string {
  if (isLocked(words)) {
    return "Another run holds the stack's lock, or a killed run left it. Make sure that no run is active, remove the lock with `pulumi cancel`, and try again.";
  }
  if (isCutOff(words)) {
    return "A killed run may have left an incomplete file beside the state; `formations recover` finds it.";
  }
  if (/no Pulumi\.yaml|pass the fully qualified name/.test(words)) {
    return withoutProject(cwd);
  }
  if (/rerun with --force/.test(words)) {
    return "Nothing was changed, and `--force` would damage the state. Please report this.";
  }
  return "";
}

function isLocked(words: string): boolean {
  return /currently locked/.test(words);
}

function isUnknownStack(words: string): boolean {
  return /no stack (named|selected)/.test(words);
}

/** The file backend replaces a state as a whole, but not the attributes beside it. */
function isCutOff(words: string): boolean {
  return /failed to load checkpoint: .*\bEOF/.test(words);
}
