import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { note } from "../../say";
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
  note(`${what}; changes since then will be lost.`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C ends the command as it does anywhere else.
  terminal.once("SIGINT", () => {
    terminal.close();
    process.kill(process.pid, "SIGINT");
  });
  try {
    // Ctrl-D ends the input or the question: that is no consent, and the cursor stays in its line.
    const ended = once(terminal, "close").then(() => undefined);
    const asked = terminal.question("Continue? [y/N] ").catch(() => undefined);
    const said = await Promise.race([asked, ended]);
    if (said === undefined) note("");
    else if (/^y(es)?$/i.test(said.trim())) return;
  } finally {
    terminal.close();
  }
  throw new RestoreFailed("Nothing was restored.");
}
