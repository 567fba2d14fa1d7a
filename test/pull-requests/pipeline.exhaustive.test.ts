import { beforeEach, expect, test } from "vitest";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";
import { copyExample } from "./actions.ts";
import { gitLabCiLocal, makeRepository } from "./gitlab-ci-local.ts";

let folder: string;

beforeEach(async () => {
  folder = copyExample(ownTemporaryFolder());
  await makeRepository(folder);
});

/** The jobs that GitLab would put into a pipeline with these variables, and when they start. */
async function jobsOf(variables: Record<string, string>): Promise<string[]> {
  const { code, stdout, stderr } = await gitLabCiLocal(folder, ["--list-csv"], variables);
  expect(code, stderr).toBe(0);
  const [head, ...jobs] = stdout.trim().split("\n");
  expect(head).toBe("name;stage;when;allowFailure;environment;needs");
  return jobs.map((job) => {
    const [name, , when, , environment, needs] = job.split(";");
    return [name, when, environment, needs].filter((one) => one).join(" | ");
  });
}

/** GitLab sets no CI_COMMIT_BRANCH in the pipeline of a merge request; the tool does. */
const mergeRequest = { CI_PIPELINE_SOURCE: "merge_request_event", CI_COMMIT_BRANCH: "" };

test("gitlab-ci-local takes the pipeline of a merge request: previews, and the review whatever became of them", async () => {
  const project = { CI_MERGE_REQUEST_PROJECT_PATH: "example/shop" };
  expect(await jobsOf({ ...mergeRequest, ...project })).toEqual([
    "preview: [dev] | on_success",
    "preview: [staging] | on_success",
    "preview: [production] | on_success",
    "review | always | [preview]",
  ]);
});

test("gitlab-ci-local takes the pipeline of a fork: one job, which says what to do", async () => {
  const project = { CI_MERGE_REQUEST_PROJECT_PATH: "other/shop" };
  expect(await jobsOf({ ...mergeRequest, ...project })).toEqual(["fork | on_success"]);
});

test("gitlab-ci-local takes the main branch's pipeline: one environment after the other, production by hand", async () => {
  expect(await jobsOf({ CI_PIPELINE_SOURCE: "push" })).toEqual([
    "up dev | on_success | dev | []",
    "up staging | on_success | staging | [up dev]",
    "up production | manual | production | [up staging]",
  ]);
});
