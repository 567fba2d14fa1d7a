import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { splitErrors } from "./errors.ts";

/** A page of the site. */
export interface Page {
  /** Where it is on the site: `plan`, `resources/replica`; `index` is the home page. */
  id: string;
  /** The file of the repository that it is made of: `docs/plan.md`. */
  source: string;
  title: string;
  /** A sentence or two for search engines and `llms.txt`: the page's first ones. */
  description: string;
  /** Markdown below the title, with links as the source has them. */
  body: string;
}

/** Pages of Pulumi's registry, which only make sense there. */
const forRegistry = ["docs/_index.md", "docs/installation-configuration.md"];

/** Files outside `docs/` and `examples/` that are pages. */
const others: Readonly<Record<string, string>> = {
  "README.md": "index",
  "CHANGELOG.md": "changelog",
  "CONTRIBUTING.md": "contributing",
  "SECURITY.md": "security",
  "test/README.md": "tests",
};

/** What a repository has to say: every page of the site, an error code's own page included. */
export function readPages(root: string): Page[] {
  const files = globSync(["docs/**/*.md", "examples/*/README.md"], { cwd: root })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => !forRegistry.includes(file));
  return [...Object.keys(others), ...files.toSorted()]
    .map((source) => pageOf(source, readFileSync(join(root, source), "utf8")))
    .flatMap(splitErrors);
}

/** A page of its source. */
export function pageOf(source: string, text: string): Page {
  const [, heading = "", body = ""] = /^# (.+)\n([\s\S]*)$/.exec(text) ?? [];
  if (heading === "") throw new Error(`${source} does not begin with its title: "# …"`);
  return {
    id: idOf(source),
    source,
    title: plain(heading),
    description: descriptionOf(body),
    body: body.trim(),
  };
}

function idOf(source: string): string {
  const folder = /^(examples\/.+)\/README\.md$/.exec(source)?.[1];
  return others[source] ?? folder ?? source.replace(/^docs\//, "").replace(/\.md$/, "");
}

/** The sentences of the first paragraph that fit into what a search engine shows; more, if they say little. */
export function descriptionOf(body: string): string {
  const paragraph =
    body.split(/\n\s*\n/).find((block) => /^(?!```)[\w`*["“]/.test(block.trim())) ?? "";
  const sentences = plain(paragraph).split(/(?<=[.!?])\s+/);
  let text = sentences.shift() ?? "";
  for (const sentence of sentences) {
    if (text.length > 60 && text.length + sentence.length > 160) break;
    text += ` ${sentence}`;
  }
  return text.replace(/:$/, ".");
}

/** The text of a line of Markdown, without its marks. */
function plain(markdown: string): string {
  return markdown
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/[`*]/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}
