import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import type { CommandResult, Workspace } from "../../build/engine/workspace.ts";
import type { ImportFile } from "../../cli/discover/output/import-file.ts";
import { formations } from "../engine/formations.ts";
import type { Fleet } from "../support/fleet.ts";
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
  await workspace.writeFile("Pulumi.yaml", await yamlProject(resources));
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

/** Runs `formations discover` on a workspace's stack, with the values of a fleet's secrets in a file. */
export async function discover(
  workspace: Workspace,
  { secretValues }: Pick<Fleet, "secretValues">,
  ...args: string[]
): Promise<CommandResult> {
  await workspace.writeFile("values.json", JSON.stringify(secretValues));
  const stack = ["--stack", "test", "--secret-values", "values.json"];
  return formations(workspace, "discover", ...stack, ...args);
}

/** A file of the project. */
export function fileOf(workspace: Workspace, name: string): string {
  return readFileSync(join(workspace.project, name), "utf8");
}

/** The program that a file's inputs make, with literal values and names of its own. */
export function programOf({ resources }: ImportFile): Generated {
  const plain = (values: Record<string, unknown> = {}) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, plainOf(value)]));
  return {
    resources: Object.fromEntries(
      resources.map(({ type, name, inputs }) => [
        `my-${name}`,
        { type, properties: plain(inputs) },
      ]),
    ),
  };
}

/** A secret of a file, as a YAML program gives it. */
function plainOf(value: unknown): unknown {
  const isSecret = typeof value === "object" && value !== null && "plaintext" in value;
  return isSecret ? { "fn::secret": JSON.parse(String(value.plaintext)) } : value;
}

/**
 * Begins an import of a file, and kills the engine when it says of the 15th resource that it is imported.
 *
 * @returns whether it was killed; otherwise it had ended
 */
export async function killedImport(workspace: Workspace, file: ImportFile): Promise<boolean> {
  await workspace.writeFile("import.json", JSON.stringify(file));
  let imported = 0;
  const args = ["import", "--file", "import.json", "--yes", "--skip-preview"];
  const run = workspace.start(args, {
    onLine: (line) => {
      if (/ imported \(/.test(line) && ++imported === 15) run.crash();
    },
  });
  const { signal } = await run.done;
  workspace.endOrphans();
  return signal === "SIGKILL";
}
