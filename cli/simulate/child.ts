import { spawn } from "node:child_process";
import { constants } from "node:os";
import { SimulationFailed } from "./errors";

/** Signals that end a process, unless it takes them. */
export const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs a command to its end, and passes on the signals that this process gets meanwhile.
 *
 * @param isQuiet whether its standard output goes to standard error, since this process's own has a result
 * @param onStart called with the command's process ID
 * @returns its exit code; 128 and the signal's number if a signal ended it; 127 if there is no such command,
 * 126 if it can't be run
 */
export function runCommand(
  [program = "", ...args]: readonly string[],
  { env, isQuiet }: { env: NodeJS.ProcessEnv; isQuiet: boolean },
  onStart: (pid: number) => void,
): Promise<number> {
  return new Promise((resolve, reject) => {
    // On Windows only a shell finds npx.cmd and its kind.
    const shell = process.platform === "win32";
    const child = spawn(program, args, {
      ...{ env, shell, stdio: ["inherit", isQuiet ? 2 : "inherit", "inherit"] },
    });
    const forward = (signal: NodeJS.Signals) => {
      // A terminal sends it to the command too; a second one would have Pulumi end at once.
      if (signal !== "SIGTERM" && process.stdin.isTTY) return;
      child.kill(signal);
    };
    for (const signal of endings) process.on(signal, forward);
    const settle = (end: () => void) => {
      for (const signal of endings) process.off(signal, forward);
      end();
    };
    child.once("spawn", () => onStart(child.pid ?? 0));
    child.once("error", (error: NodeJS.ErrnoException) =>
      settle(() => {
        const code = { ENOENT: 127, EACCES: 126 }[error.code ?? ""];
        if (code === undefined) reject(error);
        else reject(new CommandNotRun(program, code));
      }),
    );
    child.once("exit", (code, signal) =>
      settle(() => resolve(signal ? 128 + constants.signals[signal] : (code ?? 1))),
    );
  });
}

/** The command of a simulation can't be run. */
export class CommandNotRun extends SimulationFailed {
  /** As a shell has it: 127 if there is none, 126 if it is not one to run. */
  readonly exitCode: number;

  constructor(program: string, exitCode: number) {
    const why = exitCode === 127 ? "was not found" : "can't be run";
    super(`The command \`${program}\` ${why}.`);
    this.exitCode = exitCode;
  }
}
