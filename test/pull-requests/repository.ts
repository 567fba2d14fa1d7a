import { ownTemporaryFolder } from "../support/temporary-folder.ts";
import {
  copyExample,
  folderIn,
  type JobRun,
  type Occasion,
  quick,
  runWorkflow,
} from "./actions.ts";
import { GitHub } from "./github.ts";
import { makeStubs, type StubPreview } from "./stubs.ts";

/** A repository on the stand-in for GitHub, with the example's files and workflows. */
export interface Repository {
  gitHub: GitHub;
  /** Its files, to be changed. */
  source: string;
  /** Says what the preview of each stack named does from now on. */
  previews(previews: Record<string, StubPreview>): void;
  /** Runs the workflow of the pull request, at its newest commit. */
  review(options?: { isFork?: boolean; sha?: string }): Promise<JobRun[]>;
  /** Runs the workflow that carries out what was reviewed, for a commit on the main branch. */
  deploy(sha: string): Promise<JobRun[]>;
  /** Merges the pull request, and carries it out. */
  merge(): Promise<JobRun[]>;
}

/** The number of its pull request. */
export const number = 12;

/** Secrets of the repository, and of each environment. */
export const passphrase = "correct horse battery staple";

/** Makes a repository for the running test, whose `pulumi` is a stub. */
export async function startRepository(): Promise<Repository> {
  const scratch = ownTemporaryFolder();
  const stubs = await makeStubs(scratch);
  const gitHub = await new GitHub(number, "a".repeat(40)).start();
  const source = copyExample(scratch);
  const occasion = (event: object, sha: string): Occasion => ({
    ...{ source, event, sha, scratch: folderIn(scratch, "run") },
    env: { PATH: stubs.path, HOME: scratch, TMPDIR: scratch, ...quick(scratch) },
    vars: { PULUMI_BACKEND_URL: "s3://reader:backend-password@state.example.com/shop" },
    secrets: { PULUMI_CONFIG_PASSPHRASE: passphrase },
    environments: {
      dev: { FORMATIONS_CITUS_TOKEN: "of-dev" },
      staging: { FORMATIONS_CITUS_TOKEN: "of-staging" },
      production: { FORMATIONS_CITUS_TOKEN: "of-production" },
    },
    token: gitHub.token,
    api: gitHub.url,
  });
  const deploy = (sha: string) => runWorkflow("deploy.yml", occasion({}, sha));
  return {
    ...{ gitHub, source },
    previews(previews) {
      for (const [stack, preview] of Object.entries(previews)) stubs.preview(stack, preview);
    },
    review({ isFork = false, sha = gitHub.pull.head.sha } = {}) {
      const repo = { full_name: isFork ? "somebody/shop" : "example/shop" };
      const event = { pull_request: { number, head: { sha, repo } } };
      return runWorkflow("preview.yml", occasion(event, "merge-of-both"));
    },
    deploy,
    merge() {
      gitHub.merge("d".repeat(40));
      return deploy("d".repeat(40));
    },
  };
}

/** What became of each job, by its name. */
export function resultsOf(runs: readonly JobRun[]): Record<string, string> {
  return Object.fromEntries(runs.map(({ name, result }) => [name, result]));
}

/** What a job logged. */
export function logOf(runs: readonly JobRun[], name: string): string {
  return runs.find((one) => one.name === name)?.log ?? `there is no job ${name}`;
}
