import type { Language } from "./sdks.ts";

/** What a README takes from the package's schema. */
interface Described {
  displayName: string;
  description: string;
  homepage?: string;
  resources: Record<string, { description: string }>;
}

/** How the schema's examples mark a language, and how a reader knows it. */
const names: Readonly<Record<Language, { fence: string; title: string }>> = {
  go: { fence: "go", title: "Go" },
  nodejs: { fence: "typescript", title: "TypeScript and JavaScript" },
  python: { fence: "python", title: "Python" },
};

/** The README of an SDK, which package registries show: what it is for, and a program. */
export function readmeOf(schema: Described, language: Language): string {
  const { fence, title } = names[language];
  const [program] = Object.values(schema.resources).flatMap(
    ({ description }) => exampleIn(description, fence) ?? [],
  );
  return [
    `# ${schema.displayName} for ${title}`,
    schema.description,
    ...(program ? [`\`\`\`${fence}\n${program}\`\`\``] : []),
    "Pulumi needs the plugin `formations` in this version, too." +
      (schema.homepage ? ` [Its pages](${schema.homepage}#readme) say how to install it.` : ""),
    "Licence: Apache-2.0.",
  ]
    .map((paragraph) => `${paragraph}\n`)
    .join("\n");
}

/**
 * The program in a language that a description of the schema has; undefined: none.
 *
 * @param fence the language, as the description's Markdown names it
 */
export function exampleIn(description: string, fence: string): string | undefined {
  return new RegExp(`^\`\`\`${fence}\n([^]*?\n)\`\`\``, "m").exec(description)?.[1];
}
