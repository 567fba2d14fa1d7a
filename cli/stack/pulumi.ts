import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { FormationsError } from "../../provider/errors";

/** `pulumi` failed, or can't be run. The message contains the engine's own. */
export class PulumiFailed extends FormationsError {
  readonly code = "PULUMI_FAILED";
}

/** The file backend can't read a state, since a killed run left the small file beside it incomplete. */
export class StateUnreadable extends PulumiFailed {}

/** The stack of a command. */
export interface StackOptions {
  /** Default: the selected one. */
  stack?: string;
  /** The project's folder. Default: the current one. */
  cwd?: string;
}

/** The `pulumi` on the PATH, for one stack. */
export class Pulumi {
  readonly #options: StackOptions;

  constructor(options: StackOptions) {
    this.#options = options;
  }

  /**
   * Runs a command and returns its standard output.
   *
   * @param input its standard input. Default: none
   * @throws PulumiFailed with the engine's message
   */
  async run(args: readonly string[], input = ""): Promise<string> {
    const { stack, cwd = "." } = this.#options;
    if (!existsSync(cwd)) throw new PulumiFailed(`There is no folder ${cwd}.`);
    const all = [...args, ...(stack ? ["--stack", stack] : []), "--non-interactive"];
    const child = spawn("pulumi", [...all, "--color", "never"], { cwd, stdio: "pipe" });
    // If it ends before it has read everything, its own message says why.
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
      throw new PulumiFailed(`Cannot run \`${command}\`: ${error}. Is pulumi on the PATH?`);
    }
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

function adviceFor(words: string): string {
  if (/currently locked/.test(words)) {
    return "\nAnother run holds the stack's lock, or a killed run left it. Make sure that no run is active, remove the lock with `pulumi cancel`, and try again.";
  }
  if (isCutOff(words)) {
    return "\nA killed run may have left an incomplete file beside the state; `formations recover` finds it.";
  }
  return "";
}

/** The file backend replaces a state as a whole, but not the attributes beside it. */
function isCutOff(words: string): boolean {
  return /failed to load checkpoint: .*\bEOF/.test(words);
}
