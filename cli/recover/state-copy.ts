import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FormationsError } from "../../provider/errors";

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
    throw new CopyFailed(`Nothing was changed, because no copy could be written: ${error}`);
  }
  return copy;
}
