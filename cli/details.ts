import type { Command } from "commander";
import type { Page } from "../provider/process/pages";
import { wrap } from "./terminal/layout";
import { textWidth } from "./terminal/width";

/** What the help of a command says below its flags. */
export interface Details {
  /** Paragraphs; one with line breaks is shown in these lines. */
  text?: readonly string[];
  /** Whole command lines; one that runs is worth more than a list of flags. */
  examples: readonly string[];
  /** What each exit code means besides 0 (success) and 1 (failure or wrong arguments), by code. */
  exitCodes?: Readonly<Record<string, string>>;
  /** The page that has more. */
  page?: Page;
}

/** What every command's exit codes mean, unless its own say more. */
const usualCodes: Readonly<Record<string, string>> = {
  "0": "success",
  "1": "failure, or wrong arguments",
};

const known = new WeakMap<Command, Details>();

/** Adds to a command's help what its flags don't say. */
export function addDetails(command: Command, details: Details): Command {
  known.set(command, details);
  return command.addHelpText("after", () => `\n${detailsText(details, textWidth())}`);
}

/** What was added to a command's help; undefined: nothing. */
export function detailsOf(command: Command): Details | undefined {
  return known.get(command);
}

/** The exit codes of a command and what they mean, in their order. */
export function exitCodesOf({ exitCodes }: Details): [code: string, meaning: string][] {
  return Object.entries({ ...usualCodes, ...exitCodes });
}

/** A paragraph, or lines that stay apart; those that are indented keep to their place. */
function wrappedIn(paragraph: string, width: number): string {
  return paragraph
    .split("\n")
    .flatMap((line) => wrap(line, width, line.startsWith(" ") ? "    " : ""))
    .join("\n");
}

/** @param width columns of the terminal */
export function detailsText(details: Details, width: number): string {
  const { text = [], examples, page } = details;
  const codes = exitCodesOf(details);
  const longest = Math.max(...codes.map(([code]) => code.length));
  const indent = " ".repeat(longest + 4);
  return [
    ...text.map((paragraph) => wrappedIn(paragraph, width)),
    ["Examples:", ...examples.map((line) => `  ${line}`)].join("\n"),
    [
      "Exit codes:",
      ...codes.flatMap(([code, meaning]) =>
        wrap(`  ${code.padEnd(longest)}  ${meaning}`, width, indent),
      ),
    ].join("\n"),
    ...(page ? [`More: \`formations help ${page}\``] : []),
  ].join("\n\n");
}
