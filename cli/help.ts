import type { Command } from "commander";
import { type Page, pages } from "../provider/process/pages";

const summaries: Record<Page, string> = {
  configuration: "settings, names and timeouts",
  discovering: "what exists in your accounts, and what no stack manages",
  adopting: "resources that already exist",
  backups: "backups on schedule: what is due, runners, monitoring",
  restoring: "taking, listing, restoring and verifying backups",
  recovering: "completing the state after a run that was killed",
  "pulumi-do": "one resource from the command line, without a program",
  "pull-requests": "what a change does to the data: comments, gates, environments",
  simulating: "programs and tests against simulators: seeds, faults, drift",
  "moving-hosts": "a stack from the TypeScript classes to the plugin, and back",
  guarantees: "what the provider promises, and what it doesn't",
  doctor: "what is wrong with a set-up, and what to do about it",
  "command-line": "the commands of formations, exit codes, completion, JSON",
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
    .action(async (topic: string[]) => {
      // Loaded here, since the list of commands needs none of it.
      const { showTopic } = await import("./topic.js");
      showTopic(program, topic);
    });
}
