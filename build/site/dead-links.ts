import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DefaultTreeAdapterTypes, parse } from "parse5";

/** What a page of HTML points to, and the places in it that can be pointed to. */
interface Pointers {
  links: string[];
  ids: Set<string>;
}

/** Any origin does: links to other hosts are not looked at. */
const origin = "http://site.example.com";

/**
 * The links of a built site that lead nowhere within it, pictures, scripts and anchors too, each with its
 * page.
 *
 * @param base the path below which the site is to be, without a slash at its end
 */
export function deadLinks(folder: string, base: string): string[] {
  const pages = globSync("**/*.html", { cwd: folder }).map((file) => file.replaceAll("\\", "/"));
  const read = new Map(pages.map((page) => [page, pointersOf(join(folder, page))]));
  const isDead = (page: string, link: string): boolean => {
    const address = `${origin}${base}/${page.replace(/(^|\/)index\.html$/, "$1")}`;
    const url = new URL(link, address);
    if (url.origin !== origin) return false;
    if (!url.pathname.startsWith(`${base}/`)) return true;
    const path = decodeURIComponent(url.pathname.slice(base.length + 1));
    const file = path === "" || path.endsWith("/") ? `${path}index.html` : path;
    if (!existsSync(join(folder, file))) return true;
    const anchor = decodeURIComponent(url.hash.slice(1));
    return anchor !== "" && read.get(file)?.ids.has(anchor) !== true;
  };
  return [...read].flatMap(([page, { links }]) =>
    [...new Set(links)].filter((link) => isDead(page, link)).map((link) => `${page}: ${link}`),
  );
}

function pointersOf(file: string): Pointers {
  const found: Pointers = { links: [], ids: new Set() };
  visit(parse(readFileSync(file, "utf8")), found);
  return found;
}

function visit(node: DefaultTreeAdapterTypes.ParentNode, found: Pointers): void {
  for (const child of node.childNodes) {
    if (!("tagName" in child)) continue;
    for (const { name, value } of child.attrs) {
      if (name === "href" || name === "src") found.links.push(value);
      if (name === "id") found.ids.add(value);
    }
    visit(child, found);
  }
}
