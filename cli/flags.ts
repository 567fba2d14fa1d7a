import { InvalidArgumentError, Option } from "commander";

const day = 86_400_000;

/** Reads a time span that a timer waits for: `90s`, `15m`, `2h`, `1d`; a week at most, in milliseconds. */
export function timeSpan(text: string): number {
  return spanUpTo(7, text);
}

/** Reads a time span that may be as long as a yearly schedule's interval, in milliseconds. */
export function longSpan(text: string): number {
  return spanUpTo(366, text);
}

function spanUpTo(days: number, text: string): number {
  const [, count, unit = ""] = /^(\d+)(s|m|h|d)$/.exec(text) ?? [];
  const ms = Number(count) * ({ s: 1, m: 60, h: 3_600, d: 86_400 }[unit] ?? Number.NaN) * 1_000;
  if (ms > 0 && ms <= days * day) return ms;
  throw new InvalidArgumentError(`Use a number and a unit: 90s, 15m, 2h, 1d; at most ${days}d.`);
}

/** Reads a value that must not be empty, as that of an unset variable is: the default would take its place. */
export function given(text: string): string {
  if (text.trim() !== "") return text;
  throw new InvalidArgumentError("Give a value, or leave the flag out.");
}

/** Reads a flag that may be given several times. */
export function collected(text: string, before: readonly string[] = []): string[] {
  return [...before, given(text)];
}

/** A flag that takes a time span. */
export function timeFlag(flags: string, description: string, fallback: string): Option {
  return new Option(flags, description).argParser(timeSpan).default(timeSpan(fallback), fallback);
}

/** `--timeout`. */
export function timeoutFlag(description: string, fallback = "2h"): Option {
  return timeFlag("--timeout <time>", `${description}: 90s, 15m, 2h`, fallback);
}

const theSelected = "the selected one";

/** `--stack`, of a command about one stack. */
export function stackFlag(fallback = theSelected): Option {
  return new Option("-s, --stack <name>", `the stack; default: ${fallback}`).argParser(given);
}

/** `--stack`, of a command about any number of stacks. */
export function stacksFlag(fallback = theSelected): Option {
  const description = `a stack; repeatable; default: ${fallback}`;
  return new Option("-s, --stack <name>", description).argParser(collected);
}

/** `--cwd`. */
export function cwdFlag(): Option {
  const description = "the project's folder; default: the current folder";
  return new Option("-C, --cwd <folder>", description).argParser(given);
}

/** `--json`. */
export function jsonFlag(description = "print JSON"): Option {
  return new Option("--json", description);
}
