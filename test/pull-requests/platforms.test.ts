import { beforeEach, describe, expect, test, vi } from "vitest";
import { currentPlatform } from "../../examples/pull-requests/ci/current.mts";
import type { Platform } from "../../examples/pull-requests/ci/platform.mts";
import { findComment, writeComment } from "../../examples/pull-requests/ci/sticky.mts";
import { type Fault, GitHub } from "./github.ts";
import { GitLab } from "./gitlab.ts";

/** A stand-in for a platform, as these tests see both. */
interface World {
  platform: Platform;
  faults: Fault[];
  requests: string[];
  /** Somebody else comments. */
  comment(body: string): void;
  /** The comments of the job's own account. */
  own(): string[];
  /** Makes the job's token one that the platform does not take for writing. */
  forbid(): void;
  labels(names?: string[]): string[];
  merge(sha: string): void;
}

const sha = "a".repeat(40);
const marked = (text: string) => `${text}\n\n<!-- formations explain: shop shop/dev=f1.${text} -->`;

async function gitHubWorld(): Promise<World> {
  const gitHub = await new GitHub(7, sha).start();
  stub({
    ...{ GITHUB_API_URL: gitHub.url, GITHUB_REPOSITORY: "example/shop", GITHUB_RUN_ID: "1" },
    ...{ GITHUB_SERVER_URL: "https://github.example", GITHUB_TOKEN: gitHub.token },
    ...{ PULL_REQUEST: "7", HEAD_SHA: sha, GITLAB_CI: "" },
  });
  const { faults, requests } = gitHub;
  return {
    ...{ platform: currentPlatform(), faults, requests },
    comment: (body) => gitHub.comment("reviewer", body),
    own: () => gitHub.comments.filter(({ user }) => user.type === "Bot").map(({ body }) => body),
    forbid: () => {
      gitHub.mayWrite = false;
    },
    labels: (names) => {
      if (names) gitHub.labels = names;
      return gitHub.labels;
    },
    merge: (commit) => gitHub.merge(commit),
  };
}

async function gitLabWorld(): Promise<World> {
  const gitLab = await new GitLab(sha).start();
  stub({
    ...{ GITLAB_CI: "true", CI_API_V4_URL: gitLab.url, CI_PROJECT_ID: "42" },
    ...{ CI_PIPELINE_URL: "https://gitlab.example/1", REVIEW_TOKEN: gitLab.token },
    ...{ CI_MERGE_REQUEST_IID: "7", CI_COMMIT_SHA: sha, CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: "" },
  });
  const { faults, requests, mergeRequest } = gitLab;
  return {
    ...{ platform: currentPlatform(), faults, requests },
    comment: (body) => gitLab.comment(3, body),
    own: () => gitLab.notes.filter(({ author }) => author.id === 77).map(({ body }) => body),
    forbid: () => stub({ REVIEW_TOKEN: "glpat-wrong" }),
    labels: (names) => {
      if (names) mergeRequest.labels = names;
      return mergeRequest.labels;
    },
    merge: (commit) => gitLab.merge(commit),
  };
}

function stub(variables: Record<string, string>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

/** What a job does to show a text. */
async function show({ platform }: World, text: string): Promise<void> {
  await writeComment(platform, 7, text, await findComment(platform, 7));
}

describe.each([
  { name: "GitHub", start: gitHubWorld },
  { name: "GitLab", start: gitLabWorld },
])("$name", ({ start }) => {
  let world: World;

  beforeEach(async () => {
    stub({ API_PAUSE_MS: "1" });
    world = await start();
  });

  test("the comment is found behind 230 others, one of which looks like it and one another project's", async () => {
    for (let count = 0; count < 130; count++) world.comment(`Comment ${count}`);
    world.comment(marked("forged"));
    await world.platform.create(7, marked("x").replaceAll("shop", "shop-web"));
    await show(world, marked("first"));
    for (let count = 0; count < 100; count++) world.comment(`Comment ${count}`);
    await show(world, marked("second"));
    expect(world.own().slice(1)).toEqual([marked("second")]);
  });

  const create = /^POST .*\/(comments|notes)$/;
  const list = /^GET .*\/(comments|notes)$/;
  const limited = { message: "You have exceeded a secondary rate limit" };
  test.each([
    { what: "server errors over the look-up", faults: [{ request: list, status: 502 }] },
    { what: "a web page", faults: [{ request: list, status: 503, body: { html: "<html>" } }] },
    {
      what: "rate limits",
      faults: [
        { request: list, status: 429, headers: { "retry-after": "0" } },
        { request: create, status: 429, headers: { "retry-after": "0" } },
        { request: create, status: 403, headers: { "retry-after": "0" }, body: limited },
      ],
    },
    { what: "a failure over the comment", faults: [{ request: create, status: 500 }] },
    {
      what: "a failure after the comment was made",
      faults: [{ request: create, status: 504, takesEffect: true }],
    },
  ])("there is one comment in spite of $what", async ({ faults }) => {
    world.faults.push(...faults);
    await show(world, marked("first"));
    expect(world.faults).toEqual([]);
    expect(world.own()).toEqual([marked("first")]);
  });

  test("a comment that somebody deletes meanwhile is made again", async () => {
    await show(world, marked("first"));
    const found = await findComment(world.platform, 7);
    world.faults.push({ request: /^(PATCH|PUT)/, status: 404, body: { message: "Not Found" } });
    await writeComment(world.platform, 7, marked("second"), found);
    expect(world.own()).toEqual([marked("first"), marked("second")]);
  });

  test("a server that stays out of order is given up, with its status", async () => {
    for (let count = 0; count < 9; count++) world.faults.push({ request: list, status: 502 });
    await expect(show(world, marked("first"))).rejects.toThrow(/GET .*: 502/);
    expect(world.faults).toHaveLength(4);
  });

  test("a token without the right to write ends in one request and a message that names the right", async () => {
    const found = await findComment(world.platform, 7);
    world.forbid();
    const sent = world.requests.length;
    const writing = writeComment(world.platform, 7, marked("first"), found);
    await expect(writing).rejects.toThrow(/40[13] .*(pull-requests: write|scope `api`)/);
    expect(world.requests).toHaveLength(sent + 1);
  });

  test("a label is removed, and its absence is no failure", async () => {
    world.labels(["urgent", "data-loss-accepted"]);
    await world.platform.removeLabel(7, "data-loss-accepted");
    await world.platform.removeLabel(7, "data-loss-accepted");
    expect(await world.platform.stateOf(7)).toEqual({ commit: sha, labels: ["urgent"] });
  });

  test("a commit is a pull request's merge once it is merged", async () => {
    const commit = "d".repeat(40);
    expect(await world.platform.mergedAs(commit)).toBeUndefined();
    world.merge(commit);
    expect(await world.platform.mergedAs(commit)).toBe(7);
    expect(await world.platform.mergedAs("e".repeat(40))).toBeUndefined();
  });
});
