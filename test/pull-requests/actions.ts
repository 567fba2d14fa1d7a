import { cpSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { runDirectoryVariable } from "../../build/engine/environment.ts";
import { runCommand } from "../../build/engine/process.ts";
import { type Contexts, fill, holds } from "./expression.ts";
import { example, type Job, readWorkflow, type Step, type Workflow } from "./workflow-file.ts";

/** What a run of a workflow is about. */
export interface Occasion {
  /** The repository's content. */
  source: string;
  /** The event's payload. */
  event: object;
  /** The commit that the event is about. */
  sha: string;
  /** What every process has: PATH, where simulators listen. */
  env: NodeJS.ProcessEnv;
  vars: Record<string, string>;
  /** The repository's secrets, and those of each environment, which come before them. */
  secrets: Record<string, string>;
  environments?: Record<string, Record<string, string>>;
  token: string;
  /** The platform's API. */
  api: string;
  /** A folder for the jobs' folders. */
  scratch: string;
}

/** How a job ended. */
export interface JobRun {
  name: string;
  result: "success" | "failure" | "skipped";
  log: string;
  /** What it wrote into its summary. */
  summary: string;
}

type Run = Occasion & { workflow: Workflow; artifacts: string; inputs: Record<string, string> };

/** Runs a workflow of the example, with its own steps, as GitHub Actions would: each job in a folder of its own. */
export async function runWorkflow(
  file: string,
  occasion: Occasion,
  inputs: Record<string, string> = {},
): Promise<JobRun[]> {
  const runs: JobRun[] = [];
  const workflow = readWorkflow(file);
  const artifacts = folderIn(occasion.scratch, "artifacts");
  const run = { ...occasion, workflow, artifacts, inputs };
  for (const [name, job] of Object.entries(workflow.jobs)) {
    const before = runs.filter((one) => job.needs.some((needed) => isOf(one, needed)));
    const needs = Object.fromEntries(
      job.needs.map((needed) => [
        needed,
        { result: worst(before.filter((one) => isOf(one, needed))) },
      ]),
    );
    const contexts = { github: gitHubOf(run), needs, vars: run.vars, inputs };
    const failed = before.some(({ result }) => result !== "success");
    if (!holds(job.if, contexts, { failed })) {
      runs.push({ name, result: "skipped", log: "", summary: "" });
    } else if (job.uses) {
      const given = Object.entries(job.with).map(([key, value]) => [key, fill(value, contexts)]);
      const called = await runWorkflow(basename(job.uses), occasion, Object.fromEntries(given));
      runs.push(...called.map((one) => ({ ...one, name: `${name} / ${one.name}` })));
    } else {
      const matrix = job.strategy?.matrix.stack ?? [undefined];
      const ofMatrix = matrix.map((stack) => {
        const ofOne = { ...contexts, ...(stack && { matrix: { stack } }) };
        return runJob(stack ? `${name} (${stack})` : name, job, run, ofOne);
      });
      runs.push(...(await Promise.all(ofMatrix)));
    }
  }
  return runs;
}

/** Whether a run is of the job with that name: in a matrix, or in a workflow that it calls, there are several. */
function isOf({ name }: JobRun, job: string): boolean {
  return name === job || name.startsWith(`${job} (`) || name.startsWith(`${job} / `);
}

function worst(runs: readonly JobRun[]): JobRun["result"] {
  const results = runs.map(({ result }) => result);
  return (["failure", "skipped"] as const).find((one) => results.includes(one)) ?? "success";
}

function gitHubOf(run: Run): object {
  const { event, token, sha } = run;
  return { event, token, sha, repository: "example/shop" };
}

async function runJob(name: string, job: Job, run: Run, contexts: Contexts): Promise<JobRun> {
  const folder = folderIn(run.scratch, "job");
  const files = folderIn(run.scratch, "files");
  const environment = job.environment && fill(job.environment, contexts);
  const secrets = { ...run.secrets, ...(environment && run.environments?.[environment]) };
  const all = { ...contexts, secrets };
  const standing = { failed: false };
  let log = "";
  for (const step of job.steps) {
    if (!holds(step.if, all, standing)) continue;
    const { code, said } = await runStep(step, { job, run, contexts: all, folder, files });
    log += said;
    standing.failed ||= code !== 0;
  }
  const summary = join(files, "summary");
  return {
    ...{ name, result: standing.failed ? "failure" : "success", log },
    summary: existsSync(summary) ? readFileSync(summary, "utf8") : "",
  };
}

interface Place {
  job: Job;
  run: Run;
  contexts: Contexts;
  /** Where the job's steps run. */
  folder: string;
  /** Where the files of GITHUB_STEP_SUMMARY and the like are. */
  files: string;
}

async function runStep(step: Step, place: Place): Promise<{ code: number; said: string }> {
  const { run, contexts, job, folder, files } = place;
  if (step.uses) return { code: 0, said: useAction(step, place) };
  const own = Object.entries({ ...job.env, ...step.env });
  const filled = own.map(([key, value]) => [key, fill(value, contexts)]);
  const script = join(files, "step.sh");
  writeFileSync(script, fill(step.run ?? "", contexts));
  const result = await runCommand("bash", ["-e", script], {
    cwd: folder,
    env: {
      ...run.env,
      ...{ CI: "true", GITHUB_ACTIONS: "true", GITHUB_API_URL: run.api, GITHUB_SHA: run.sha },
      ...{ GITHUB_REPOSITORY: "example/shop", GITHUB_SERVER_URL: "https://github.example" },
      ...{ GITHUB_RUN_ID: "123456789", GITHUB_STEP_SUMMARY: join(files, "summary") },
      ...Object.fromEntries(filled),
    },
    timeoutMs: 170_000,
  });
  return { code: result.code ?? 1, said: result.stdout + result.stderr };
}

/** What the actions do that these workflows use. */
function useAction({ uses = "", with: inputs }: Step, { run, contexts, folder }: Place): string {
  const given = (name: string) => fill(inputs[name] ?? "", contexts);
  switch (uses.replace(/@.*/, "")) {
    case "actions/checkout":
      copyFiles(run.source, folder);
      return "";
    // The machine has both already.
    case "actions/setup-node":
    case "pulumi/actions":
      if (inputs.command) throw new Error("pulumi/actions is to install the CLI only");
      return "";
    case "actions/upload-artifact": {
      const file = join(folder, given("path"));
      if (!existsSync(file)) return `no files found: ${given("path")}\n`;
      const artifact = join(run.artifacts, given("name"));
      cpSync(file, join(artifact, basename(file)));
      return "";
    }
    case "actions/download-artifact": {
      const found = globSync(`${given("pattern")}/*`, { cwd: run.artifacts });
      for (const file of found) {
        cpSync(join(run.artifacts, file), join(folder, given("path"), basename(file)));
      }
      return "";
    }
    default:
      throw new Error(`not known here: ${uses}`);
  }
}

let count = 0;

/** A new folder. */
export function folderIn(scratch: string, name: string): string {
  const folder = join(scratch, `${name}-${count++}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Copies a repository's files, without what a job installs or writes. */
export function copyFiles(from: string, to: string): void {
  const left = new Set(["node_modules", "previews", "reviewed.md", "README.md"]);
  cpSync(from, to, { recursive: true, filter: (path) => !left.has(basename(path)) });
}

/** The example's files in a folder of their own, to be changed. */
export function copyExample(scratch: string): string {
  const source = folderIn(scratch, "source");
  copyFiles(example, source);
  return source;
}

/** What makes the scripts quick: no pauses between retries, and code that is compiled once per run, or per test. */
export function quick(scratch: string): Record<string, string> {
  const cache = join(process.env[runDirectoryVariable] ?? scratch, "node-cache");
  return { API_PAUSE_MS: "1", NODE_COMPILE_CACHE: cache };
}
