import { visible } from "../visible";
import { differences, ExpectationUnreadable, reviewedIn } from "./expectation";
import { parseFingerprint } from "./fingerprint";
import type { OutputFlags } from "./flags";
import { type GateMatch, gateMatches } from "./gate";
import { labelsOf } from "./labels";
import type { Explanation } from "./model";
import { grouped, shortened } from "./output/excerpt";
import { gitlab } from "./output/gitlab";
import { json } from "./output/json";
import { markdown } from "./output/markdown";
import { labelOf } from "./output/sections";
import { type TextOptions, text } from "./output/text";

/** How a command ends. */
export interface Outcome {
  /** For standard output, with its last line's end. */
  out: string;
  /** For standard error: what is in the way. */
  complaints: string[];
  exitCode: 0 | 2 | 3;
}

/** How many matches and differences are listed. */
const mostLines = 50;

/**
 * What is written of explanations, and whether something is in the way.
 *
 * @param terminal how standard output shows text
 * @param reviewed the content of the file that `--expect` names, or the fingerprint
 * @throws ExpectationUnreadable, LengthTooSmall
 */
export function outcomeOf(
  explanations: readonly Explanation[],
  flags: OutputFlags,
  { terminal = {}, reviewed }: { terminal?: TextOptions; reviewed?: string } = {},
): Outcome {
  const differing = reviewed === undefined ? [] : differencesIn(explanations, reviewed);
  const matches = gateMatches(explanations, flags.failOn);
  return {
    out: flags.labels
      ? labelsOf(explanations)
          .map((label) => `${label}\n`)
          .join("")
      : written(explanations, flags, terminal),
    complaints: [...listed(differing), ...listed(matches.map(describeMatch))],
    exitCode: differing.length > 0 ? 3 : matches.length > 0 ? 2 : 0,
  };
}

function written(
  explanations: readonly Explanation[],
  { format, maxLength, footer, commentId: id }: OutputFlags,
  terminal: TextOptions,
): string {
  switch (format) {
    case "markdown":
      return markdown(explanations, { maxLength, footer, id });
    case "json":
      return json(explanations);
    case "gitlab":
      return gitlab(explanations);
    case "text":
      return text(explanations, terminal);
  }
}

/** What is not as it was reviewed, one line each. */
function differencesIn(explanations: readonly Explanation[], reviewed: string): string[] {
  if (explanations.length > 1 && parseFingerprint(reviewed.trim())) {
    throw new ExpectationUnreadable(
      `--expect: a fingerprint is of one stack, and there are ${explanations.length} previews. Give the comment's Markdown or the output of \`--format json\`, which have all.`,
    );
  }
  return explanations.flatMap((one) =>
    differences(one, reviewedIn(reviewed, one)).map(
      (difference) => `--expect: ${nameOf(one)}: ${line(difference.text)}`,
    ),
  );
}

function describeMatch({ kind, explanation, change }: GateMatch): string {
  const what = change ? line(`${change.name} (${change.type})`) : "the stack as a whole";
  return `--fail-on ${kind}: ${nameOf(explanation)}: ${what}`;
}

function nameOf(explanation: Explanation): string {
  return line(labelOf(explanation));
}

function line(name: string): string {
  return visible(shortened(name));
}

function listed(lines: readonly string[]): string[] {
  const rest = lines.length - mostLines;
  return rest > 0 ? [...lines.slice(0, mostLines), `… and ${grouped(rest)} more`] : [...lines];
}
