import { type Command, Option } from "commander";
import { print } from "../../provider/process/output";
import { addDetails, type Details } from "../details";
import { cwdFlag, jsonFlag, stacksFlag } from "../flags";
import { fail } from "../say";
import type { StacksOptions } from "../stack/readings";
import { watching } from "../terminal/progress";
import { tableWidth } from "../terminal/width";
import type { Comparison } from "./comparison";

const formats = ["table", "markdown", "json"] as const;

interface Flags extends StacksOptions {
  format: (typeof formats)[number];
  json?: boolean;
  differences?: boolean;
}

const details: Details = {
  text: [
    'Resources are down, stacks across; "≠" marks what is not the same in all stacks. Compared is what the programs asked for in their last run, by the states alone: no program runs, and nothing is sent to a server. A resource is the same one in all stacks if its name and its types are, whichever host it is on.',
    "Two spellings of a value, a default that is given or left out, and two generated names are no difference. Secrets are not shown; whether two are equal cannot be told, so they are not marked.",
  ],
  examples: [
    "formations environments",
    "formations environments -s staging -s production --differences",
    "formations environments --format markdown > environments.md",
  ],
  exitCodes: {
    "0": "every stack was read, whether they differ or not",
    "1": "a stack was not read, or the arguments are wrong",
  },
  page: "pull-requests",
};

/** Makes `formations environments`. */
export function buildEnvironments(command: Command): void {
  command
    .addOption(stacksFlag("all of the project"))
    .addOption(cwdFlag())
    .addOption(
      new Option("--format <format>", "what is printed").choices(formats).default(formats[0]),
    )
    .addOption(jsonFlag("the same as --format json"))
    .option("--differences", "show only what is not the same in all stacks")
    .action(action);
  addDetails(command, details);
}

async function action({ format, json, differences, ...where }: Flags): Promise<void> {
  // Loaded here, so that no other command waits for it.
  const { compareStacks } = await import("./comparison.js");
  const { comparison, problems } = await watching("Reading the stacks' states", () =>
    compareStacks(where, differences),
  );
  for (const problem of problems) fail(problem);
  if (problems.length > 0) process.exitCode = 1;
  print(await textOf(comparison, json ? "json" : format));
}

async function textOf(comparison: Comparison, format: Flags["format"]): Promise<string> {
  switch (format) {
    case "json":
      return (await import("./output/json.js")).inJson(comparison);
    case "markdown":
      return (await import("./output/markdown.js")).inMarkdown(comparison);
    case "table":
      return (await import("./output/table.js")).inTable(comparison, tableWidth());
  }
}
