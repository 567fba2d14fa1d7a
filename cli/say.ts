import { complain, print } from "../provider/process/output";
import { sentencesIn } from "./terminal/layout";
import { textWidth } from "./terminal/width";

/** Writes sentences that are a command's result. */
export function tell(text: string): void {
  print(shownOn(process.stdout, text));
}

/** Writes sentences that are not: notes, and what is under way. */
export function note(text: string): void {
  complain(shownOn(process.stderr, text));
}

/** Writes why a command fails. Every such line begins alike. */
export function fail(message: string): void {
  note(`formations: ${message}`);
}

/** Writes the result of a command with `--json`. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, undefined, 2));
}

/** Only a terminal would break lines within words; whatever else reads them has a sentence per line. */
function shownOn(stream: NodeJS.WriteStream, text: string): string {
  return stream.isTTY ? sentencesIn(text, textWidth(stream)) : text;
}
