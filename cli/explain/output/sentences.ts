import type { Effect } from "../../../provider/resource/plan-rules";
import { visibleLines } from "../../visible";
import type { ChangedCost, Message, PropertyChange, ResourceChange } from "../model";
import { grouped, shortened } from "./excerpt";
import { sectionOf, sectionWords } from "./sections";
import { changeSpans, joined, type Span } from "./spans";

/** How many properties a line names. */
const most = 3;

/** How much of a message, or of a reason, is shown on a line, in characters. */
const longestText = 600;

/** Up to which length several lines of a message become one sentence. */
const shortText = 300;

/** How many lines of a message are shown when it is unfolded. */
const mostLines = 100;

/** What is said of one resource, whatever the format. */
export interface Sentences {
  /** The resource, what happens to it, the consequence, and why. */
  main: Span[];
  /** What else a reviewer has to know, and what the engine and policies say of it. */
  remarks: Span[][];
}

const verbs: Readonly<Record<ResourceChange["operation"], string>> = {
  create: "is created",
  replace: "is replaced",
  update: "is updated",
  delete: "is deleted",
  abandon: "leaves the stack",
  import: "is taken into the stack as it is",
  read: "is only read",
  keep: "stays unchanged",
  refuse: "is refused",
};

/** The effects that stand out in a line. */
const severe: readonly Effect["kind"][] = ["data loss", "deletion", "interruption"];

/** Says what happens to a resource. */
export function sentencesOf(change: ResourceChange): Sentences {
  const { name, notes, messages } = change;
  const cost = costOf(change);
  const reasons = reasonsOf(change);
  const why = reasons.length > 0 ? [` Why: ${ended(reasons.join("; "))}`] : [];
  const errors = messages.filter(isError);
  const others = messages.filter((one) => !isError(one));
  return {
    main: [
      ...[{ name: shortened(name) }, " (", typeOf(change), ") ", verbOf(change)],
      ...propertiesOf(change),
      ...[".", ...consequenceOf(change), ...why],
      ...(cost ? [" ", ...cost] : []),
    ],
    remarks: [
      ...errors.map(messageOf),
      ...[...new Set(notes)].map((note): Span[] => [sentence(note)]),
      ...others.map(messageOf),
    ],
  };
}

/** What it does to data and service, unless the heading or the verb says the same. */
function consequenceOf(change: ResourceChange): Span[] {
  const { effect, operation } = change;
  if (!effect?.text || operation === "keep") return [];
  if (effect.text === sectionWords[sectionOf(change)].heading.toLowerCase()) return [];
  const isHypothetical = operation === "refuse" && effect.kind !== "none";
  const text = sentence(isHypothetical ? `if it were carried out: ${effect.text}` : effect.text);
  return [" ", severe.includes(effect.kind) ? { strong: text } : text];
}

/** Why it happens: of the resource as a whole, and of the properties that the sentence names. */
export function reasonsOf(change: ResourceChange): string[] {
  const own = namedIn(change).flatMap(({ why }) => why ?? []);
  return [...new Set([...change.reasons, ...own])];
}

function isError({ severity }: Message): boolean {
  return severity === "error";
}

/** The type of a resource: ours with its system, another's as code, since it has colons. */
function typeOf({ definition, type }: ResourceChange): Span {
  return definition ? `${shortened(type)}, ${definition.system.title}` : { code: shortened(type) };
}

function verbOf({ operation, order }: ResourceChange): string {
  const which =
    order === "new first" ? "the new one is created first" : "the old one is deleted first";
  return operation === "replace" && order ? `${verbs.replace} (${which})` : verbs[operation];
}

/** The operations of which no property is worth a word: all are new, or none changes. */
const wholes: readonly ResourceChange["operation"][] = [
  ...(["create", "import", "read", "keep", "delete", "abandon"] as const),
];

/** What has one side only: all of it is new, or all of it goes. */
export function sideOf({ operation }: ResourceChange): "from" | "to" | undefined {
  if (operation === "create" || operation === "import") return "to";
  return operation === "delete" || operation === "abandon" ? "from" : undefined;
}

/** The properties that the sentence has. */
export function namedIn({ operation, properties }: ResourceChange): readonly PropertyChange[] {
  return wholes.includes(operation) ? [] : properties.slice(0, most);
}

function propertiesOf(change: ResourceChange): Span[] {
  const named = namedIn(change);
  if (named.length === 0) return [];
  const rest = change.properties.length - named.length;
  const more = rest > 0 ? [`, and ${grouped(rest)} more`] : [];
  return [": ", ...joined(named.map(changeSpans), ", "), ...more];
}

/** What an error, a warning or a policy says, on one line. */
export function messageOf({ severity, text, policy }: Message): Span[] {
  const lines = visibleLines(text);
  const shown = startOf(lines);
  const rest = lines.length - shown.length;
  const more = rest > 0 ? ` (and ${grouped(rest)} more ${rest === 1 ? "line" : "lines"})` : "";
  const kind = { error: "Error", warning: "Warning", info: "Note" }[severity];
  const of: Span[] = policy ? [" of the policy ", { code: shortened(policy) }] : [];
  const first = shown.join(" ");
  return [
    { strong: policy ? policyWords[severity] : kind },
    ...of,
    `: ${first.length > longestText ? shortened(first) : first}${more}`,
  ];
}

/** As many lines as a sentence has room for, and at least one. */
function startOf(lines: readonly string[]): string[] {
  let length = 0;
  const end = lines.findIndex((line) => {
    length += line.length + 1;
    return length > shortText;
  });
  return lines.slice(0, end === -1 ? lines.length : Math.max(end, 1));
}

/** What becomes of a run that a policy speaks about. */
const policyWords: Readonly<Record<Message["severity"], string>> = {
  error: "Violation",
  warning: "Advice",
  info: "Remark",
};

/** The lines of a message that its sentence does not show in full, for people who unfold them. */
export function linesOf({ text }: Message): string[] {
  const lines = visibleLines(text);
  if (startOf(lines).length === lines.length && (lines[0] ?? "").length <= longestText) return [];
  const shown = lines
    .slice(0, mostLines)
    .map((line) => (line.length > 2000 ? shortened(line) : line));
  const rest = lines.length - shown.length;
  return rest > 0 ? [...shown, `… and ${grouped(rest)} more lines`] : shown;
}

/** What a change does to the costs; undefined: nothing, or nobody asked. */
function costOf({ cost }: ResourceChange): Span[] | undefined {
  if (!cost) return undefined;
  const difference = differenceOf(cost);
  const note = cost.note ? shortened(cost.note) : "";
  if (difference === undefined) {
    return ["Cost: ", ...(note ? [`not known, ${note}`] : ["not known"]), "."];
  }
  if (difference === 0) return undefined;
  return [...differenceSpans(difference), note ? ` (${note}).` : "."];
}

/** `$35.00`, without a sign. */
function dollars(amount: number): string {
  const [whole = "", cents = ""] = Math.abs(amount).toFixed(2).split(".");
  return `$${grouped(Number(whole))}.${cents}`;
}

/** `$35.00 more per month`: with a sign, a line could end between it and the amount. */
function differenceSpans(difference: number): Span[] {
  return [{ code: dollars(difference) }, ` ${difference < 0 ? "less" : "more"} per month`];
}

/** What all changes do to the costs; undefined: nothing, or nobody asked. */
export function totalCost(changes: readonly ResourceChange[]): Span[] | undefined {
  const costs = changes.flatMap(({ cost }) => cost ?? []);
  if (costs.length === 0) return undefined;
  const known = costs.flatMap((one) => differenceOf(one) ?? []);
  const unknown = costs.length - known.length;
  const start: Span[] = [{ strong: "Cost:" }, " "];
  if (known.length === 0) return [...start, `not known of ${counted(unknown)}.`];
  const rest = unknown === 0 ? "." : `, not counting ${counted(unknown)} whose cost is not known.`;
  return [...start, ...differenceSpans(known.reduce((sum, one) => sum + one, 0)), rest];
}

function counted(count: number): string {
  return count === 1 ? "1 resource" : `${grouped(count)} resources`;
}

/** By how much a change makes a month dearer, in dollars; undefined: not known. */
function differenceOf({ before, after }: ChangedCost): number | undefined {
  return before === undefined || after === undefined ? undefined : after - before;
}

/** `a text` as a sentence: `A text.` */
function sentence(text: string): string {
  const isWord = /^[a-z]+(?![a-zA-Z0-9_.:`])/.test(text);
  return ended(isWord ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : text);
}

function ended(text: string): string {
  const shown = text.length > longestText ? shortened(text) : text;
  return /[.!?…]$/.test(shown) ? shown : `${shown}.`;
}
