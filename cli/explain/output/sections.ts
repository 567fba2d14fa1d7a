import type { Explanation, ResourceChange } from "../model";
import { grouped } from "./excerpt";

/** Under which heading a change is shown: the worst first. */
export const sectionKinds = [
  "refused",
  "data loss",
  "deletion",
  "unknown",
  "interruption",
  "redeployment",
  "in place",
  "created",
  "abandoned",
  "none",
  "others",
] as const;

export type SectionKind = (typeof sectionKinds)[number];

interface SectionWords {
  /** A mark of how bad it is, for people who look at the comment for a second. */
  icon: string;
  heading: string;
  /** After a count, of one resource and of several: `1 is deleted`, `2 are deleted`. */
  counted: readonly [one: string, several: string];
}

export const sectionWords: Readonly<Record<SectionKind, SectionWords>> = {
  refused: {
    icon: "⛔",
    heading: "Refused: `pulumi up` will fail",
    counted: ["is refused", "are refused"],
  },
  "data loss": { icon: "🔴", heading: "Data is lost", counted: ["loses data", "lose data"] },
  deletion: { icon: "🔴", heading: "Deleted", counted: ["is deleted", "are deleted"] },
  unknown: {
    icon: "🟠",
    heading: "Replaced, with an effect that is not known",
    counted: ["is replaced with an unknown effect", "are replaced with an unknown effect"],
  },
  interruption: {
    icon: "🟠",
    heading: "Interrupted",
    counted: ["is interrupted", "are interrupted"],
  },
  redeployment: {
    icon: "🟡",
    heading: "Redeployed",
    counted: ["is redeployed", "are redeployed"],
  },
  "in place": {
    icon: "🟢",
    heading: "Changed in place, without interruption",
    counted: ["changes in place", "change in place"],
  },
  created: { icon: "🟢", heading: "Created", counted: ["is created", "are created"] },
  abandoned: {
    icon: "⚪",
    heading: "Left running, but no longer managed",
    counted: ["is left running", "are left running"],
  },
  none: {
    icon: "⚪",
    heading: "No effect on data or service",
    counted: ["without effect", "without effect"],
  },
  others: {
    icon: "⚪",
    heading: "Other providers' resources",
    counted: ["of other providers", "of other providers"],
  },
};

/** Under which heading a change belongs. */
export function sectionOf({ operation, definition, effect }: ResourceChange): SectionKind {
  if (operation === "refuse") return "refused";
  if (!definition) return "others";
  if (operation === "abandon") return "abandoned";
  if (operation === "keep" || operation === "read") return "none";
  if (effect && effect.kind !== "none" && effect.kind !== "in place") return effect.kind;
  if (operation === "create" || operation === "import") return "created";
  if (operation === "delete") return "deletion";
  if (!effect) return operation === "update" ? "in place" : "unknown";
  return effect.kind;
}

/** The changes of one heading. */
export interface Section {
  kind: SectionKind;
  changes: readonly ResourceChange[];
}

/** The headings that have something below them, the worst first. */
export function sectionsOf(changes: readonly ResourceChange[]): Section[] {
  const byKind = Map.groupBy(changes, sectionOf);
  return sectionKinds.flatMap((kind) => {
    const found = byKind.get(kind);
    return found ? [{ kind, changes: found }] : [];
  });
}

/** Whether anything happens at all: what is only said of a resource is not a change. */
export function changesSomething({ operation }: ResourceChange): boolean {
  return operation !== "keep" && operation !== "read";
}

/** Whether a stack needs more than one line: something changes, or there is something to say. */
export function isQuiet({ hasFailed, changes, messages }: Explanation): boolean {
  return !hasFailed && changes.length === 0 && messages.length === 0;
}

/** The counts of all headings, in one line: `2 lose data · 1 is deleted`. */
export function overviewOf(changes: readonly ResourceChange[]): string {
  return sectionsOf(changes)
    .map(({ kind, changes: found }) => `${sectionWords[kind].icon} ${countOf(kind, found.length)}`)
    .join(" · ");
}

function countOf(kind: SectionKind, count: number, noun = ""): string {
  const [one, several] = sectionWords[kind].counted;
  return `${grouped(count)}${noun} ${count === 1 ? one : several}`;
}

/** What a title counts: what is destructive; if nothing is, what is interrupted; else what happens. */
const titled: readonly (readonly SectionKind[])[] = [
  ["data loss", "deletion", "unknown", "refused"],
  ["interruption"],
  ["redeployment", "in place", "created", "abandoned"],
];

/** What happens, in one line that a title has room for: `2 resources lose data, 1 is deleted`. */
export function headlineOf(explanations: readonly Explanation[]): string {
  const changes = explanations.flatMap((one) => one.changes).filter(changesSomething);
  const counts = Map.groupBy(changes, sectionOf);
  const kinds = titled.find((all) => all.some((kind) => counts.has(kind))) ?? [];
  const found = kinds.flatMap((kind) => [{ kind, count: counts.get(kind)?.length ?? 0 }]);
  const parts = found
    .filter(({ count }) => count > 0)
    .map(({ kind, count }, at) =>
      countOf(kind, count, at > 0 ? "" : count === 1 ? " resource" : " resources"),
    );
  const all = [
    ...failuresIn(explanations),
    ...parts,
    ...othersIn(counts.get("others") ?? [], kinds === titled[2] || kinds.length === 0),
  ];
  const text =
    all.join(", ") || (changes.length > 0 ? "no effect on data or service" : "no changes");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function failuresIn(explanations: readonly Explanation[]): string[] {
  const failed = explanations.filter(({ hasFailed }) => hasFailed).length;
  if (failed === 0) return [];
  if (explanations.length === 1) return ["the preview failed"];
  return [`${grouped(failed)} of ${grouped(explanations.length)} previews failed`];
}

/** Of other providers' resources, what is deleted or replaced; if nothing is, and nothing worse is titled, the rest. */
function othersIn(others: readonly ResourceChange[], isRestTitled: boolean): string[] {
  const gone = others.filter(
    ({ operation }) => operation === "delete" || operation === "replace",
  ).length;
  if (gone > 0) return [`${grouped(gone)} of other providers deleted or replaced`];
  if (!isRestTitled || others.length === 0) return [];
  return [
    `${grouped(others.length)} of other providers ${others.length === 1 ? "changes" : "change"}`,
  ];
}

/** How bad a stack is: a number to sort by, the worst first. */
export function severityOf(explanation: Explanation): number {
  if (explanation.hasFailed) return -1;
  const [worst] = sectionsOf(explanation.changes.filter(changesSomething));
  return worst ? sectionKinds.indexOf(worst.kind) : sectionKinds.length;
}

/** The stacks, the worst first; of one severity, by name. */
export function worstFirst(explanations: readonly Explanation[]): Explanation[] {
  const keyed = explanations.map((one) => ({ one, key: severityOf(one), label: labelOf(one) }));
  return keyed
    .sort((a, b) => a.key - b.key || (a.label < b.label ? -1 : a.label > b.label ? 1 : 0))
    .map(({ one }) => one);
}

/** What a stack is called: `shop/production`. Of a preview that names none, where it was read from. */
export function labelOf({ project, stack, source }: Explanation): string {
  return stack === undefined ? source : project === undefined ? stack : `${project}/${stack}`;
}
