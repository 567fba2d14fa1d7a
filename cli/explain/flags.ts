import { type Command, InvalidArgumentError, Option } from "commander";
import { type GateKind, gateKinds } from "./gate";

/** The formats that explanations are written in. */
export const formats = ["text", "markdown", "json", "gitlab"] as const;

/** What the user asks for besides the previews. */
export interface OutputFlags {
  format: (typeof formats)[number];
  maxLength?: number;
  footer?: string;
  commentId?: string;
  labels?: boolean;
  failOn: readonly GateKind[];
  /** A fingerprint, or the name of a file that has it. */
  expect?: string;
}

/** What `formations explain --help` says of them below the list of flags. */
export const outputHelp = `
Exit code: 0 if nothing is in the way; 1 if the previews or the arguments can't be
read; 2 if something matches --fail-on; 3 if the changes are not those that
--expect names.`;

/** Adds the flags that say how explanations are written and what they must not have. */
export function addOutputFlags(command: Command): Command {
  return command
    .addOption(
      new Option("-f, --format <format>", "how to write it").choices(formats).default("text"),
    )
    .option(
      "--max-length <characters>",
      "the longest Markdown; default: what a comment on GitHub has room for",
      wholeNumber,
    )
    .option("--footer <text>", "a last line for the Markdown, for instance the commit")
    .option("--comment-id <name>", "the name in the hidden marker; default: the project")
    .option("--labels", "print only the labels that the pull request should have, one per line")
    .option("--fail-on <kinds>", `end with 2 if any happens: ${gateKinds.join(", ")}`, gates, [])
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
