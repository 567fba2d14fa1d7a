import { type ExampleLanguage, fence, programs } from "../../provider/schema/examples";
import type { Example, Language } from "../../provider/schema/examples/example";
import { type Publication, packageNames } from "../../provider/schema/publication";

/** The languages as people call them. */
const titles: Readonly<Record<ExampleLanguage, string>> = {
  typescript: "TypeScript",
  python: "Python",
  go: "Go",
  csharp: "C#",
  java: "Java",
  yaml: "YAML",
};

/** A program in each language, of which a reader opens one: a block each, the first of them open. */
export function foldedExamples(
  kind: keyof Language,
  example: Example,
  publication: Publication,
): string {
  const all = programs(kind, example, packageNames(publication));
  const blocks = all.map(([language, text], index) => {
    const head = `<details${index === 0 ? " open" : ""}><summary>${titles[language]}</summary>`;
    return [head, fence(language, text), "</details>"].join("\n\n");
  });
  return blocks.join("\n\n");
}
