import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { simulationFolder } from "../../provider/process/simulation";
import { SimulationFailed } from "./errors";

const prefix = "pulumi-formations-simulation-";
const file = "control.json";

const controlSchema = z.object({ url: z.string(), token: z.string(), pid: z.int() });

/** Where a simulation takes commands. */
export type Control = z.output<typeof controlSchema>;

/**
 * Ends what a simulation that was killed left: its folder, the command that it ran, and a file. It hears of
 * them line by line, until the end of its input, which the system closes with the simulation.
 */
const guard = `
while read -r word value; do
  case $word in
  command) pid=$value ;;
  file) file=$value ;;
  done) exit ;;
  esac
done
if [ -n "$pid" ]; then
  kill -s TERM -- "$pid" && for _ in 1 2 3 4 5 6 7 8 9 10; do
    kill -s 0 -- "$pid" || break
    sleep 0.5
  done
  kill -s KILL -- "$pid"
fi 2>/dev/null
rm -rf -- "$1" "$file"
`;

/** The folder of one simulation: rate budgets, locks, how to reach it, and stacks of its own. */
export class SimulationFolder {
  readonly path: string;
  readonly #guard: ChildProcess | undefined;

  private constructor(path: string) {
    this.path = path;
    // Windows has no shell for it.
    if (process.platform === "win32") return;
    // In a session of its own, no signal of the terminal reaches it.
    this.#guard = spawn("/bin/sh", ["-c", guard, "formations", path], {
      ...{ cwd: "/", detached: true, stdio: ["pipe", "ignore", "ignore"] },
    });
    for (const each of [this.#guard, this.#guard.stdin]) each?.on("error", () => {});
    this.#guard.unref();
  }

  /**
   * Makes one that only this user can read, where `formations simulate drift` looks for it. It is removed
   * even if this process is killed, except on Windows.
   *
   * @throws SimulationFailed
   */
  static make(): SimulationFolder {
    try {
      return new SimulationFolder(mkdtempSync(join(tmpdir(), prefix)));
    } catch (error) {
      throw new SimulationFailed(
        `The simulation's folder can't be made: ${(error as Error).message}. TMPDIR says where.`,
      );
    }
  }

  /** Says how the simulation is reached. */
  write(control: Omit<Control, "pid">): void {
    const text = JSON.stringify({ ...control, pid: process.pid });
    writeFileSync(join(this.path, file), text, { mode: 0o600 });
  }

  /**
   * Has a command ended even if this process is killed.
   *
   * @param target its process ID, or that of its group, negative
   */
  protect(target: number): void {
    this.#tell(`command ${target}`);
  }

  /** Has a file removed even if this process is killed. */
  alsoRemove(file: string): void {
    this.#tell(`file ${resolve(file)}`);
  }

  remove(): void {
    this.#tell("done");
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }

  #tell(line: string): void {
    this.#guard?.stdin?.write(`${line}\n`);
  }
}

/**
 * How the simulation is reached that this process belongs to, or else the only one of this user's.
 *
 * @throws SimulationFailed if there is none, or more than one
 */
export function findControl(): Control {
  const own = simulationFolder();
  if (own !== undefined) {
    const control = controlIn(own);
    if (control) return control;
    throw new SimulationFailed(
      "The simulation that FORMATIONS_SIMULATION names has ended. Start one with `formations simulate --serve`, and export what it prints.",
    );
  }
  const running = folders().flatMap((folder) => {
    const control = controlIn(folder);
    return control ? [{ folder, control }] : [];
  });
  const [only] = running;
  if (running.length === 1 && only) return only.control;
  if (running.length === 0) {
    throw new SimulationFailed(
      "No simulation is running. Start one with `formations simulate --serve`.",
    );
  }
  const exports = running.map(({ folder }) => `  export FORMATIONS_SIMULATION=${folder}`);
  throw new SimulationFailed(
    ["Several simulations are running. Choose one:", ...exports].join("\n"),
  );
}

/** This user's. */
function folders(): string[] {
  const parent = tmpdir();
  if (!existsSync(parent)) return [];
  const all = readdirSync(parent).filter((name) => name.startsWith(prefix));
  // Windows has a temporary folder for each user.
  const user = process.getuid?.();
  const isOwn = (folder: string) =>
    user === undefined || statSync(folder, { throwIfNoEntry: false })?.uid === user;
  return all.map((name) => join(parent, name)).filter(isOwn);
}

/** Undefined: it is not ready yet, or its process is gone. */
function controlIn(folder: string): Control | undefined {
  try {
    const control = controlSchema.parse(JSON.parse(readFileSync(join(folder, file), "utf8")));
    process.kill(control.pid, 0);
    return control;
  } catch {
    return undefined;
  }
}
