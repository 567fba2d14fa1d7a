import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../build/repository.ts";
import { parseWorkflow, type Step, type Workflow } from "../pull-requests/workflow-file.ts";

/** The workflows of this repository and of its examples, by their paths. */
export const workflowFiles = globSync(
  ["", "examples/*/"].map((folder) => `${folder}.github/workflows/*.yml`),
  { cwd: repository },
).map((file) => file.replaceAll("\\", "/"));

/** The text of a workflow. */
export function textOf(file: string): string {
  return readFileSync(join(repository, file), "utf8");
}

/** A workflow by its path. */
export function workflowAt(file: string): Workflow {
  return parseWorkflow(textOf(file));
}

/** All steps of a workflow. */
export function stepsOf({ jobs }: Workflow): Step[] {
  return Object.values(jobs).flatMap(({ steps }) => steps);
}

/** What one step of a workflow of this repository runs in a shell. */
export function scriptOf(workflow: string, step: string): string {
  const steps = stepsOf(workflowAt(`.github/workflows/${workflow}`));
  const script = steps.find(({ name }) => name === step)?.run;
  if (script === undefined) throw new Error(`${workflow} has no step "${step}" with a script`);
  return script;
}
