import { headingAnchor } from "./markdown";

/** The line that links to the sections of a page. It stays readable in a terminal, where links have no targets. */
export const contentsLine = "On this page:";

const line = new RegExp(`^${contentsLine}.*$`, "m");

/** Whether a page has a line of contents. */
export function hasContents(page: string): boolean {
  return line.test(page);
}

/** A page whose line of contents names its sections of the second degree. */
export function withContents(page: string): string {
  const text = page.replaceAll(/^```[\s\S]*?^```$/gm, "");
  const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading = ""]) => heading);
  const links = headings.map((heading) => `[${heading}](#${headingAnchor(heading)})`);
  return page.replace(line, () => `${contentsLine} ${links.join(" · ")}`);
}
