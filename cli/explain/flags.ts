import { type Command, InvalidArgumentError, Option } from "commander";
import { jsonFlag } from "../flags";
import { type GateKind, gateKinds } from "./gate";

/** The formats that explanations are written in. */
export const formats = ["text", "markdown", "json", "gitlab"] as const;

/** What the user asks for besides the previews. */
export interface OutputFlags {
  format: (typeof formats)[number];
  json?: boolean;
  maxLength?: number;
  footer?: string;
  commentId?: string;
  labels?: boolean;
  failOn: readonly GateKind[];
  /** A fingerprint, or the name of a file that has it. */
  expect?: string;
}

/** Adds the flags that say how explanations are written and what they must not have. */
export function addOutputFlags(command: Command): Command {
  return command
    .optionsGroup("Output:")
    .addOption(
      new Option("-f, --format <format>", "how to write it").choices(formats).default("text"),
    )
    .addOption(jsonFlag("the same as --format json"))
    .option(
      "--max-length <characters>",
      "the longest Markdown; default: what a comment on GitHub has room for",
      wholeNumber,
    )
    .option("--footer <text>", "a last line for the Markdown, for instance the commit")
    .option("--comment-id <name>", "the name in the hidden marker; default: the project")
    .addOption(
      new Option(
        "--labels",
        "print only the labels that the pull request should have, one per line",
      ).conflicts("json"),
    )
    .optionsGroup("Gates:")
    .addOption(
      new Option("--fail-on <kinds>", `end with 2 if any happens: ${gateKinds.join(", ")}`)
        .argParser(gates)
        .default([], "none"),
    )
    .option(
      "--expect <fingerprint>",
      "end with 3 unless the changes are those reviewed: a fingerprint, or a file with the comment or the JSON",
    );
}

function wholeNumber(given: string): number {
  if (!/^\d{1,9}$/.test(given)) throw new InvalidArgumentError("Give a number of characters.");
  return Number(given);
}

function gates(given: string, before: readonly GateKind[]): GateKind[] {
  const names = given.split(",").map((name) => name.trim());
  return [
    ...before,
    ...names.map((name) => {
      const kind = gateKinds.find((one) => one === name);
      if (kind) return kind;
      throw new InvalidArgumentError(
        `"${name}" is not a valid kind. Use ${gateKinds.join(", ")}, separated by commas.`,
      );
    }),
  ];
}
