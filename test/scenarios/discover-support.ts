import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import type { CommandResult, Workspace } from "../../build/engine/workspace.ts";
import type { ImportFile } from "../../cli/discover/output/import-file.ts";
import { yamlProject } from "./yaml.ts";

const programSchema = z.object({
  resources: z.record(
    z.string(),
    z.looseObject({ type: z.string(), properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});

/** A program that Pulumi's importer wrote. */
export type Generated = z.output<typeof programSchema>;

/** Imports a file, and returns the YAML program that the engine writes for it. */
export async function importFile(workspace: Workspace, file: ImportFile): Promise<Generated> {
  await workspace.writeFile("import.json", JSON.stringify(file));
  const out = join(workspace.project, "generated.yaml");
  const done = await runImport(workspace, "--out", out);
  expect(done.code, done.stdout + done.stderr).toBe(0);
  expect(done.stdout + done.stderr).not.toMatch(/warning|bug in the/i);
  return programSchema.parse(parse(readFileSync(out, "utf8")));
}

/** Runs `pulumi import` of the file import.json. */
export function runImport(workspace: Workspace, ...args: string[]): Promise<CommandResult> {
  return workspace.pulumi(["import", "--file", "import.json", "--yes", ...args]);
}

/** Imports files one after the other, and makes the programs that the engine writes the stack's. */
export async function importAndDeclare(
  workspace: Workspace,
  files: readonly ImportFile[],
): Promise<Generated> {
  const resources: Generated["resources"] = {};
  for (const file of files) Object.assign(resources, (await importFile(workspace, file)).resources);
  await workspace.writeFile("Pulumi.yaml", await yamlProject(resources as never));
  return { resources };
}

/** The references in a program, as `events.region -> usEast1.name`. */
export function referencesIn({ resources }: Generated): string[] {
  return Object.entries(resources).flatMap(([name, { properties }]) =>
    Object.entries(properties).flatMap(([key, value]) => {
      const [, target] = /^\$\{(.*)\}$/.exec(typeof value === "string" ? value : "") ?? [];
      return target === undefined ? [] : [`${name}.${key} -> ${target}`];
    }),
  );
}
