import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { type DefaultTreeAdapterTypes, parseFragment } from "parse5";
import { repository } from "../../build/repository.ts";

/** Every page of the repository. */
export const pages = globSync("{,.github/**/,{docs,examples,test}/**/}*.md", { cwd: repository })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => !file.includes("node_modules"));

/** What a page links to, pictures too, and the places in it that can be linked to. */
export interface Linked {
  links: string[];
  anchors: string[];
}

/** Reads Markdown as GitHub shows it. */
export function linked(markdown: string): Linked {
  const html = micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  const found: Linked = { links: [], anchors: [] };
  visit(parseFragment(html), found);
  return found;
}

const read = new Map<string, Linked>();

/** The links and anchors of a page of the repository. */
export function linkedIn(page: string): Linked {
  const known = read.get(page) ?? linked(readFileSync(join(repository, page), "utf8"));
  read.set(page, known);
  return known;
}

/** Whether a link leads out of the repository. */
export function isExternal(link: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(link);
}

/** What is wrong with a page's link into the repository; undefined: nothing. */
export function problemOf(page: string, link: string): string | undefined {
  const [path = "", anchor] = link.split("#");
  const beside = join(dirname(page), decodeURIComponent(path));
  const target = path === "" ? page : normalize(beside).replaceAll("\\", "/");
  if (!existsSync(join(repository, target))) return `${page}: ${link}: no such file`;
  if (anchor === undefined || linkedIn(target).anchors.includes(anchor)) return undefined;
  return `${page}: ${link}: no such heading`;
}

function visit(node: DefaultTreeAdapterTypes.ParentNode, found: Linked): void {
  for (const child of node.childNodes) {
    if (!("tagName" in child)) continue;
    for (const { name, value } of child.attrs) {
      if (name === "href" || name === "src") found.links.push(value);
      if (name === "id" || name === "name") found.anchors.push(value);
    }
    if (/^h[1-6]$/.test(child.tagName)) found.anchors.push(anchorOf(textOf(child), found.anchors));
    visit(child, found);
  }
}

function textOf(node: DefaultTreeAdapterTypes.ParentNode): string {
  return node.childNodes
    .map((child) => ("childNodes" in child ? textOf(child) : "value" in child ? child.value : ""))
    .join("");
}

/** As GitHub makes a heading's anchor: the second of the same text ends in `-1`. */
function anchorOf(heading: string, before: readonly string[]): string {
  const anchor = heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(" ", "-");
  let unique = anchor;
  for (let count = 1; before.includes(unique); count++) unique = `${anchor}-${count}`;
  return unique;
}
