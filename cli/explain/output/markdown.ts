import { fingerprintOf, shortFingerprintOf } from "../fingerprint";
import type { Explanation } from "../model";
import { fitted, LengthTooSmall, type Part, type Step } from "./budget";
import { inMarkdown } from "./escape";
import { grouped, shortened } from "./excerpt";
import { changesGroup, type Group, groupText, messageKinds, messagesGroup, stepsOf } from "./group";
import { commentId, markerOf, markerPart } from "./marker";
import {
  changesSomething,
  headlineOf,
  isQuiet,
  labelOf,
  overviewOf,
  sectionsOf,
  worstFirst,
} from "./sections";
import { totalCost } from "./sentences";
import type { Span } from "./spans";

/** How a comment is written. */
export interface MarkdownOptions {
  /**
   * The longest text, at least 4,000. It counts UTF-16 code units, of which a text never has fewer than
   * of the Unicode characters that GitHub and GitLab count. Default: 65,000; GitHub takes 65,536 in a
   * comment, GitLab 1,000,000.
   */
  maxLength?: number;
  /** A last line, for instance which commit it is about. Default: none, so that the text has no time. */
  footer?: string;
  /** Names the comment, for two on one pull request. Default: the projects. */
  id?: string;
}

/** What a comment on GitHub has room for, less a margin. */
export const defaultLength = 65_000;

/** The smallest `maxLength`, which has room for all counts. */
export const leastLength = 4_000;

/** One stack in the comment. At level 3 it has its sections, at 1 its headline, at 0 it is counted. */
interface StackPart extends Part {
  explanation: Explanation;
  label: Span;
  groups: readonly Group[];
  long: string;
  short: string;
}

/** A comment in the making. The marker has, at level 3, long fingerprints, at 2 short ones, at 0 none. */
interface Comment {
  explanations: readonly Explanation[];
  stacks: readonly StackPart[];
  quiet: readonly StackPart[];
  quietNames: Part;
  marker: Part;
  id: string;
  footer?: string;
}

/**
 * What previews do, for a comment on a pull request: the same text for the same previews.
 *
 * @throws LengthTooSmall if `maxLength` has no room for the counts
 */
export function markdown(
  explanations: readonly Explanation[],
  options: MarkdownOptions = {},
): string {
  const most = options.maxLength ?? defaultLength;
  if (!(most >= leastLength)) {
    throw new LengthTooSmall(
      `--max-length: it is ${most}, and the counts alone need ${leastLength}. Give at least ${leastLength}.`,
    );
  }
  const comment = commentOf(explanations, options);
  const text = fitted(stepsIn(comment), most, () => commentText(comment));
  if (text !== undefined) return text;
  throw new Error(`a comment needs more than ${most} characters`);
}

function commentOf(explanations: readonly Explanation[], { id, footer }: MarkdownOptions): Comment {
  const parts = worstFirst(explanations).map(stackPart);
  const isLone = parts.length === 1;
  return {
    explanations,
    stacks: parts.filter(({ explanation }) => isLone || !isQuiet(explanation)),
    quiet: parts.filter(({ explanation }) => !isLone && isQuiet(explanation)),
    quietNames: { level: 3 },
    marker: { level: 3 },
    id: commentId(explanations, id),
    footer,
  };
}

function stackPart(explanation: Explanation): StackPart {
  const { changes, messages } = explanation;
  const groups = [
    ...messageKinds.first.map((kind) => messagesGroup(messages, kind)),
    ...sectionsOf(changes).map(changesGroup),
    ...messageKinds.last.map((kind) => messagesGroup(messages, kind)),
  ];
  return {
    level: 3,
    explanation,
    label: { code: shortened(labelOf(explanation)) },
    groups: groups.filter((one) => one !== undefined),
    long: fingerprintOf(explanation),
    short: shortFingerprintOf(explanation),
  };
}

/** What is left out, in this order, until the text is short enough. */
function stepsIn({ stacks, quietNames, marker }: Comment): Step[] {
  const groups = stacks
    .toReversed()
    .flatMap((stack) => stack.groups.toReversed())
    .toSorted((a, b) => b.rank - a.rank)
    .map(stepsOf);
  const least = stacks.toReversed();
  return [
    ...groups.flatMap(({ details }) => details),
    [marker, 2],
    ...groups.flatMap(({ lines }) => lines),
    [quietNames, 0],
    ...least.map((one): Step => [one, 1]),
    ...least.map((one): Step => [one, 0]),
    [marker, 0],
  ];
}

function commentText(comment: Comment): string {
  const { explanations, stacks, quiet, footer } = comment;
  const [lone] = explanations.length === 1 ? stacks : [];
  const changes = explanations.flatMap((one) => one.changes);
  const blocks = [
    `## ${inMarkdown([headlineOf(explanations), " — ", ...titleOf(comment)])}`,
    ...(changes.some(changesSomething) ? [introduction] : []),
    ...(changes.length > 0 ? [inMarkdown([overviewOf(changes)])] : []),
    ...(lone
      ? stackBlocks(lone, 3)
      : stacks.filter(({ level }) => level === 3).flatMap(stackSection)),
    ...(lone ? [] : shortStacks(stacks)),
    ...quietLine(quiet, comment.quietNames),
    ...(footer ? [`<sub>${inMarkdown([shortened(footer)])}</sub>`] : []),
    markerText(comment),
  ];
  return `${blocks.filter((one) => one !== "").join("\n\n")}\n`;
}

/** What the comment is about: the stack, or the projects and how many stacks. */
function titleOf({ explanations, stacks, id }: Comment): Span[] {
  const [lone] = explanations.length === 1 ? stacks : [];
  return lone ? [lone.label] : [{ code: id }, `, ${grouped(explanations.length)} stacks`];
}

const introduction =
  "What deploying this (`pulumi up`) does to what is running now, the worst first:";

function stackSection(stack: StackPart): string[] {
  const { explanation, label } = stack;
  const { changes } = explanation;
  return [
    `### ${inMarkdown([label, ": ", lowered(headlineOf([explanation]))])}`,
    ...(changes.length > 0 ? [inMarkdown([overviewOf(changes)])] : []),
    ...stackBlocks(stack, 4),
  ];
}

function lowered(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

/** What a stack has below its heading and its counts. */
function stackBlocks({ explanation, groups, short, level }: StackPart, depth: number): string[] {
  if (level < 3) return ["Nothing more is listed here, because the text would be too long."];
  const { hasFailed, changes } = explanation;
  const cost = totalCost(changes);
  return [
    ...(hasFailed ? [failure] : []),
    ...groups.map((one) => groupText(one, depth)),
    ...(cost ? [inMarkdown(cost)] : []),
    `<sub>Reviewed as ${inMarkdown([{ code: short }])}</sub>`,
  ];
}

const failure = "`pulumi preview` failed, so what follows may be incomplete.";

/** Stacks for whose sections there is no room. */
function shortStacks(stacks: readonly StackPart[]): string[] {
  const lines = stacks
    .filter(({ level }) => level === 1)
    .map(
      ({ explanation, label }) =>
        `- ${inMarkdown([label, ": ", lowered(headlineOf([explanation]))])}`,
    );
  const rest = stacks.filter(({ level }) => level === 0).length;
  const more =
    rest > 0
      ? [`- ${grouped(rest)} more stacks, not listed here, because the text would be too long`]
      : [];
  return [[...lines, ...more].join("\n")];
}

/** The stacks without a change, in one line. */
function quietLine(quiet: readonly StackPart[], names: Part): string[] {
  if (quiet.length === 0) return [];
  const count = quiet.length === 1 ? "1 stack" : `${grouped(quiet.length)} stacks`;
  if (names.level < 3) return [`✅ No changes in ${count}.`];
  return [`✅ No changes in ${quiet.map(({ label }) => inMarkdown([label])).join(", ")}.`];
}

function markerText({ stacks, quiet, marker, id }: Comment): string {
  const parts = [...stacks, ...quiet].map(({ explanation, long, short }) =>
    markerPart(explanation, marker.level === 3 ? long : short),
  );
  return markerOf(id, marker.level > 0 ? parts : []);
}
