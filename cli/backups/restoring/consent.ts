import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { RestoreFailed, type RestorePlan } from "./restore";

/**
 * Asks at the terminal before a restore overwrites tables. Does nothing if it would overwrite none.
 *
 * @throws RestoreFailed without consent, or if there is no terminal to ask at
 */
export async function demandConsent({ replaced, request }: RestorePlan): Promise<void> {
  if (replaced.length === 0) return;
  const what = `${replaced.join(", ")} would be overwritten by backup ${request.backupId}`;
  if (!process.stdin.isTTY) {
    throw new RestoreFailed(`${what}; add --yes to allow it. Nothing was restored.`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const question = `${what}; changes since then will be lost. Continue? [y/N] `;
    // Ctrl-C and Ctrl-D end the input or the question: neither is consent.
    const ended = once(terminal, "close").then(() => "");
    const said = await Promise.race([terminal.question(question).catch(() => ""), ended]);
    if (/^y(es)?$/i.test(said.trim())) return;
  } finally {
    terminal.close();
  }
  throw new RestoreFailed("Nothing was restored.");
}
