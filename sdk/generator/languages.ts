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

/** A program in each language, folded away as GitHub does it. */
export function foldedExamples(
  kind: keyof Language,
  example: Example,
  publication: Publication,
): string {
  const all = programs(kind, example, packageNames(publication));
  const languages = new Intl.ListFormat("en-GB").format(Object.values(titles));
  return [
    `<details><summary>Example in ${languages}</summary>`,
    ...all.flatMap(([language, text]) => [`${titles[language]}:`, fence(language, text)]),
    "</details>",
  ].join("\n\n");
}
