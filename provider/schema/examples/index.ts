import type { PackageNames } from "../publication";
import { csharp } from "./csharp";
import type { Example, Language } from "./example";
import { go } from "./go";
import { java } from "./java";
import { python } from "./python";
import { typescript } from "./typescript";
import { yaml } from "./yaml";

/** The languages of the examples, by the names that registries and Markdown have for them. */
const languages = [
  ["typescript", typescript],
  ["python", python],
  ["go", go],
  ["csharp", csharp],
  ["java", java],
  ["yaml", yaml],
] as const;

/** The name of a language of the examples. */
export type ExampleLanguage = (typeof languages)[number][0];

/** The program in each language, for a resource or a function. */
export function programs(
  kind: keyof Language,
  example: Example,
  names: PackageNames,
): [ExampleLanguage, string][] {
  return languages.map(([name, language]) => [name, language[kind](example, names)]);
}

/** The programs as a section of a description in the package schema. */
export function exampleSection(
  kind: keyof Language,
  example: Example,
  names: PackageNames,
): string {
  const blocks = programs(kind, example, names).map(([name, program]) => fence(name, program));
  return ["{{% examples %}}", "## Example Usage", "{{% example %}}", ...blocks]
    .concat("{{% /example %}}", "{{% /examples %}}")
    .join("\n\n");
}

/** A block of code in Markdown. */
export function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
