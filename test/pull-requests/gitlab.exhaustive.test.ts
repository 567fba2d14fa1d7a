import { beforeEach, expect, test } from "vitest";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";
import { copyExample, folderIn, quick } from "./actions.ts";
import { GitLab } from "./gitlab.ts";
import { gitLabCiLocal, makeRepository } from "./gitlab-ci-local.ts";
import { type Conditions, type JobRun, matrixOf, runPipelineJob } from "./pipeline.ts";
import { failing, losing, unchanged } from "./previews.ts";
import { makeStubs, type Stubs } from "./stubs.ts";

const accepted = "data-loss-accepted";
const path = "example/shop";

let gitLab: GitLab;
let stubs: Stubs;
let conditions: Conditions;

beforeEach(async () => {
  const scratch = ownTemporaryFolder();
  stubs = await makeStubs(scratch);
  gitLab = await new GitLab("a".repeat(40)).start();
  conditions = {
    ...{ source: copyExample(scratch), scratch, artifacts: folderIn(scratch, "artifacts") },
    env: { PATH: stubs.path, HOME: scratch, TMPDIR: scratch, ...quick(scratch) },
    variables: {
      ...{ CI_API_V4_URL: gitLab.url, CI_PROJECT_ID: "42", CI_PROJECT_PATH: path },
      ...{ CI_PIPELINE_URL: "https://gitlab.example/example/shop/-/pipelines/9" },
      REVIEW_TOKEN: gitLab.token,
    },
    environments: { production: { FORMATIONS_CITUS_TOKEN: "of-production" } },
  };
  for (const stack of matrixOf("preview")) stubs.preview(stack, { out: unchanged(stack) });
});

/** The pipeline of the merge request at its newest commit. */
async function review(): Promise<{ previews: Map<string, JobRun>; review: JobRun }> {
  const { iid, sha } = gitLab.mergeRequest;
  const variables = { ...conditions.variables, CI_MERGE_REQUEST_IID: `${iid}`, CI_COMMIT_SHA: sha };
  const all = { ...conditions, variables };
  const previews = new Map<string, JobRun>();
  for (const STACK of matrixOf("preview")) {
    previews.set(STACK, await runPipelineJob("preview", all, { STACK }));
  }
  return { previews, review: await runPipelineJob("review", all) };
}

/** A job of the pipeline on the default branch, after the merge. */
function deploy(name: string): Promise<JobRun> {
  const sha = "d".repeat(40);
  gitLab.merge(sha);
  const variables = { ...conditions.variables, CI_COMMIT_SHA: sha };
  return runPipelineJob(name, { ...conditions, variables });
}

function own(): string[] {
  return gitLab.notes.filter(({ author }) => author.id === 77).map(({ body }) => body);
}

test("one note is updated behind others' notes: after a failure, a fix, and when nothing changes", async () => {
  for (let count = 0; count < 130; count++) gitLab.comment(3, `Note ${count}`);
  gitLab.comment(3, "<!-- formations explain: shop shop/dev=f1.x -->");
  const out = failing("staging", "workerCount: is not a count of 0 or more");
  stubs.preview("staging", { out, code: 1 });
  stubs.preview("production", { out: losing("production") });

  const failed = await review();
  expect([...failed.previews.values()].map(({ code }) => code)).toEqual([0, 1, 0]);
  expect(failed.previews.get("production")?.report).toEqual({ create: 1, update: 0, delete: 1 });
  expect(failed.previews.get("staging")?.report).toEqual({ create: 0, update: 0, delete: 0 });
  expect(failed.review.code).toBe(1);
  expect(own()).toHaveLength(1);
  expect(own()[0]).toContain("EMPTY");
  expect(own()[0]).toContain("is not a count of 0 or more");

  gitLab.mergeRequest.sha = "b".repeat(40);
  stubs.preview("staging", { out: unchanged("staging") });
  expect((await review()).review.code).toBe(1);
  expect(own()[0]).not.toContain("is not a count of 0 or more");
  expect(own()[0]).toContain("b".repeat(40));

  stubs.preview("production", { out: unchanged("production") });
  expect((await review()).review.code).toBe(0);
  expect(own()).toHaveLength(1);
  expect(own()[0]).not.toContain("EMPTY");
});

test("the gate is lifted by a label, as long as the changes are those that the note showed", async () => {
  gitLab.mergeRequest.labels = [accepted];
  stubs.preview("production", { out: losing("production") });
  const first = await review();
  expect(first.review.code).toBe(1);
  expect(first.review.log).toContain(`set the label ${accepted}`);
  expect(gitLab.mergeRequest.labels).toEqual([]);

  gitLab.mergeRequest.labels = ["urgent", accepted];
  expect((await review()).review.code).toBe(0);
  stubs.preview("production", { out: losing("production", 9) });
  expect((await review()).review.code).toBe(1);
  expect(gitLab.mergeRequest.labels).toEqual(["urgent"]);
});

test("in a pipeline of merged results, the note is about the commit that people see", async () => {
  const seen = gitLab.mergeRequest.sha;
  conditions.variables.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA = seen;
  await review();
  expect(own()[0]).toContain(seen);
});

test("a token that GitLab does not take is said so", async () => {
  conditions.variables.REVIEW_TOKEN = "glpat-wrong";
  const { review: job } = await review();
  expect(job.code).toBe(1);
  expect(job.log).toContain("401 Unauthorized");
  expect(job.log).toContain("REVIEW_TOKEN has to be a project access token");
  expect(job.log).not.toContain("glpat-wrong");
});

test("after the merge, what was reviewed runs with its environment's token, and nothing else does", async () => {
  stubs.preview("production", { out: losing("production") });
  await review();
  const done = await deploy("up production");
  expect(done.code).toBe(0);
  expect(done.log).toContain("up production done with token of-production");

  stubs.preview("production", { out: losing("production", 9) });
  const refused = await deploy("up production");
  expect(refused.code).toBe(3);
  expect(refused.log).not.toContain("done with token");

  gitLab.notes = [];
  expect((await deploy("up dev")).log).toContain("has no comment that explains its changes");
});

test("gitlab-ci-local runs the jobs of a merge request, and the note is there", async () => {
  const { source, env, variables } = conditions;
  await makeRepository(source);
  stubs.preview("production", { out: losing("production") });
  const { iid, sha } = gitLab.mergeRequest;
  const all = {
    ...variables,
    ...{ CI_PIPELINE_SOURCE: "merge_request_event", CI_COMMIT_BRANCH: "", CI_COMMIT_SHA: sha },
    ...{ CI_MERGE_REQUEST_IID: `${iid}`, CI_MERGE_REQUEST_PROJECT_PATH: path },
  };
  const shell = ["--force-shell-executor", "--concurrency", "1"];
  const previews = await gitLabCiLocal(source, [...shell, "preview"], all, env);
  expect(previews.code, previews.stdout + previews.stderr).toBe(0);
  const review = await gitLabCiLocal(source, [...shell, "review"], all, env);
  expect(review.code).not.toBe(0);
  expect(review.stdout + review.stderr).toContain(`set the label ${accepted}`);
  expect(own()).toHaveLength(1);
  expect(own()[0]).toContain("EMPTY");
});
