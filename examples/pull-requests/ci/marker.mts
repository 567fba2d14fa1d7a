import { projectName } from "./preview-file.mts";

/*
 * The hidden line with which `formations explain` ends its Markdown: the project, and each stack's fingerprint. A
 * fingerprint stands for what happens to the stack's resources: two explanations of the same changes have the same.
 */

/** The hidden line of a comment that explains nothing, so that the next run finds it. */
export function emptyMarker(): string {
  return `<!-- formations explain: ${projectName()} -->`;
}

/** Whether a text is this project's comment. A repository may have several projects. */
export function isComment(text: string): boolean {
  return markersIn(text).some(([project]) => project === projectName());
}

/** The fingerprints in a text, as one text to compare; undefined: it has none. */
export function fingerprintsOf(text: string): string | undefined {
  const own = markersIn(text).find(([project, ...stacks]) => {
    return project === projectName() && stacks.length > 0;
  });
  return own?.slice(1).toSorted().join(" ");
}

function markersIn(text: string): string[][] {
  const found = text.matchAll(/^<!-- formations explain: (.*) -->\s*$/gm);
  return [...found].map(([, parts = ""]) => parts.split(" "));
}
