import type { Message, ResourceChange } from "../model";
import type { Part, Step } from "./budget";
import { detailsOf, foldedText } from "./details";
import { inHtml, inMarkdown } from "./escape";
import { grouped, shortened } from "./excerpt";
import { type Section, type SectionKind, sectionKinds, sectionWords } from "./sections";
import { linesOf, messageOf, sentencesOf } from "./sentences";

/** What is listed below one heading. */
export interface Group {
  /** How bad it is; 0 is the worst. */
  rank: number;
  heading: string;
  items: readonly Item[];
  /** What is visible if the list is folded; undefined: it is not. */
  summary?: string;
}

/** One line of a list. At level 3 it is shown with its details, at 2 without, at 1 by name, at 0 counted. */
export interface Item extends Part {
  line: string;
  details?: string;
  /** Undefined: it has none, and is counted instead. */
  name?: string;
}

/** The changes of one section. */
export function changesGroup({ kind, changes }: Section): Group {
  const { icon, heading } = sectionWords[kind];
  return {
    rank: sectionKinds.indexOf(kind) + 1,
    heading: `${icon} ${heading} (${grouped(changes.length)})`,
    items: changes.map((one) => (kind === "others" ? otherItem(one) : changeItem(one))),
    summary: kind === "others" ? operationsIn(changes) : undefined,
  };
}

function changeItem(change: ResourceChange): Item {
  const { main, remarks } = sentencesOf(change);
  const lines = [`- ${inMarkdown(main)}`, ...remarks.map((one) => `  - ${inMarkdown(one)}`)];
  const details = detailsOf(change);
  return {
    level: 3,
    line: lines.join("\n"),
    details: details && `  ${details}`,
    name: nameOf(change),
  };
}

/** Another provider's resource, on one line. */
function otherItem(change: ResourceChange): Item {
  const { main, remarks } = sentencesOf(change);
  const line = [main, ...remarks].map(inMarkdown).join(" ");
  return { level: 3, line: `- ${line}`, name: nameOf(change) };
}

function nameOf({ name }: ResourceChange): string {
  return inMarkdown([{ code: shortened(name) }]);
}

const operationWords: Readonly<Record<ResourceChange["operation"], string>> = {
  delete: "deleted",
  replace: "replaced",
  refuse: "refused",
  update: "updated",
  create: "created",
  import: "imported",
  abandon: "left running",
  read: "read",
  keep: "unchanged",
};

/** `1 deleted, 2 created`, the worst first. */
export function operationsIn(changes: readonly ResourceChange[]): string {
  const counts = Map.groupBy(changes, ({ operation }) => operation);
  const operations = Object.keys(operationWords) as ResourceChange["operation"][];
  return operations
    .flatMap((one) => {
      const count = counts.get(one)?.length ?? 0;
      return count > 0 ? [`${grouped(count)} ${operationWords[one]}`] : [];
    })
    .join(", ");
}

/** The messages of a stack that are listed together. */
export interface MessageKind {
  severity: Message["severity"];
  isPolicy?: boolean;
  icon: string;
  heading: string;
  /** As bad as which section; undefined: worse than all. */
  rank?: SectionKind;
}

/** The kinds of messages that come before the changes, and those that come after. */
export const messageKinds: Readonly<Record<"first" | "last", readonly MessageKind[]>> = {
  first: [
    { severity: "error", icon: "❌", heading: "What failed" },
    { severity: "error", isPolicy: true, icon: "⛔", heading: "Refused by policies" },
  ],
  last: [
    { severity: "warning", icon: "🔔", heading: "Warnings", rank: "redeployment" },
    {
      severity: "warning",
      isPolicy: true,
      icon: "🔔",
      heading: "Advice of policies",
      rank: "redeployment",
    },
    { severity: "info", icon: "💬", heading: "Notes", rank: "none" },
    { severity: "info", isPolicy: true, icon: "💬", heading: "Notes of policies", rank: "none" },
  ],
};

/** The messages of a kind. */
export function messagesOf(
  messages: readonly Message[],
  { severity, isPolicy = false }: MessageKind,
): Message[] {
  return messages.filter(
    (one) => one.severity === severity && (one.policy !== undefined) === isPolicy,
  );
}

/** Messages of one kind, of the program, the stack or policies; undefined: there are none. */
export function messagesGroup(all: readonly Message[], kind: MessageKind): Group | undefined {
  const found = messagesOf(all, kind);
  if (found.length === 0) return undefined;
  return {
    rank: kind.rank ? sectionKinds.indexOf(kind.rank) + 1 : 0,
    heading: `${kind.icon} ${kind.heading} (${grouped(found.length)})`,
    items: found.map((one): Item => {
      const details = foldedText(linesOf(one));
      return {
        level: 3,
        line: `- ${inMarkdown(messageOf(one))}`,
        details: details && `  ${details}`,
      };
    }),
  };
}

/** A group as Markdown, at the present levels of its items. */
export function groupText({ heading, items, summary }: Group, depth: number): string {
  const lines = items.flatMap(({ level, line, details }) => {
    if (level < 2) return [];
    return level === 3 && details ? [line, details] : [line];
  });
  const names = items.flatMap(({ level, name }) => (level === 1 && name ? [name] : []));
  const rest = items.filter(({ level, name }) => level === 0 || (level === 1 && !name)).length;
  const and = lines.length > 0 ? "and " : "";
  const list = [
    ...lines,
    ...(names.length > 0 ? [`- ${and}${names.join(", ")}`] : []),
    ...(rest > 0 ? [`- ${unlisted(rest, items.length)}`] : []),
  ].join("\n");
  const head = `${"#".repeat(depth)} ${inMarkdown([heading])}`;
  if (summary === undefined) return `${head}\n\n${list}`;
  return `${head}\n\n<details><summary>${inHtml([summary])}</summary>\n\n${list}\n\n</details>`;
}

function unlisted(count: number, all: number): string {
  return count === all
    ? "not listed here, because the text would be too long"
    : `and ${grouped(count)} more, not listed here, because the text would be too long`;
}

/** The steps that leave out details, and those that leave out lines and then names: of the last item first. */
export function stepsOf({ items }: Group): { details: Step[]; lines: Step[] } {
  const last = items.toReversed();
  return {
    details: last.filter(({ details }) => details !== undefined).map((one): Step => [one, 2]),
    lines: [
      ...last.map((one): Step => [one, one.name === undefined ? 0 : 1]),
      ...last.filter(({ name }) => name !== undefined).map((one): Step => [one, 0]),
    ],
  };
}
