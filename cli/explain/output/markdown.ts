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
  /** What happens to it, in one line. */
  title: string;
  groups: readonly Group[];
  /** What is below the groups. */
  tail: readonly string[];
  long: string;
  short: string;
}

/** A comment in the making. The marker has, at level 3, long fingerprints, at 2 short ones, at 0 none. */
interface Comment {
  /** What is always there: the title and all counts. */
  head: readonly string[];
  /** Of a comment about one stack: that one. */
  lone?: StackPart;
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
  throw new LengthTooSmall(
    `--max-length: the counts alone need more than ${most}. Give a larger one.`,
  );
}

function commentOf(explanations: readonly Explanation[], options: MarkdownOptions): Comment {
  const parts = worstFirst(explanations).map(stackPart);
  const [lone] = parts.length === 1 ? parts : [];
  const id = commentId(explanations, options.id);
  const what: Span[] = lone ? [lone.label] : [{ code: id }, `, ${grouped(parts.length)} stacks`];
  return {
    head: headOf(explanations, what),
    lone,
    stacks: parts.filter(({ explanation }) => lone || !isQuiet(explanation)),
    quiet: parts.filter(({ explanation }) => !lone && isQuiet(explanation)),
    quietNames: { level: 3 },
    marker: { level: 3 },
    id,
    footer: options.footer,
  };
}

function headOf(explanations: readonly Explanation[], what: readonly Span[]): string[] {
  const changes = explanations.flatMap((one) => one.changes);
  return [
    `## ${inMarkdown([headlineOf(explanations), " — ", ...what])}`,
    ...(explanations.length === 1 ? failureOf(explanations[0]) : []),
    ...(changes.some(changesSomething) ? [introduction] : []),
    ...(changes.length > 0 ? [inMarkdown([overviewOf(changes)])] : []),
  ];
}

const introduction =
  "What deploying this (`pulumi up`) does to what is running now, the worst first:";

function failureOf(explanation: Explanation | undefined): string[] {
  return explanation?.hasFailed
    ? ["`pulumi preview` failed, so what follows may be incomplete."]
    : [];
}

function stackPart(explanation: Explanation): StackPart {
  const { changes, messages } = explanation;
  const label: Span = { code: shortened(labelOf(explanation)) };
  const headline = headlineOf([explanation]);
  const cost = totalCost(changes);
  const short = shortFingerprintOf(explanation);
  const groups = [
    ...messageKinds.first.map((kind) => messagesGroup(messages, kind)),
    ...sectionsOf(changes).map(changesGroup),
    ...messageKinds.last.map((kind) => messagesGroup(messages, kind)),
  ];
  return {
    level: 3,
    explanation,
    label,
    title: inMarkdown([label, `: ${headline.charAt(0).toLowerCase()}${headline.slice(1)}`]),
    groups: groups.filter((one) => one !== undefined),
    tail: [
      ...(cost ? [inMarkdown(cost)] : []),
      `<sub>Reviewed as ${inMarkdown([{ code: short }])}</sub>`,
    ],
    long: fingerprintOf(explanation),
    short,
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
  const { head, lone, stacks, quiet, footer } = comment;
  const sections = lone
    ? stackBlocks(lone, 3)
    : [...stacks.flatMap(stackSection), ...shortStacks(stacks)];
  const blocks = [
    ...head,
    ...sections,
    ...quietLine(quiet, comment.quietNames),
    ...(footer ? [`<sub>${inMarkdown([shortened(footer)])}</sub>`] : []),
    markerText(comment),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** A stack among several. */
function stackSection(stack: StackPart): string[] {
  if (stack.level < 3) return [];
  return [`### ${stack.title}`, ...failureOf(stack.explanation), ...stackBlocks(stack, 4)];
}

/** What a stack has below its heading and its counts. */
function stackBlocks({ groups, tail, level }: StackPart, depth: number): string[] {
  if (level < 3) return ["Nothing more is listed here, because the text would be too long."];
  return [...groups.map((one) => groupText(one, depth)), ...tail];
}

/** Stacks for whose sections there is no room. */
function shortStacks(stacks: readonly StackPart[]): string[] {
  const lines = stacks.filter(({ level }) => level === 1).map(({ title }) => `- ${title}`);
  const rest = stacks.filter(({ level }) => level === 0).length;
  const more = `- ${grouped(rest)} more stacks, not listed here, because the text would be too long`;
  const all = rest > 0 ? [...lines, more] : lines;
  return all.length > 0 ? [all.join("\n")] : [];
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
