import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { FormationsError } from "../../provider/errors";

/** A `pulumi` that failed, or that isn't there. The message has the engine's own words. */
export class PulumiFailed extends FormationsError {
  readonly code = "PULUMI_FAILED";
}

/**
 * The backend of files can't read a state, since a kill has cut off the small file beside it. The
 * message says how to heal it.
 */
export class StateUnreadable extends PulumiFailed {}

/** The stack that a command works on. */
export interface StackOptions {
  /** Default: the one that is selected. */
  stack?: string;
  /** The project's folder. Default: the current one. */
  cwd?: string;
}

/** The `pulumi` on PATH, on one stack. */
export class Pulumi {
  readonly #options: StackOptions;

  constructor(options: StackOptions) {
    this.#options = options;
  }

  /**
   * Runs a command and answers what it printed.
   *
   * @param input what it reads from its standard input
   * @throws PulumiFailed with the engine's words
   */
  async run(args: readonly string[], input = ""): Promise<string> {
    const { stack, cwd = "." } = this.#options;
    if (!existsSync(cwd)) throw new PulumiFailed(`There is no folder ${cwd}.`);
    const all = [...args, ...(stack ? ["--stack", stack] : []), "--non-interactive"];
    const child = spawn("pulumi", [...all, "--color", "never"], { cwd, stdio: "pipe" });
    // One that ends before it has read everything says why by itself.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    const ended = new Promise<number | null>((resolve, reject) => {
      child.on("error", reject).on("close", resolve);
    });
    const command = `pulumi ${args.slice(0, 2).join(" ")}`;
    try {
      const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
      if (code === 0) return out;
      const words = (err.trim() || out.trim()).slice(0, 4_000);
      const Failure = isCutOff(words) ? StateUnreadable : PulumiFailed;
      throw new Failure(`\`${command}\` failed:\n${words}${adviceFor(words)}`);
    } catch (error) {
      if (error instanceof FormationsError) throw error;
      throw new PulumiFailed(`\`${command}\` can't be run: ${error}. Is pulumi on the PATH?`);
    }
  }
}

/** What a command prints as JSON. @throws PulumiFailed when it is no JSON */
export function parsedJson(command: string, printed: string): unknown {
  try {
    return JSON.parse(printed);
  } catch {
    // The parser's words would show a part of the text, and a state holds secrets.
    throw new PulumiFailed(`\`${command}\` prints no JSON.`);
  }
}

function adviceFor(words: string): string {
  if (/currently locked/.test(words)) {
    return "\nAnother run holds the stack, or one that died left its lock. Make sure that it is dead, then remove the lock with `pulumi cancel`, and try again.";
  }
  if (isCutOff(words)) {
    return "\nA run that died may have cut off a file beside the state, which `formations recover` finds.";
  }
  return "";
}

/** The backend of files replaces a state as a whole, but not what it notes beside it. */
function isCutOff(words: string): boolean {
  return /failed to load checkpoint: .*\bEOF/.test(words);
}
