import { functions, resources } from "../../provider";
import { packageSchema } from "../../provider/schema/package";
import { functionsSource } from "./function";
import { fillSection } from "./markdown";
import { planTable } from "./plan-table";
import { configurationTable, reference } from "./reference";
import { fileName, header, resourceClass } from "./resource-class";

/**
 * Every generated file: its path in the repository, and its text before formatting.
 *
 * @param readme the current README, of which two sections are generated
 */
export function generatedFiles(readme: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const definition of resources) {
    files.set(`sdk/generated/${fileName(definition.name)}.ts`, resourceClass(definition));
  }
  files.set("sdk/generated/functions.ts", functionsSource(functions));
  files.set("sdk/generated/index.ts", indexSource());
  files.set("schema.json", `${JSON.stringify(packageSchema(), null, 2)}\n`);
  files.set("docs/reference.md", reference());
  const withPlan = fillSection(readme, "plan table", planTable(resources));
  files.set("README.md", fillSection(withPlan, "configuration", configurationTable()));
  return files;
}

function indexSource(): string {
  const modules = [...resources.map(({ name }) => fileName(name)), "functions"].sort();
  return `${header}\n${modules.map((module) => `export * from "./${module}";`).join("\n")}\n`;
}
