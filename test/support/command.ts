import { constants } from "node:os";

/** Runs a command of this repository: a failure is told in its words and by the exit code. */
export function runMain(main: () => Promise<void>): void {
  // What is removed at the process's end is removed when it is interrupted too.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}

/**
 * A count that a flag has.
 *
 * @throws Error with the usage when it is none, or less than `least`
 */
export function countOf(text: string, least: number, usage: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= least) return count;
  throw new Error(`"${text}" is no count of ${least} or more\n\n${usage}`);
}
