import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { constants } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { SimulationFailed } from "./errors";

/** Signals that end a process, unless it takes them. */
export const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A process, or the group of one that has a group of its own, as `kill` takes it. */
type Target = number;

/**
 * Runs a command to its end, and passes on the signals that this process gets meanwhile. What a signal ends
 * leaves nothing running of what it started.
 *
 * @param isQuiet whether its standard output goes to standard error, since this process's own has a result
 * @param onStart called with what ends the command and all that it started
 * @returns its exit code; 128 and the signal's number if a signal ended it; 127 if there is no such command,
 * 126 if it can't be run
 */
export async function runCommand(
  [program = "", ...args]: readonly string[],
  { env, isQuiet }: { env: NodeJS.ProcessEnv; isQuiet: boolean },
  onStart: (target: Target) => void,
): Promise<number> {
  // On Windows only a shell finds npx.cmd and its kind.
  const shell = process.platform === "win32";
  // A terminal sends its signals to one group, which has to be this process's.
  const detached = !shell && !process.stdin.isTTY;
  const child = spawned(program, args, {
    ...{ env, shell, detached, stdio: ["inherit", isQuiet ? 2 : "inherit", "inherit"] },
  });
  let target: Target | undefined;
  let isTold = false;
  const forward = (signal: NodeJS.Signals) => {
    // A terminal sends it to the command too; a second one would have Pulumi end at once.
    if (target === undefined || (signal !== "SIGTERM" && process.stdin.isTTY)) return;
    isTold = kill(target, signal);
  };
  for (const signal of endings) process.on(signal, forward);
  try {
    return await new Promise((resolve, reject) => {
      child.once("spawn", () => {
        const { pid = 0 } = child;
        target = detached ? -pid : pid;
        onStart(target);
      });
      child.once("error", (error) => reject(new CommandNotRun(program, error)));
      child.once("exit", (code, signal) => {
        const exitCode = signal ? 128 + constants.signals[signal] : (code ?? 1);
        const isEnded = detached && target !== undefined && (isTold || signal !== null);
        if (target === undefined || !isEnded) resolve(exitCode);
        else endAll(target, isTold).then(() => resolve(exitCode), reject);
      });
    });
  } finally {
    for (const signal of endings) process.off(signal, forward);
  }
}

/** Starts a program. Some failures come later, as the event `error`. @throws CommandNotRun */
function spawned(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  try {
    return spawn(program, args, options);
  } catch (error) {
    throw new CommandNotRun(program, error);
  }
}

/** Waits up to ten seconds for what a signal ends, and kills the rest. @param isTold whether it got one */
async function endAll(target: Target, isTold: boolean): Promise<void> {
  if (!isTold) kill(target, "SIGTERM");
  for (let tries = 0; tries < 100 && kill(target, 0); tries += 1) await delay(100);
  kill(target, "SIGKILL");
}

/** Sends a signal. @returns whether anybody was there */
function kill(target: Target, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch {
    return false;
  }
}

/** The command of a simulation can't be run. */
export class CommandNotRun extends SimulationFailed {
  /** As a shell has it: 127 if there is none, 126 if it is not one to run. */
  readonly exitCode: number;

  constructor(program: string, error: unknown) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const isMissing = program === "" || code === "ENOENT" || code === "ENOTDIR";
    const why = isMissing ? "was not found" : "can't be run";
    super(program === "" ? "The command is empty." : `The command \`${program}\` ${why}.`);
    this.exitCode = isMissing ? 127 : 126;
  }
}
