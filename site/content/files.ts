import { addressOf, type Form, rewriteLinks, type Targets } from "./links.ts";
import type { Page } from "./pages.ts";
import type { Settings } from "./settings.ts";
import { pagesIn, sidebarOf } from "./sidebar.ts";

/**
 * The files that the site is built from, by their paths in `site/`: each page as Starlight reads it and, in
 * `public/`, as Markdown for programs that read, with a list of all in `llms.txt`.
 */
export function filesOf(pages: readonly Page[], settings: Settings): Map<string, string> {
  const targets = (form: Form): Targets => ({ pages, form, ...settings });
  const files = new Map<string, string>();
  for (const page of pages) {
    files.set(`src/content/docs/${page.id}.md`, pageFile(page, targets("page")));
    files.set(`public/${page.id}.md`, twinOf(page, targets("markdown")));
  }
  files.set("public/llms.txt", listOf(pages, settings));
  files.set("src/content/docs/404.md", missingPage(pages, settings));
  return files;
}

/** What is shown for an address that no page has: where each group of the sidebar begins. */
function missingPage(pages: readonly Page[], { base }: Settings): string {
  const frontmatter = { title: "There is no such page", editUrl: false, pagefind: false };
  const ways = sidebarOf(pages).groups.flatMap((group) => {
    const first = pagesIn(group)[0];
    if (!first) return [];
    return `- ${group.label}: [${first.title}](${addressOf(first.id, { base, form: "page" })})`;
  });
  const text = `Search for what you need, or begin with one of these:\n\n${ways.join("\n")}`;
  return `---\n${JSON.stringify(frontmatter)}\n---\n\n${text}\n`;
}

function pageFile(page: Page, targets: Targets): string {
  const twin = addressOf(page.id, { ...targets, form: "markdown" });
  const link = { tag: "link", attrs: { rel: "alternate", type: "text/markdown", href: twin } };
  // Its own title would be on the home page twice: the site has the same one.
  const own = page.id === "index" ? [{ tag: "title", content: page.title }] : [];
  const frontmatter = { title: page.title, description: page.description, head: [link, ...own] };
  // JSON is YAML.
  return `---\n${JSON.stringify(frontmatter)}\n---\n\n${forBrowser(rewriteLinks(page, targets))}\n`;
}

/** Blocks that can be opened, with a program in a language each, one after the other. */
const languages =
  /(?:<details[^>]*><summary>[^<]+<\/summary>\n\n```[\s\S]*?\n```\n\n<\/details>\s*){2,}/g;

/** Whole messages, as people paste them into the search: they count more than a page that has their words. */
const messages = /(?:^> .+\n)+/gm;

/** A page without what it has only because GitHub has no contents beside it, no tabs and no search of its own. */
function forBrowser(markdown: string): string {
  return markdown
    .replaceAll(messages, (quoted) => `<div data-pagefind-weight="5">\n\n${quoted}\n</div>\n`)
    .replace(/^On this page: \[.+\n\n/m, "")
    .replaceAll(languages, (blocks) => `<language-tabs>\n\n${blocks}\n</language-tabs>\n\n`);
}

function twinOf(page: Page, targets: Targets): string {
  return `# ${page.title}\n\n${rewriteLinks(page, targets)}\n`;
}

/** As llmstxt.org describes it: what this is, and where each page is, in the sidebar's order. */
function listOf(pages: readonly Page[], { origin, base }: Settings): string {
  const home = pages.find(({ id }) => id === "index");
  const sections = sidebarOf(pages).groups.map((group) => {
    const lines = pagesIn(group).map(({ id, title, description }) => {
      const address = addressOf(id, { base, form: "markdown" });
      return `- [${title}](${origin ?? ""}${address}): ${description}`;
    });
    return `## ${group.label}\n\n${lines.join("\n")}\n`;
  });
  return `# ${home?.title}\n\n> ${home?.description}\n\n${sections.join("\n")}`;
}
