import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { FormationsError } from "../../provider/errors";
import { exportState, importState, type StackState } from "../stack/deployment";
import { type Pulumi, StackLocked } from "../stack/pulumi";

/** The state could not be copied. Nothing was changed. */
export class CopyFailed extends FormationsError {
  readonly code = "COPY_FAILED";
}

/**
 * Keeps a copy of what is about to change, in a new file that only its owner can read.
 *
 * @returns its path
 * @throws CopyFailed if it can't be written
 */
export async function keepCopy(
  folder: string,
  of: string,
  extension: string,
  text: string,
): Promise<string> {
  const time = new Date().toISOString().replaceAll(/[:.]/g, "-");
  const copy = join(folder, `${of}-before-recovery-${time}${extension}`);
  try {
    await writeFile(copy, text, { mode: 0o600, flag: "wx" });
  } catch (error) {
    throw new CopyFailed(
      `Nothing was changed, because no copy could be written: ${(error as Error).message}. Check that you may write to the folder and that the disk is not full.`,
    );
  }
  return copy;
}

/**
 * Replaces a stack's state, and keeps a copy of the old one.
 *
 * @returns the copy's path
 * @throws PulumiFailed if the engine refuses the new state; there is a copy only if the state may have changed
 */
export async function writeState(
  pulumi: Pulumi,
  { before, after }: { before: StackState; after: StackState },
  folder = ".",
): Promise<string> {
  const text = `${JSON.stringify(before, undefined, 2)}\n`;
  const copy = await keepCopy(folder, "state", ".json", text);
  try {
    await importState(pulumi, after);
  } catch (error) {
    if (await isUnchanged(pulumi, before, error)) await rm(copy, { force: true });
    throw error;
  }
  return copy;
}

/** Whether a state is certainly as it was before a change that failed. */
async function isUnchanged(pulumi: Pulumi, before: StackState, error: unknown): Promise<boolean> {
  if (error instanceof StackLocked) return true;
  const now = await exportState(pulumi).catch(() => undefined);
  return isDeepStrictEqual(now, before);
}
