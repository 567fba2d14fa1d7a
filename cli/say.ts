import { complain, print } from "../provider/process/output";

/** Writes why a command fails, to standard error. Every such line begins alike. */
export function fail(message: string): void {
  complain(`formations: ${message}`);
}

/** Writes the result of a command with `--json`. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, undefined, 2));
}
