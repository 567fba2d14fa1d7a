import { globSync } from "node:fs";
import { join } from "node:path";
import { functions, resources, systems } from "../../provider";
import { packageSchema } from "../../provider/schema/package";
import { type Publication, packageNames, publication } from "../../provider/schema/publication";
import { configurationSections } from "./configuration";
import { hasContents, withContents } from "./contents";
import { functionsSource } from "./function";
import { functionsOf, functionsPage } from "./function-page";
import { fillSection } from "./markdown";
import { sharedRules } from "./plan-rules";
import { reference } from "./reference";
import { installationPage } from "./registry/installation";
import { overviewPage } from "./registry/overview";
import { fileName, header, resourceClass } from "./resource-class";
import { linksToRules, resourcePage, resourceSections } from "./resource-page";

/** Files that name the module of the Go SDK: pages, and the programs that tests compile with it. */
const goFiles = [
  "docs/first-steps.md",
  "docs/languages.md",
  "test/fixtures/sdks/go/go.mod",
  "test/fixtures/sdks/go/main.go",
  "test/scenarios/sdks.exhaustive.test.ts",
];

/** The Go module by any name that it has had. */
const goModule = /[\w-]+(?:\.[\w-]+)+(?:\/[\w.-]+)*?\/pulumi-formations\/sdk\/go\b/g;

/**
 * Every generated file: its path in the repository, and its text before formatting.
 *
 * @param read the current text of a file of which only a part is generated, by the file's path
 * @param decided who publishes the package, and where. Default: what `publication.json` says
 */
export function generatedFiles(
  read: (file: string) => string,
  decided: Publication = publication,
): Map<string, string> {
  const files = new Map<string, string>();
  for (const definition of resources) {
    files.set(`sdk/generated/${fileName(definition.name)}.ts`, resourceClass(definition));
  }
  files.set("sdk/generated/functions.ts", functionsSource(functions));
  files.set("sdk/generated/index.ts", indexSource());
  files.set("schema.json", `${JSON.stringify(packageSchema(decided), null, 2)}\n`);
  files.set("docs/reference.md", reference());
  for (const system of systems) {
    files.set(functionsPage(system), functionsOf(system, decided));
  }
  files.set("docs/_index.md", overviewPage(decided));
  files.set("docs/installation-configuration.md", installationPage(decided));
  for (const [page, sections] of partlyGenerated(decided)) {
    const filled = Object.entries(sections).reduce(
      (text, [name, section]) => fillSection(text, name, section),
      read(page),
    );
    files.set(page, filled);
  }
  for (const [page, text] of new Map([...writtenPages(read), ...files])) {
    if (hasContents(text)) files.set(page, withContents(text));
  }
  const module = packageNames(decided).go.replace(/\/\w+$/, "");
  for (const file of goFiles) {
    files.set(file, (files.get(file) ?? read(file)).replaceAll(goModule, module));
  }
  return files;
}

/** The pages that people write, in which only the line that names their sections is generated. */
function writtenPages(read: (file: string) => string): Map<string, string> {
  const files = globSync("docs/**/*.md", { cwd: join(__dirname, "../..") });
  const pages = files.map((file) => file.replaceAll("\\", "/"));
  return new Map(pages.map((page) => [page, read(page)]));
}

/** Pages of which sections are generated: the text of each section, by the name in its marks. */
function partlyGenerated(decided: Publication): Map<string, Readonly<Record<string, string>>> {
  const pages = new Map<string, Readonly<Record<string, string>>>();
  pages.set("docs/configuration.md", { configuration: configurationSections().join("\n\n") });
  pages.set("docs/plan.md", { "shared rules": sharedRules(), resources: linksToRules() });
  for (const one of resources) pages.set(resourcePage(one), resourceSections(one, decided));
  return pages;
}

function indexSource(): string {
  const modules = [...resources.map(({ name }) => fileName(name)), "functions"].sort();
  return `${header}\n${modules.map((module) => `export * from "./${module}";`).join("\n")}\n`;
}
