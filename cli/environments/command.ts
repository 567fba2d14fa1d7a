import { type Command, Option } from "commander";
import { complain, print } from "../../provider/process/output";
import { collected } from "../flags";
import type { StacksOptions } from "../stack/readings";
import type { Comparison } from "./comparison";

const formats = ["table", "markdown", "json"] as const;

interface Flags extends StacksOptions {
  format: (typeof formats)[number];
  differences?: boolean;
}

const help = `
Resources are down, stacks across; "≠" marks what is not the same in all stacks. Compared is what the
programs asked for in their last run, by the states alone: no program runs, and nothing is sent to a
server. A resource is the same one in all stacks if its name and its types are, whichever host it is on.
Two spellings of a value, a default that is given or left out, and two generated names are no difference.
Secrets are not shown; whether two are equal cannot be told, so they are not marked.

Examples:
  formations environments
  formations environments --stack staging --stack production --differences
  formations environments --format markdown > environments.md

Exit code: 0 if every stack was read, whether they differ or not; 1 if one was not.`;

/** Makes `formations environments`. */
export function buildEnvironments(command: Command): void {
  command
    .option("-s, --stack <name>", "a stack; repeatable; default: all of the project", collected)
    .option("-C, --cwd <folder>", "the project's folder; default: the current folder")
    .addOption(
      new Option("--format <format>", "what is printed").choices(formats).default(formats[0]),
    )
    .option("--differences", "show only what is not the same in all stacks")
    .addHelpText("after", help)
    .action(action);
}

async function action({ format, differences, ...where }: Flags): Promise<void> {
  // Loaded here, so that no other command waits for it.
  const { compareStacks } = await import("./comparison.js");
  const { comparison, problems } = await compareStacks(where, differences);
  for (const problem of problems) complain(problem);
  if (problems.length > 0) process.exitCode = 1;
  print(await textOf(comparison, format));
}

async function textOf(comparison: Comparison, format: Flags["format"]): Promise<string> {
  switch (format) {
    case "json":
      return (await import("./output/json.js")).inJson(comparison);
    case "markdown":
      return (await import("./output/markdown.js")).inMarkdown(comparison);
    case "table":
      return (await import("./output/table.js")).inTable(comparison, terminalWidth());
  }
}

/** A terminal's own width, but not less than it usually is. */
function terminalWidth(): number {
  return Math.max(80, process.stdout.columns ?? 0);
}
