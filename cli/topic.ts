import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { FormationsError } from "../provider/errors";
import { print } from "../provider/process/output";
import { type Page, pages } from "../provider/process/pages";
import { entryOf } from "./error-entry";
import { pageIn } from "./page";
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
    print(pageText(page));
    if (command) print(`\nFor the flags, run \`formations ${page} --help\`.`);
  } else if (command) command.outputHelp();
  else {
    const entry = entryOf(pageText("troubleshooting"), topic.join(" "));
    if (entry === undefined) throw unknownTopic(program, topic);
    print(entry);
  }
}

/** The command that words name, one level per word; undefined: there is none. */
function commandAt(program: Command, words: readonly string[]): Command | undefined {
  return words.reduce<Command | undefined>(
    (command, word) => command?.commands.find((one) => one.name() === word),
    program,
  );
}

function unknownTopic(program: Command, topic: readonly string[]): UnknownTopic {
  const commands = program
    .createHelp()
    .visibleCommands(program)
    .map((one) => one.name());
  return new UnknownTopic(
    `There is no page, command or error code "${topic.join(" ")}". Pages: ${pages.join(", ")}. Commands: ${commands.join(", ")}. The page troubleshooting lists the error codes.`,
  );
}

/** A page as a terminal shows it, with commands in place of links to other pages. */
function pageText(page: Page): string {
  const text = readFileSync(join(docsFolder(), `${page}.md`), "utf8").trimEnd();
  const linked = text.replaceAll(
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

/** The compiled command is one folder deeper in the package than its source. */
function docsFolder(): string {
  const [source, compiled] = [join(__dirname, "..", "docs"), join(__dirname, "..", "..", "docs")];
  return existsSync(source) ? source : compiled;
}
