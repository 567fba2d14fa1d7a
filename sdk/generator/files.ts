import { functions, resources } from "../../provider";
import { packageSchema } from "../../provider/schema/package";
import { functionsSource } from "./function";
import { fillSection } from "./markdown";
import { planTables } from "./plan-table";
import { configurationKeys, reference } from "./reference";
import { fileName, header, resourceClass } from "./resource-class";

/** Pages of which one section is generated. */
const sections = {
  "docs/configuration.md": { name: "configuration", text: configurationKeys },
  "docs/plan.md": { name: "plan table", text: () => planTables(resources) },
};

/**
 * Every generated file: its path in the repository, and its text before formatting.
 *
 * @param read the current text of a page of which a section is generated, by the page's path
 */
export function generatedFiles(read: (page: string) => string): Map<string, string> {
  const files = new Map<string, string>();
  for (const definition of resources) {
    files.set(`sdk/generated/${fileName(definition.name)}.ts`, resourceClass(definition));
  }
  files.set("sdk/generated/functions.ts", functionsSource(functions));
  files.set("sdk/generated/index.ts", indexSource());
  files.set("schema.json", `${JSON.stringify(packageSchema(), null, 2)}\n`);
  files.set("docs/reference.md", reference());
  for (const [page, { name, text }] of Object.entries(sections)) {
    files.set(page, fillSection(read(page), name, text()));
  }
  return files;
}

function indexSource(): string {
  const modules = [...resources.map(({ name }) => fileName(name)), "functions"].sort();
  return `${header}\n${modules.map((module) => `export * from "./${module}";`).join("\n")}\n`;
}
