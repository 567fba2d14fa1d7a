import { posix } from "node:path";
import { errorId } from "./errors.ts";
import type { Page } from "./pages.ts";

/** The form of a page that links lead to: the page itself, or its Markdown. */
export type Form = "page" | "markdown";

/** What links are resolved with. */
export interface Targets {
  pages: readonly Page[];
  /** The path of the site, without a slash at its end: empty at the root of a host. */
  base: string;
  /** Where files that are not on the site can be read; null: nowhere yet. */
  repository: string | null;
  form: Form;
}

/** The address of a page, or of its Markdown. */
export function addressOf(id: string, { base, form }: Pick<Targets, "base" | "form">): string {
  if (form === "markdown") return `${base}/${id}.md`;
  return id === "index" ? `${base}/` : `${base}/${id}/`;
}

/** Blocks and spans of code, in which nothing is a link, or a link or picture with its text and target. */
const pattern =
  /^([ \t]*)(`{3,}|~{3,})[\s\S]*?^[ \t]*\2|(`+)(?!`)[\s\S]*?[^`]\3(?!`)|(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)/gm;

/** A page's Markdown with links that work on the site. What can't be reached is text without a link. */
export function rewriteLinks(page: Page, targets: Targets): string {
  return page.body.replaceAll(
    pattern,
    (whole: string, ...[, , , image, text, href]: (string | undefined)[]) => {
      if (text === undefined || href === undefined) return whole;
      const target = resolve(page, href, targets);
      return target === undefined ? text : `${image}[${text}](${target})`;
    },
  );
}

/** Where a link of a page leads on the site; undefined: to a file that is not there. */
function resolve(from: Page, href: string, targets: Targets): string | undefined {
  if (/^[a-z][a-z\d+.-]*:/i.test(href)) return href;
  const [path = "", anchor] = href.split("#");
  const beside = posix.normalize(posix.join(posix.dirname(from.source), path));
  const file = path === "" ? from.source : beside;
  const page = targets.pages.find((one) => one.source === file || one.id === file);
  if (page) return toPage(from, page, anchor, targets);
  if (/^docs\/.+\.(svg|png|json)$/.test(file)) return `${targets.base}/${file.slice(5)}`;
  return targets.repository === null ? undefined : `${targets.repository}/blob/main/${file}`;
}

function toPage(from: Page, page: Page, anchor: string | undefined, targets: Targets): string {
  const error = targets.pages.find(
    ({ id, source }) => source === page.source && id === errorId(anchor ?? ""),
  );
  if (error) return addressOf(error.id, targets);
  if (anchor === undefined) return addressOf(page.id, targets);
  return page.id === from.id ? `#${anchor}` : `${addressOf(page.id, targets)}#${anchor}`;
}
