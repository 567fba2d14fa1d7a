import { readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { isRunning } from "../../provider/process/is-running";
import { parseUrn } from "../../provider/resource/urn";
import { inUtcIfTime } from "../terminal/time";
import { fileBackend } from "./backend";
import type { StackState } from "./deployment";
import { type Pulumi, StackLocked, type StackSummary, stacksOf } from "./pulumi";

const lockSchema = z.object({
  pid: z.number(),
  username: z.string(),
  hostname: z.string(),
  timestamp: z.string(),
});

/**
 * Refuses to look at a stack while another run changes it: what that is creating would look like what a
 * killed run left. Of backends that are neither files nor a service, only the update of the state finds out.
 *
 * @throws StackLocked if there is a lock, with who holds it
 */
export async function demandUnlocked(pulumi: Pulumi, state: StackState): Promise<void> {
  const { stack, holders } = await new Locks(pulumi.options.cwd).of(pulumi, state);
  if (holders.length === 0) return;
  throw new StackLocked(
    `Another run holds the lock of stack ${stack}: ${holders.join("; ")}. ` +
      "Wait for it to end: until then, what it is creating looks like what a killed run left. " +
      "If it was killed, remove its lock with `pulumi cancel`, and try again.",
  );
}

/** Who holds the locks of a project's stacks. The backend is asked once. */
export class Locks {
  readonly #cwd: string;
  #folder: Promise<string | undefined> | undefined;
  #stacks: Promise<StackSummary[]> | undefined;

  constructor(cwd = ".") {
    this.#cwd = cwd;
  }

  /** Who holds a stack's lock, and the stack's name; nobody if the backend does not say. */
  async of(pulumi: Pulumi, state: StackState): Promise<{ stack: string; holders: string[] }> {
    return await this.#of(pulumi, state).catch(() => ({ stack: "", holders: [] }));
  }

  async #of(pulumi: Pulumi, { deployment }: StackState) {
    const [stackGiven, projectGiven] = pulumi.options.stack?.split("/").reverse() ?? [];
    const known = deployment.resources.map(({ urn }) => parseUrn(urn)).find(Boolean);
    const selected = async () => (await pulumi.run(["stack", "--show-name"])).trim();
    const stack = stackGiven ?? known?.stack ?? (await selected());
    this.#folder ??= fileBackend(this.#cwd);
    const folder = await this.#folder;
    if (folder === undefined) return { stack, holders: await this.#updatesOf(stack) };
    const project = projectGiven ?? known?.project ?? (await projectName(this.#cwd));
    return { stack, holders: await lockFiles(join(folder, "locks"), stack, project) };
  }

  /** A service does not say who is at work. */
  async #updatesOf(stack: string): Promise<string[]> {
    this.#stacks ??= stacksOf(this.#cwd);
    return (await this.#stacks)
      .filter(({ name, updateInProgress }) => updateInProgress && name.split("/").at(-1) === stack)
      .map(() => "an update is in progress");
  }
}

/** A stack's locks are in `organization/<project>/<stack>/`, or in `<stack>/` in an old backend. */
async function lockFiles(folder: string, stack: string, project?: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true });
  const own = files.filter((file) => {
    const [name, of] = dirname(file).split(/[\\/]/).reverse();
    const isProject = of === undefined || project === undefined || of === project;
    return file.endsWith(".json") && name === stack && isProject;
  });
  return Promise.all(own.map(async (file) => holderOf(await readFile(join(folder, file), "utf8"))));
}

function holderOf(text: string): string {
  const lock = lockSchema.parse(JSON.parse(text));
  const { pid, username, timestamp } = lock;
  const isHere = lock.hostname === hostname();
  const end = isHere && !isRunning(pid) ? ", which is no longer running" : "";
  return `${username} on ${lock.hostname}, since ${inUtcIfTime(timestamp)}, process ${pid}${end}`;
}

/** The project's name, as `Pulumi.yaml` has it; undefined: nothing plain to read. */
async function projectName(cwd: string): Promise<string | undefined> {
  const text = await readFile(join(cwd, "Pulumi.yaml"), "utf8").catch(() => "");
  return /^name:\s*["']?([\w.-]+)/m.exec(text)?.[1];
}
