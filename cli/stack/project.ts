import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Whether a folder is in a Pulumi project. */
export function hasProject(folder: string): boolean {
  const parents: string[] = [];
  for (let at = resolve(folder); parents.at(-1) !== at; at = dirname(at)) parents.push(at);
  return parents.some((at) =>
    ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"].some((name) => existsSync(join(at, name))),
  );
}

/** What to do where a folder is in no project. */
export function withoutProject(folder = "."): string {
  const where = folder === "." ? "here" : `in ${folder}`;
  return `There is no Pulumi.yaml ${where}: run the command in the project's folder, or name the folder with --cwd.`;
}
