import { createHash } from "node:crypto";
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
  return `${stackKeyOf(explanation)}=${fingerprint}`;
}

/** What a stack is called in a marker: `shop/dev`. Of a name that is too long, its start and a digest. */
function stackKeyOf({ project = "", stack = "" }: Pick<Explanation, "project" | "stack">): string {
  return [project, stack].map(keyOf).join("/");
}

function keyOf(name: string): string {
  const text = encoded(name);
  if (text.length <= longestId) return text;
  return `${text.slice(0, 40)}.${createHash("sha256").update(name).digest("base64url")}`;
}

/** The hidden line itself. */
export function markerOf(id: string, parts: readonly string[]): string {
  return `<!-- ${["formations explain:", id, ...parts].join(" ")} -->`;
}

/** The fingerprint that a marker in a text has of a stack. */
export function fingerprintIn(text: string, explanation: Explanation): string | undefined {
  const start = `${stackKeyOf(explanation)}=`;
  const markers = text.matchAll(/^<!-- formations explain: (\S+(?: \S+)*) -->\s*$/gm);
  const parts = [...markers].flatMap(([, all = ""]) => all.split(" ").slice(1));
  return parts.findLast((part) => part.startsWith(start))?.slice(start.length);
}

/** Percent-encoded, except for what names of projects and stacks usually have. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(/[!'()*~]/g, (one) => {
    return `%${one.charCodeAt(0).toString(16).toUpperCase()}`;
  });
}
