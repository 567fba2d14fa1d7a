import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { runCommand } from "../../build/engine/process.ts";
import { copyFiles, folderIn } from "./actions.ts";
import { example } from "./workflow-file.ts";

/** Where the pipeline of the example is. */
export const pipelinePath = join(example, ".gitlab-ci.yml");

const jobSchema = z.looseObject({
  extends: z.string().optional(),
  parallel: z.object({ matrix: z.array(z.record(z.string(), z.array(z.string()))) }).optional(),
  environment: z.string().optional(),
  interruptible: z.boolean().optional(),
  variables: z.record(z.string(), z.string()).default({}),
  before_script: z.array(z.string()).default([]),
  script: z.array(z.string()).default([]),
  after_script: z.array(z.string()).default([]),
  artifacts: z
    .object({ paths: z.array(z.string()), reports: z.object({ terraform: z.string() }) })
    .optional(),
});

type Job = z.infer<typeof jobSchema>;

/** What a job is run with. */
export interface Conditions {
  /** The repository's content. */
  source: string;
  /** What every process has. */
  env: NodeJS.ProcessEnv;
  /** The project's variables and the pipeline's. */
  variables: Record<string, string>;
  /** Those of each environment, which come before the project's. */
  environments?: Record<string, Record<string, string>>;
  /** Where the artifacts of the pipeline's jobs are kept. */
  artifacts: string;
  scratch: string;
}

/** How a job ended. */
export interface JobRun {
  code: number;
  log: string;
  /** What it told GitLab for the merge request's widget. */
  report?: unknown;
}

/** The job of the pipeline, with what it extends. */
export function readJob(name: string): Job {
  const jobs = z.record(z.string(), z.unknown()).parse(parse(readFileSync(pipelinePath, "utf8")));
  const own = z.looseObject({ extends: z.string().optional() }).parse(jobs[name]);
  const base = own.extends === undefined ? {} : withoutDefaults(own.extends);
  return jobSchema.parse({ ...base, ...own });

  function withoutDefaults(parent: string): object {
    const found = z.looseObject({ extends: z.string().optional() }).parse(jobs[parent]);
    return { ...(found.extends === undefined ? {} : withoutDefaults(found.extends)), ...found };
  }
}

/** The stacks in a job's matrix. */
export function matrixOf(name: string): string[] {
  return readJob(name).parallel?.matrix[0]?.STACK ?? [];
}

/** Runs a job with its own scripts, as GitLab's runner would, in a folder of its own. */
export async function runPipelineJob(
  name: string,
  conditions: Conditions,
  ofMatrix: Record<string, string> = {},
): Promise<JobRun> {
  const job = readJob(name);
  const folder = folderIn(conditions.scratch, "job");
  copyFiles(conditions.source, folder);
  cpSync(conditions.artifacts, folder, { recursive: true });
  const own = { ...job.variables, ...ofMatrix };
  const environment = job.environment?.replace("$STACK", own.STACK ?? "");
  const ofEnvironment = environment === undefined ? {} : conditions.environments?.[environment];
  const env = {
    ...conditions.env,
    ...{ CI: "true", GITLAB_CI: "true" },
    ...conditions.variables,
    ...ofEnvironment,
    ...own,
  };
  const shell = (lines: string[]) =>
    runCommand("bash", ["-eo", "pipefail", "-c", lines.join("\n")], {
      ...{ cwd: folder, env, timeoutMs: 170_000 },
    });
  const main = await shell([...job.before_script, ...job.script]);
  const after = await shell(job.after_script);
  for (const path of job.artifacts?.paths ?? []) {
    if (existsSync(join(folder, path))) {
      cpSync(join(folder, path), join(conditions.artifacts, path), { recursive: true });
    }
  }
  const report = job.artifacts && join(folder, job.artifacts.reports.terraform);
  return {
    code: main.code ?? 1,
    log: [main, after].map(({ stdout, stderr }) => stdout + stderr).join(""),
    report: report && existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : undefined,
  };
}
