import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { FormationsError } from "../provider/errors";
import { print } from "../provider/process/output";
import { type Page, pages } from "../provider/process/pages";
import { didYouMean } from "../provider/resource/suggestions";
import { codesIn, entryOf } from "./error-entry";
import { pageIn } from "./page";
import { printLong } from "./terminal/pager";
import { textWidth } from "./terminal/width";

/** `formations help` with something that is neither a page nor a command. */
export class UnknownTopic extends FormationsError {
  readonly code = "UNKNOWN_TOPIC";
}

/**
 * Shows what `formations help` is asked for.
 *
 * @param program with all of its commands
 * @param topic the name of a page, the words of a command, or an error code
 * @throws UnknownTopic
 */
export function showTopic(program: Command, topic: readonly string[]): void {
  const [name] = topic;
  const command = commandAt(program, topic);
  const page = topic.length === 1 ? pages.find((one) => one === name) : undefined;
  if (page) {
    const more = command ? `\n\nFor the flags, run \`formations ${page} --help\`.` : "";
    printLong(pageText(page) + more);
  } else if (command) command.outputHelp();
  else {
    const entry = entryOf(pageText("troubleshooting"), topic.join(" "));
    if (entry === undefined) throw unknownTopic(program, topic);
    print(entry);
  }
}

/** The command that words name, one level per word; undefined: there is none. */
export function commandAt(program: Command, words: readonly string[]): Command | undefined {
  return words.reduce<Command | undefined>(
    (command, word) => command?.commands.find((one) => one.name() === word),
    program,
  );
}

function unknownTopic(program: Command, topic: readonly string[]): UnknownTopic {
  const name = topic.join(" ");
  const topics = [...pages, ...pathsBelow(program), ...errorCodes()];
  return new UnknownTopic(
    `There is no page, command or error code "${name}".${didYouMean(name, topics)} \`formations help\` lists pages and commands, \`formations help troubleshooting\` the error codes.`,
  );
}

/** The words of each command: `backups`, `backups run`. */
function pathsBelow(command: Command): string[] {
  const visible = command.createHelp().visibleCommands(command);
  return visible.flatMap((one) => [
    one.name(),
    ...pathsBelow(one).map((path) => `${one.name()} ${path}`),
  ]);
}

/** The codes that `formations help` shows the entries of. */
export function errorCodes(): string[] {
  return codesIn(textOf("troubleshooting"));
}

/** A page as a terminal shows it, with commands in place of links to other pages. */
function pageText(page: Page): string {
  const linked = textOf(page).replaceAll(
    /(?<!!)\[([^\]]+)\]\(([^)\s]+)\)/g,
    (_, label: string, target: string) => {
      const other = pages.find(
        (name) => target === `${name}.md` || target.startsWith(`${name}.md#`),
      );
      if (other) return `${label} (\`formations help ${other}\`)`;
      return /^https?:/.test(target) ? `${label} (${target})` : label;
    },
  );
  return pageIn(linked, textWidth());
}

function textOf(page: Page): string {
  return readFileSync(join(docsFolder(), `${page}.md`), "utf8").trimEnd();
}

/** The compiled command is one folder deeper in the package than its source. */
function docsFolder(): string {
  const [source, compiled] = [join(__dirname, "..", "docs"), join(__dirname, "..", "..", "docs")];
  return existsSync(source) ? source : compiled;
}
