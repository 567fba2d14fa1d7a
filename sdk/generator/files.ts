import { functions, resources } from "../../provider";
import { functionsSource } from "./function";
import { fileName, header, resourceClass } from "./resource-class";

/** Every generated file: its path from the project's root, and its text before formatting. */
export function generatedFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const definition of resources) {
    files.set(`sdk/generated/${fileName(definition.name)}.ts`, resourceClass(definition));
  }
  files.set("sdk/generated/functions.ts", functionsSource(functions));
  files.set("sdk/generated/index.ts", indexSource());
  return files;
}

function indexSource(): string {
  const modules = [...resources.map(({ name }) => fileName(name)), "functions"].sort();
  return `${header}\n${modules.map((module) => `export * from "./${module}";`).join("\n")}\n`;
}
