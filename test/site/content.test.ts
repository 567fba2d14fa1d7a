import { globSync } from "node:fs";
import { expect, test } from "vitest";
import { repository } from "../../build/repository.ts";
import { moreAbout } from "../../provider/process/more.ts";
import { piecesOf } from "../../site/content/code.ts";
import { splitErrors } from "../../site/content/errors.ts";
import { filesOf } from "../../site/content/files.ts";
import { rewriteLinks } from "../../site/content/links.ts";
import { type Page, pageOf, readPages } from "../../site/content/pages.ts";
import { readSettings } from "../../site/content/settings.ts";
import { sidebarOf } from "../../site/content/sidebar.ts";

const pages = readPages(repository);
const nowhere = { base: "", repository: null };

test("every page of docs/ is on the site, but those of Pulumi's registry", () => {
  const sources = new Set(pages.map(({ source }) => source));
  const files = globSync("docs/**/*.md", { cwd: repository });

  expect(
    files.map((file) => file.replaceAll("\\", "/")).filter((file) => !sources.has(file)),
  ).toEqual(["docs/_index.md", "docs/installation-configuration.md"]);
});

test("the sidebar has a place for every page: site/content/sidebar.ts", () => {
  expect(sidebarOf(pages).unplaced.map(({ id }) => id)).toEqual([]);
});

test("every page has an address and a title of its own, and says what it is about", () => {
  const doubles = (names: string[]) => names.filter((name, at) => names.indexOf(name) !== at);

  expect(doubles(pages.map(({ id }) => id))).toEqual([]);
  expect(doubles(pages.map(({ title }) => title))).toEqual([]);
  expect(pages.filter(({ description }) => description.length < 20)).toEqual([]);
});

const trouble = pageOf(
  "docs/troubleshooting.md",
  `# Troubleshooting

If it fails. Look here: [401](#unauthorized).

## It won't start

\`\`\`sh
# WRONG
\`\`\`

## UNAUTHORIZED

The token is wrong. Or see [above](#it-wont-start) and [404](#not_found).

### What to do

Renew it.

## \`NOT_FOUND\`

It is gone.

## More
`,
);

test("each error code has a page of its own, and links to its section lead there", () => {
  const split = splitErrors(trouble);
  const files = filesOf(split, { base: "/x", repository: null });

  expect(split.map(({ id, title }) => `${id}: ${title}`)).toEqual([
    "troubleshooting: Troubleshooting",
    "errors/unauthorized: UNAUTHORIZED",
    "errors/not_found: NOT_FOUND",
  ]);
  expect(files.get("public/errors/unauthorized.md")).toBe(
    "# UNAUTHORIZED\n\nThe token is wrong. Or see [above](/x/troubleshooting.md#it-wont-start) and [404](/x/errors/not_found.md).\n\n## What to do\n\nRenew it.\n",
  );
  const rest = files.get("src/content/docs/troubleshooting.md");
  expect(rest).toContain("[401](/x/errors/unauthorized/)");
  expect(rest).toMatch(/# WRONG\n```\n\n## More\n$/);
});

test("what only GitHub needs is not on the site: contents in the text, programs that open one by one", () => {
  const [typescript, python] = ["TypeScript", "Python"].map(
    (name) => `<details><summary>${name}</summary>\n\n\`\`\`\ncode\n\`\`\`\n\n</details>\n\n`,
  );
  const text = `First.\n\nOn this page: [A](#a)\n\n## A\n\n${typescript}${python}Then.\n`;
  const files = filesOf([pageOf("docs/a.md", `# The title\n\n${text}`)], nowhere);

  expect(files.get("src/content/docs/a.md")?.split("---\n\n")[1]).toBe(
    `First.\n\n## A\n\n<language-tabs>\n\n${typescript}${python}\n</language-tabs>\n\nThen.\n`,
  );
  expect(files.get("public/a.md")).toBe(`# The title\n\n${text}`);
});

test("the last line of an error leads to a page of the site, whatever its code", () => {
  const errors = pages.filter(({ id }) => id.startsWith("errors/"));

  expect(errors.length).toBeGreaterThan(40);
  for (const { id, title } of errors) {
    expect(moreAbout(title, "https://a.dev/b/")).toContain(`More: https://a.dev/b/${id}/`);
  }
});

const plan = pageOf("docs/plan.md", "# The `plan` table\n\nWhat a change becomes.\n");

function linksOf(body: string, settings: { base: string; repository: string | null }): string {
  const page: Page = {
    ...plan,
    id: "resources/replica",
    source: "docs/resources/replica.md",
    body,
  };
  return rewriteLinks(page, { pages: [plan, page], form: "page", ...settings });
}

test.each([
  ["[a](../plan.md)", "[a](/plan/)"],
  ["[`a` [b]](../plan.md#keep)", "[`a` [b]](/plan/#keep)"],
  ["![a](../preview.svg)", "![a](/preview.svg)"],
  ["[a](https://a.dev/x.md)", "[a](https://a.dev/x.md)"],
  ["see [a file](../../build/main.ts)", "see a file"],
  ["`[a](../plan.md)`", "`[a](../plan.md)`"],
  ["``[a](../plan.md) ` ``", "``[a](../plan.md) ` ``"],
  ["```md\n[a](../plan.md)\n```", "```md\n[a](../plan.md)\n```"],
])("%s becomes %s", (markdown, expected) => {
  expect(linksOf(markdown, nowhere)).toBe(expected);
});

test.each([
  ["--no-preview", "text", "[--no-preview]"],
  ["npm run bench -- --help", "text", "npm run bench [--] [--help]"],
  ["FORMATIONS_CITUS_TOKEN", "text", "FORMATIONS_CITUS_TOKEN"],
  ["FORMATIONS_CITUS_TOKEN", "table", "FORMATIONS_|CITUS_|TOKEN"],
  ["AntflyBackupSchedule", "table", "Antfly|Backup|Schedule"],
  ["formations:index:Replica", "table", "formations:|index:|Replica"],
  ["--file=a --adopt-matching", "table", "[--file=a] [--adopt-matching]"],
  ["pulumi-resource-formations", "table", "pulumi-resource-formations"],
] as const)("where lines break in %s, in a %s: %s", (code, place, expected) => {
  const marked = piecesOf(code, place).map(({ text, whole, end }) => {
    return `${whole ? `[${text}]` : text}${end ? "|" : ""}`;
  });
  expect(marked.join("")).toBe(expected);
});

test("a message that a page quotes counts more in the search, and only there", () => {
  const page = pageOf("docs/plan.md", "# Plan\n\nSee:\n\n> It failed:\n> twice.\n\nThen.\n");
  const files = filesOf([page], nowhere);

  expect(files.get("src/content/docs/plan.md")).toContain(
    '\n\n<div data-pagefind-weight="5">\n\n> It failed:\n> twice.\n\n</div>\n\nThen.',
  );
  expect(files.get("public/plan.md")).not.toContain("<div");
});

test("below a path, links begin with it; a file that is not on the site is in the repository", () => {
  const settings = { base: "/formations", repository: "https://github.com/a/b" };

  expect(linksOf("[a](../plan.md) [b](../../build/main.ts)", settings)).toBe(
    "[a](/formations/plan/) [b](https://github.com/a/b/blob/main/build/main.ts)",
  );
});

test("the address comes from the environment, and has no path without one", () => {
  expect(readSettings(repository, { SITE_URL: "https://a.dev/b/c/" })).toMatchObject({
    origin: "https://a.dev",
    base: "/b/c",
  });
  expect(readSettings(repository, { SITE_URL: "https://a.dev" })).toMatchObject({ base: "" });
});
