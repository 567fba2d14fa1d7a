import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** The names that a project's file can have. */
export const projectFiles = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"] as const;

/** A folder and those that it is in, the folder itself first. */
export function upwards(folder: string): string[] {
  const found: string[] = [];
  for (let at = resolve(folder); found.at(-1) !== at; at = dirname(at)) found.push(at);
  return found;
}

/** Whether a folder is in a Pulumi project. */
export function hasProject(folder: string): boolean {
  return upwards(folder).some((at) => projectFiles.some((name) => existsSync(join(at, name))));
}

/** What to do where a folder is in no project. */
export function withoutProject(folder = "."): string {
  const where = folder === "." ? "here" : `in ${folder}`;
  return `There is no Pulumi.yaml ${where}: run the command in the project's folder, or name the folder with --cwd.`;
}
