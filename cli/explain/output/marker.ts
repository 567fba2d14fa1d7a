import type { Explanation } from "../model";

/*
 * The hidden line at the end of a comment: `<!-- formations explain: shop shop/dev=f1.… -->`. A workflow
 * finds its comment by it, and `--expect` the fingerprints. Parts are percent-encoded, so that no name
 * ends the comment; it is at the start of a line, where no value of a preview can be.
 */

/** How long the name of a comment gets, in characters. */
const longestId = 100;

/**
 * The name of a comment, which is the same for each push: the projects.
 *
 * @param id given by the user, for a second comment on one pull request
 */
export function commentId(explanations: readonly Explanation[], id?: string): string {
  const projects = new Set(explanations.flatMap(({ project }) => project ?? []));
  const text = id ?? [...projects].toSorted().join("+");
  return encoded(text || "unknown").slice(0, longestId);
}

/** A marker's part for each stack: `shop/dev=f1.…`. */
export function markerPart(explanation: Explanation, fingerprint: string): string {
  const { project = "", stack = "" } = explanation;
  return `${encoded(project)}/${encoded(stack)}=${fingerprint}`;
}

/** The hidden line itself. */
export function markerOf(id: string, parts: readonly string[]): string {
  return `<!-- ${["formations explain:", id, ...parts].join(" ")} -->`;
}

/** The fingerprints that markers in a text have, by `project/stack`. */
export function fingerprintsIn(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, parts = ""] of text.matchAll(
    /^<!-- formations explain: (\S+(?: \S+)*) -->\s*$/gm,
  )) {
    for (const part of parts.split(" ").slice(1)) {
      const [, name = "", fingerprint] = /^([^=]+)=(\S+)$/.exec(part) ?? [];
      if (fingerprint) found.set(decoded(name), fingerprint);
    }
  }
  return found;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Percent-encoded, except for what names of projects and stacks usually have. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(/[!'()*~]/g, (one) => {
    return `%${one.charCodeAt(0).toString(16).toUpperCase()}`;
  });
}
