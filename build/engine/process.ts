import { type ChildProcess, spawn, spawnSync } from "node:child_process";

/** How a command ended, with everything that it printed. */
export interface CommandResult {
  /** Exit code; null when a signal ended the process. */
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** Wall-clock time in milliseconds. */
  durationMs: number;
}

export interface CommandOptions {
  cwd?: string;
  /** The whole environment, not an addition to this process's own. */
  env?: NodeJS.ProcessEnv;
  /** After this many milliseconds the process and all that it started are killed. */
  timeoutMs: number;
  /** Called with each whole line as it is printed, on either stream. */
  onLine?: (line: string) => void;
}

/** A command under way. */
export interface RunningCommand {
  /** Settles when the process has ended; rejects when it can't be started or runs out of time. */
  done: Promise<CommandResult>;
  /** Sends Ctrl-C's signal to the process alone, as `pulumi` expects it. */
  interrupt(): void;
  /** Sends a signal to the process alone. */
  signal(name: NodeJS.Signals): void;
  /** Ends the process at once, as a crash would, and leaves what it started running. */
  crash(): void;
  /** Ends the process and everything that it started. */
  kill(): void;
  /** The processes that it has started so far and that still run. */
  descendants(): number[];
}

/** Starts a command without a shell and without input. */
export function startCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions,
): RunningCommand {
  const started = performance.now();
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  const stdout = collect(child.stdout, options.onLine);
  const stderr = collect(child.stderr, options.onLine);
  const kill = () => killAll(child);

  const done = new Promise<CommandResult>((resolve, reject) => {
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      kill();
    }, options.timeoutMs);
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(new Error(`could not start ${file}: ${error.message}`, { cause: error }));
    });
    child.on("exit", (code, signal) => {
      const finish = () => {
        clearTimeout(timer);
        clearTimeout(grace);
        if (timedOut) {
          const seconds = Math.round(options.timeoutMs / 1000);
          const output = tail(`${stdout.text()}\n${stderr.text()}`);
          reject(new Error(`${commandLine(file, args)} did not end in ${seconds} s\n${output}`));
          return;
        }
        const durationMs = performance.now() - started;
        resolve({ code, signal, stdout: stdout.text(), stderr: stderr.text(), durationMs });
      };
      // A process that outlives this one may hold its output open: don't wait for it.
      const grace = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        finish();
      }, 1000);
      child.on("close", finish);
    });
  });

  return {
    done,
    interrupt: () => void child.kill("SIGINT"),
    signal: (name) => void child.kill(name),
    crash: () => void child.kill("SIGKILL"),
    kill,
    descendants: () => (child.pid === undefined ? [] : descendantsOf([child.pid])),
  };
}

/** Runs a command to its end. */
export function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  return startCommand(file, args, options).done;
}

/** Ends processes by their IDs with all that they started; those that have ended are passed over. */
export function killProcesses(pids: readonly number[]): void {
  const found = new Set<number>();
  let next = [...pids];
  while (next.length > 0) {
    // A process that stands starts no other between the look for its children and its end.
    for (const pid of next) send(pid, "SIGSTOP");
    for (const pid of next) found.add(pid);
    next = descendantsOf(next).filter((pid) => !found.has(pid));
  }
  for (const pid of found) send(pid, "SIGKILL");
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}

/** The last lines of a text: what a reader of a failure needs. */
export function tail(text: string, lines = 40): string {
  return text.trim().split("\n").slice(-lines).join("\n");
}

function commandLine(file: string, args: readonly string[]): string {
  return [file, ...args].join(" ");
}

function collect(stream: ChildProcess["stdout"], onLine: CommandOptions["onLine"]) {
  let text = "";
  let partial = "";
  stream?.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    if (!onLine) return;
    const lines = (partial + chunk).split("\n");
    partial = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  return { text: () => text };
}

function killAll(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === "win32") spawnSync("taskkill", ["/pid", `${child.pid}`, "/T", "/F"]);
  else killProcesses([child.pid]);
}

/** Pulumi gives its plugins process groups of their own, so that a group can't be used for this. */
function descendantsOf(roots: readonly number[]): number[] {
  if (process.platform === "win32" || roots.length === 0) return [];
  const listing = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).stdout ?? "";
  const children = new Map<number, number[]>();
  for (const line of listing.split("\n")) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    if (pid === undefined || parent === undefined) continue;
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found: number[] = [];
  const open = [...roots];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const below = children.get(next) ?? [];
    found.push(...below);
    open.push(...below);
  }
  return found;
}
