import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FormationsError } from "../../provider/errors";

/** A copy that can't be kept: nothing was changed. */
export class CopyFailed extends FormationsError {
  readonly code = "COPY_FAILED";
}

/**
 * Keeps what is to be changed, in a new file for its owner alone.
 *
 * @returns its path
 * @throws CopyFailed when it can't be written
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
    throw new CopyFailed(`Nothing is changed, since no copy can be kept: ${error}`);
  }
  return copy;
}
