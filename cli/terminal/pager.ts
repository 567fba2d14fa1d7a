import { spawnSync } from "node:child_process";
import { print } from "../../provider/process/output";
import { withoutSecrets } from "../../provider/process/redact";

/**
 * Prints a text. On a terminal, one that is longer than the screen is shown by the program that `PAGER` names,
 * by default `less`, if there is one.
 */
export function printLong(text: string): void {
  const { PAGER: given, TERM } = process.env;
  const { isTTY, rows } = process.stdout;
  const isShort = text.split("\n").length < rows;
  if (!isTTY || isShort || TERM === "dumb" || given === "" || given === "cat") {
    print(text);
    return;
  }
  const { error, status } = spawnSync(given ?? "less", {
    // The variable may have flags too.
    shell: given !== undefined,
    input: `${withoutSecrets(text)}\n`,
    stdio: ["pipe", "inherit", "inherit"],
    // As git has it: colours, no second screen, and no wait for a text that fits.
    env: { LESS: "FRX", ...process.env },
  });
  const isMissing = status === 127 || (error && "code" in error && error.code === "ENOENT");
  if (isMissing) print(text);
}
