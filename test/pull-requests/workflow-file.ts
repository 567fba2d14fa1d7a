import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { repository } from "../../build/repository.ts";

/** The example's folder. */
export const example = join(repository, "examples", "pull-requests");

const texts = z.record(z.string(), z.coerce.string());

const stepSchema = z.strictObject({
  id: z.string().optional(),
  name: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  with: texts.default({}),
  run: z.string().optional(),
  env: texts.default({}),
});

/** One step of a job. */
export type Step = z.infer<typeof stepSchema>;

const jobSchema = z.strictObject({
  if: z.string().optional(),
  needs: z
    .union([z.string(), z.array(z.string())])
    .default([])
    .transform((needs) => [needs].flat()),
  uses: z.string().optional(),
  with: texts.default({}),
  secrets: z.literal("inherit").optional(),
  strategy: z
    .strictObject({
      "fail-fast": z.boolean(),
      matrix: z.strictObject({ stack: z.array(z.string()) }),
    })
    .optional(),
  environment: z.string().optional(),
  concurrency: z.record(z.string(), z.union([z.string(), z.boolean()])).optional(),
  "runs-on": z.string().optional(),
  "timeout-minutes": z.number().optional(),
  permissions: texts,
  env: texts.default({}),
  steps: z.array(stepSchema).default([]),
});

/** One job of a workflow. */
export type Job = z.infer<typeof jobSchema>;

const workflowSchema = z.strictObject({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: texts,
  concurrency: z.record(z.string(), z.union([z.string(), z.boolean()])).optional(),
  jobs: z.record(z.string(), jobSchema),
});

/** A workflow of GitHub Actions. */
export type Workflow = z.infer<typeof workflowSchema>;

/** A workflow of the example, by its file's name. Keys that its reader does not know are rejected. */
export function readWorkflow(name: string): Workflow {
  return parseWorkflow(readFileSync(workflowPath(name), "utf8"));
}

/** A workflow by its file's text. Keys that its reader does not know are rejected. */
export function parseWorkflow(text: string): Workflow {
  return workflowSchema.parse(parse(text));
}

/** Where a workflow of the example is. */
export function workflowPath(name: string): string {
  return join(example, ".github", "workflows", name);
}
