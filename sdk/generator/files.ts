import { functions, resources } from "../../provider";
import { packageSchema } from "../../provider/schema/package";
import { type Publication, packageNames, publication } from "../../provider/schema/publication";
import { configurationSections } from "./configuration";
import { functionsSource } from "./function";
import { fillSection } from "./markdown";
import { planTables } from "./plan-table";
import { reference } from "./reference";
import { installationPage } from "./registry/installation";
import { overviewPage } from "./registry/overview";
import { fileName, header, resourceClass } from "./resource-class";

/** Pages of which one section is generated. */
const sections = {
  "docs/configuration.md": {
    name: "configuration",
    text: () => configurationSections().join("\n\n"),
  },
  "docs/plan.md": { name: "plan table", text: () => planTables(resources) },
};

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
  files.set("docs/reference.md", reference(decided));
  files.set("docs/_index.md", overviewPage(decided));
  files.set("docs/installation-configuration.md", installationPage(decided));
  for (const [page, { name, text }] of Object.entries(sections)) {
    files.set(page, fillSection(read(page), name, text()));
  }
  const module = packageNames(decided).go.replace(/\/\w+$/, "");
  for (const file of goFiles) files.set(file, read(file).replaceAll(goModule, module));
  return files;
}

function indexSource(): string {
  const modules = [...resources.map(({ name }) => fileName(name)), "functions"].sort();
  return `${header}\n${modules.map((module) => `export * from "./${module}";`).join("\n")}\n`;
}
