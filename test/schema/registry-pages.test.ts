import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { repository } from "../../build/repository.ts";
import { resources } from "../../provider/index.ts";
import { packageSchema } from "../../provider/schema/package.ts";
import { generatedFiles } from "../../sdk/generator/files.ts";

const read = (file: string) => readFileSync(join(repository, file), "utf8");

const decided = generatedFiles(read, {
  repository: "https://github.com/example/pulumi-formations",
  publisher: "Example",
  domain: "example.org",
  site: null,
});

const [overview, installation] = ["docs/_index.md", "docs/installation-configuration.md"] as const;

/** Each page as it is, and as it is when a publisher has decided. */
const pages = [overview, installation].flatMap((file) => [
  { page: file, text: read(file) },
  { page: `${file} of a publisher`, text: decided.get(file) ?? "" },
]);

/** What the registry's own checks find in a page, line by line, with the names that they give it. */
const findings: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/<img[^>]+src=["'](\.|\/|[^h])/, "relative-image"],
  [/!\[[^\]]*\]\((\.|\/)/, "relative-image"],
  [/<a[^>]+href="(\.|\/)/, "raw-relative-link"],
  [/\]\((?!https?:\/\/)[^)]*\.md[)#]/, "md-suffixed-link"],
  [/\{\{[ \t]+[<%]/, "malformed shortcode delimiter"],
  [/\{\{<\s*\/?choosable|\{\{%\s*\/?chooser/, "the other shortcode's delimiters"],
];

const chooser = /^\{\{< chooser language "([\w,]+)" >\}\}\n([\s\S]*?)^\{\{< \/chooser >\}\}$/gm;
const choosable =
  /^\{\{% choosable language (\w+) %\}\}\n\n([\s\S]+?)\n\n\{\{% \/choosable %\}\}$/gm;

/** A page's choosers: the languages that each lists, and its parts by language. */
function choosersOf(text: string) {
  return [...text.matchAll(chooser)].map(([, listed = "", body = ""]) => ({
    listed: listed.split(","),
    parts: new Map([...body.matchAll(choosable)].map(([, name = "", part = ""]) => [name, part])),
  }));
}

test.each(pages)("$page begins as the registry reads it", ({ page, text }) => {
  const [, head = "", body = ""] = /^---\n([\s\S]+?)\n---\n\n([\s\S]+)$/.exec(text) ?? [];

  const title = page.startsWith(overview)
    ? "Formations"
    : "Formations Installation & Configuration";
  expect(parse(head)).toEqual({
    title,
    layout: "package",
    meta_desc: expect.stringMatching(/\w\.$/),
  });
  // The title is the heading of the first degree, and the page has no other.
  expect(body).not.toMatch(/^# /m);
});

test.each(pages)("the registry's checks find nothing in $page", ({ text }) => {
  const found = text
    .split("\n")
    .flatMap((line, index) =>
      findings
        .filter(([pattern]) => pattern.test(line))
        .map(([, name]) => `${index + 1}: ${name}: ${line}`),
    );
  expect(found).toEqual([]);
});

test.each(pages)("every link of $page is absolute", ({ text }) => {
  const links = [...text.matchAll(/\]\(([^)]*)\)/g)].map(([, link = ""]) => link);

  expect(links.filter((link) => !URL.canParse(link) || !link.startsWith("https://"))).toEqual([]);
});

test("a publisher's pages link to the pages of the release", () => {
  const { version }: { version?: string } = JSON.parse(read("package.json"));
  const base = `https://github.com/example/pulumi-formations/blob/v${version}/`;
  const linked = [overview, installation].flatMap((file) =>
    [...(decided.get(file) ?? "").matchAll(/\]\((https:\/\/github\.com[^)]*)\)/g)].map(
      ([, link = ""]) => link,
    ),
  );

  expect(linked.length).toBeGreaterThan(5);
  expect(linked.filter((link) => !link.startsWith(base))).toEqual([]);
  for (const link of linked) expect(read(link.slice(base.length))).toMatch(/^# /);
});

test("the overview has what the registry wants, in its order", () => {
  const headings = read(overview).match(/^## .+$/gm);
  expect(headings?.slice(0, 3)).toEqual([
    "## Installation",
    "## Example Usage",
    "## Configuration",
  ]);
  for (const { name } of resources) {
    expect(read(overview)).toContain(`/api-docs/${name.toLowerCase()}/`);
  }
});

test("every language has its installation, and a program", () => {
  const [installation, usage] = choosersOf(read(overview));
  const languages = ["typescript", "python", "go", "csharp", "java", "yaml"];

  expect(installation?.listed).toEqual([...languages, "hcl"]);
  expect([...(installation?.parts.keys() ?? [])]).toEqual(installation?.listed);
  expect(usage?.listed).toEqual(languages);
  expect([...(usage?.parts.keys() ?? [])]).toEqual(usage?.listed);
  for (const [language, program] of usage?.parts ?? []) {
    expect(program).toMatch(new RegExp(`^\`\`\`${language}\n[^\`]*AppFormation[^\`]*\n\`\`\`$`));
  }
});

test.each(pages)("the shortcodes of $page are closed", ({ text }) => {
  const all = text.match(/\{\{[<%]/g)?.length ?? 0;
  const inChoosers = choosersOf(text).map(({ parts }) => 2 + 2 * parts.size);

  expect(inChoosers.reduce((sum, one) => sum + one, 0)).toBe(all);
});

test("every configuration key is listed, with its environment variable and whether it is secret", () => {
  const { variables } = packageSchema().config;
  const items = read(installation).match(/^- `\w+`.* Environment variable: `\w+`\.$/gm) ?? [];

  const listed = items.map((item) => /^- `(\w+)`( \(secret\))?: .*`(\w+)`\.$/.exec(item)?.slice(1));
  const expected = Object.entries(variables).map(([key, { secret, description }]) => [
    key,
    secret ? " (secret)" : undefined,
    /Environment variable: `(\w+)`/.exec(description ?? "")?.[1],
  ]);
  expect(listed.toSorted()).toEqual(expected.toSorted());
});

test("the plugin is installed from the publisher's releases", () => {
  expect(decided.get(installation)).toContain(
    " \\\n  --server github://api.github.com/example/pulumi-formations\n",
  );
});
