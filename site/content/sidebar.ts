import type { Page } from "./pages.ts";

/** A group of pages. A name that ends in `*` stands for all pages that begin so and have no place of their own. */
export interface Group {
  label: string;
  /** IDs of pages, or a group within the group. */
  items: readonly (string | Group)[];
  /** Whether it is closed until the reader opens it. */
  collapsed?: boolean;
}

/** Every page has its place here; a test demands it. */
export const groups: readonly Group[] = [
  { label: "Start here", items: ["index", "first-steps", "languages", "real-accounts"] },
  {
    label: "Resources and functions",
    items: ["reference", "resources/*", "functions*", "configuration"],
  },
  {
    label: "Pull requests",
    items: ["pull-requests", "examples/pull-requests", "examples/policy"],
  },
  { label: "Fleets", items: ["discovering", "adopting", "scale"] },
  {
    label: "Operating",
    items: [
      "backups",
      "restoring",
      "recovering",
      "pulumi-do",
      "command-line",
      "doctor",
      "simulating",
    ],
  },
  {
    label: "Troubleshooting",
    items: ["troubleshooting", { label: "Error codes", collapsed: true, items: ["errors/*"] }],
  },
  { label: "Moving", items: ["moving-*"] },
  { label: "Concepts", items: ["plan", "guarantees", "performance", "architecture"] },
  { label: "Examples", collapsed: true, items: ["examples/*"] },
  { label: "Project", collapsed: true, items: ["changelog", "contributing", "tests", "security"] },
];

/** A group with its pages in place of their names. */
export interface FilledGroup {
  label: string;
  collapsed: boolean;
  items: (Page | FilledGroup)[];
}

/** The groups of the sidebar with their pages, and the pages that none of them places. */
export function sidebarOf(pages: readonly Page[]): { groups: FilledGroup[]; unplaced: Page[] } {
  const named = new Set(namesIn(groups));
  const left = new Set(pages);
  const fill = ({ label, collapsed = false, items }: Group): FilledGroup => ({
    label,
    collapsed,
    items: items.flatMap((item): (Page | FilledGroup)[] => {
      if (typeof item !== "string") return [fill(item)];
      const matching = [...left].filter(({ id }) => matches(item, id, named));
      for (const page of matching) left.delete(page);
      return matching;
    }),
  });
  const filled = groups.map(fill).filter((group) => pagesIn(group).length > 0);
  return { groups: filled, unplaced: [...left] };
}

/** The pages of a group, those of its inner groups too. */
export function pagesIn({ items }: FilledGroup): Page[] {
  return items.flatMap((item) => ("items" in item ? pagesIn(item) : item));
}

function matches(name: string, id: string, named: ReadonlySet<string>): boolean {
  if (!name.endsWith("*")) return name === id;
  return id.startsWith(name.slice(0, -1)) && !named.has(id);
}

function namesIn(items: readonly (string | Group)[]): string[] {
  return items.flatMap((item) => (typeof item === "string" ? item : namesIn(item.items)));
}
