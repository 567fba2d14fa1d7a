import { withoutSecrets } from "./redact";

/** Writes a line to the standard output, without secrets. */
export function print(text: string): void {
  console.log(withoutSecrets(text));
}

/** Writes a line to the error output, without secrets. */
export function complain(text: string): void {
  console.error(withoutSecrets(text));
}
