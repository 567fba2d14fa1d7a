import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { FormationsError } from "../provider/errors";
import { print } from "../provider/process/output";
import { type Page, pages } from "../provider/process/pages";
import { entryOf } from "./error-entry";

/** `formations help` with something that is neither a page nor a command. */
export class UnknownTopic extends FormationsError {
  readonly code = "UNKNOWN_TOPIC";
}

const summaries: Record<Page, string> = {
  discovering: "what exists in your accounts, and what no stack manages",
  adopting: "resources that already exist, and runs that were killed",
  backups: "backups on schedule: what is due, runners, monitoring",
  restoring: "taking, listing, restoring and verifying backups",
  "pulumi-do": "one resource from the command line, without a program",
  "pull-requests": "what a change does to the data: comments, gates, environments",
  simulating: "programs and tests against simulators: seeds, faults, drift",
  guarantees: "what the provider promises, and what it doesn't",
  doctor: "what is wrong with a set-up, and what to do about it",
  troubleshooting: "every error code and common symptoms: what to do",
};

/** Adds `formations help [page or command]`, in place of commander's own `help [command]`. */
export function addHelp(program: Command): void {
  const width = Math.max(...pages.map((name) => name.length));
  const lines = pages.map((name) => `  ${name.padEnd(width)}  ${summaries[name]}`);
  program.addHelpText(
    "after",
    `\nPages, shown by \`formations help <page>\`:\n${lines.join("\n")}`,
  );
  program
    .command("help")
    .argument("[topic...]", "a page, a command or an error code; default: a list of the first two")
    .description("show a page of documentation, or the help of a command or an error code")
    .helpOption(false)
    .action((topic: string[]) => showTopic(program, topic));
}

function showTopic(program: Command, topic: string[]): void {
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
  const commands = program.commands.map((one) => one.name());
  return new UnknownTopic(
    `There is no page, command or error code "${topic.join(" ")}". Pages: ${pages.join(", ")}. Commands: ${commands.join(", ")}. The page troubleshooting lists the error codes.`,
  );
}

/** A page as a terminal shows it: Markdown without pictures, and with commands in place of links to other pages. */
function pageText(page: Page): string {
  const whole = readFileSync(join(docsFolder(), `${page}.md`), "utf8").trimEnd();
  const text = whole.replaceAll(/^!\[.*\]\(.*\)\n\n/gm, "");
  return text.replaceAll(/\[([^\]]+)\]\(([^)\s]+)\)/g, (_, label: string, target: string) => {
    const linked = pages.find(
      (name) => target === `${name}.md` || target.startsWith(`${name}.md#`),
    );
    if (linked) return `${label} (\`formations help ${linked}\`)`;
    return /^https?:/.test(target) ? `${label} (${target})` : label;
  });
}

/** The compiled command is one folder deeper in the package than its source. */
function docsFolder(): string {
  const [source, compiled] = [join(__dirname, "..", "docs"), join(__dirname, "..", "..", "docs")];
  return existsSync(source) ? source : compiled;
}
