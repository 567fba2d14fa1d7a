import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { bot } from "./github.ts";
import { failing, growing, losing, refusedByPolicy, unchanged } from "./previews.ts";
import { logOf, passphrase, type Repository, resultsOf, startRepository } from "./repository.ts";

const accepted = "data-loss-accepted";

let repository: Repository;

beforeEach(async () => {
  repository = await startRepository();
  same("dev", "staging", "production");
});

/** From now on, nothing changes in these stacks. */
function same(...stacks: string[]): void {
  for (const stack of stacks) repository.previews({ [stack]: { out: unchanged(stack) } });
}

/** The comments of the workflow's own account. */
function own(): string[] {
  return repository.gitHub.comments
    .filter(({ user }) => user.login === bot.login)
    .map(({ body }) => body);
}

describe("the comment", () => {
  test("says why a stack has no preview if Pulumi failed before there was one, without what is secret", async () => {
    const err = `error: could not decrypt with ${passphrase} from s3://reader:backend-password@state.example.com/shop`;
    repository.previews({ production: { err, code: 255 } });
    const runs = await repository.review();
    expect(resultsOf(runs)).toMatchObject({ "preview (production)": "failure", review: "failure" });
    expect(own()[0]).toContain("could not decrypt with");
    expect(own()[0]).toContain("production");
    expect(own()[0]).not.toMatch(/battery|backend-password/);
    expect(runs.map(({ log }) => log).join()).not.toMatch(/battery|backend-password/);
  });

  test.each([
    { what: "is cut off", out: unchanged("dev").slice(0, 40), err: "signal: killed" },
    { what: "does not say that it failed", out: unchanged("dev"), err: "error: 1 policy failed" },
  ])("says that a preview failed which $what", async ({ out, err }) => {
    repository.previews({ dev: { out, err, code: 1 } });
    const runs = await repository.review();
    expect(resultsOf(runs)).toMatchObject({ "preview (dev)": "failure", review: "failure" });
    expect(own()[0]).toContain(err.replace("error: ", ""));
  });

  test("says that a stack's job ended without a preview", async () => {
    writeFileSync(join(repository.source, "ci", "preview.mts"), "process.exit(7);\n");
    const runs = await repository.review();
    expect(resultsOf(runs)).toMatchObject({ "preview (dev)": "failure", review: "failure" });
    expect(own()[0]).toContain("The job ended before it had previewed this stack.");
    expect(own()[0]).toContain("https://github.example/example/shop/actions/runs/123456789");
  });

  test("says what policies refuse, which the engine tells in another form", async () => {
    const err = "error: preview failed";
    repository.previews({ dev: { out: refusedByPolicy("dev"), err, code: 1 } });
    const runs = await repository.review();
    expect(resultsOf(runs)).toMatchObject({ "preview (dev)": "failure", review: "failure" });
    expect(own()[0]).toContain("production needs standbys");
    expect(own()[0]).toContain("preview failed");

    repository.previews({ dev: { out: refusedByPolicy("dev").slice(0, -80), err, code: 1 } });
    expect(resultsOf(await repository.review())).toMatchObject({ review: "failure" });
    expect(own()[0]).not.toContain("could not be explained");
  });

  test("says what a change costs if the project has prices", async () => {
    const sizes = [{ name: "gp1", price: 20 }];
    const content = { version: 1, readAt: "2026-03-01T12:00:00Z", systems: { akkeris: sizes } };
    writeFileSync(join(repository.source, "prices.json"), JSON.stringify(content));
    repository.previews({ dev: { out: growing("dev") } });
    expect(resultsOf(await repository.review())).toMatchObject({ review: "success" });
    expect(own()[0]).toMatch(/\$20(\.00)?\D.*per month/);
  });

  test("is not written by a run that a newer commit has overtaken", async () => {
    const sha = repository.gitHub.pull.head.sha;
    repository.gitHub.push("b".repeat(40));
    await repository.review({ sha });
    expect(own()).toEqual([]);
  });
});

describe("GitHub out of order", () => {
  test("a token that may not write is said so, and the explanation is in the job's summary", async () => {
    repository.gitHub.mayWrite = false;
    repository.previews({ production: { out: losing("production") } });
    const runs = await repository.review();
    expect(resultsOf(runs)).toMatchObject({ review: "failure" });
    expect(logOf(runs, "review")).toContain("Resource not accessible by integration");
    expect(logOf(runs, "review")).toContain("pull-requests: write");
    expect(runs.at(-1)?.summary).toContain("EMPTY");
    expect(repository.gitHub.requests.filter((one) => one.startsWith("POST"))).toHaveLength(1);
  });
});

describe("the gate", () => {
  test("fails where data would be lost, until the label is set on the comment that shows it", async () => {
    const { gitHub, previews } = repository;
    gitHub.labels = [accepted];
    previews({ production: { out: losing("production") } });
    const first = await repository.review();
    expect(resultsOf(first)).toMatchObject({ review: "failure" });
    expect(gitHub.labels).toEqual([]);
    expect(own()[0]).toContain("was set for other changes, and was removed");
    expect(logOf(first, "review")).toContain(`set the label ${accepted}`);

    gitHub.labels = ["urgent", accepted];
    const second = await repository.review();
    expect(resultsOf(second)).toMatchObject({ review: "success" });
    expect(own()[0]).not.toContain("was removed");

    gitHub.push("b".repeat(40));
    expect(resultsOf(await repository.review())).toMatchObject({ review: "success" });
    expect(gitHub.labels).toEqual(["urgent", accepted]);

    gitHub.push("c".repeat(40));
    previews({ production: { out: losing("production", 9) } });
    expect(resultsOf(await repository.review())).toMatchObject({ review: "failure" });
    expect(gitHub.labels).toEqual(["urgent"]);
  });

  test("is not lifted where a preview failed", async () => {
    repository.previews({ dev: { out: failing("dev", "no"), code: 1 } });
    await repository.review();
    repository.gitHub.labels = [accepted];
    expect(resultsOf(await repository.review())).toMatchObject({ review: "failure" });
  });

  test("fails for a fork, whose pull request gets no secrets, and says what to do", async () => {
    const runs = await repository.review({ isFork: true });
    expect(resultsOf(runs)).toEqual({ preview: "skipped", review: "failure" });
    expect(logOf(runs, "review")).toContain("push them to a branch of this repository");
    expect(repository.gitHub.requests).toEqual([]);
  });
});

describe("after the merge", () => {
  const lossInProduction = () => repository.previews({ production: { out: losing("production") } });

  test("what was not reviewed does not run, nor anything in the environments after it", async () => {
    lossInProduction();
    await repository.review();
    repository.previews({ staging: { out: losing("staging") } });
    const runs = await repository.merge();
    expect(resultsOf(runs)).toEqual({
      "dev / up": "success",
      "staging / up": "failure",
      production: "skipped",
    });
    expect(logOf(runs, "staging / up")).not.toContain("done with token");
    expect(logOf(runs, "staging / up")).toContain("events");
  });

  test("what is left of a merge runs once its preview was made again", async () => {
    lossInProduction();
    await repository.review();
    repository.previews({ production: { out: losing("production", 5) } });
    expect(resultsOf(await repository.merge())).toMatchObject({ "production / up": "failure" });
    expect(resultsOf(await repository.review())).toMatchObject({ review: "failure" });
    expect(resultsOf(await repository.merge())).toMatchObject({ "production / up": "success" });
  });

  test("a preview that fails does not run", async () => {
    await repository.review();
    repository.previews({ dev: { out: failing("dev", "no"), code: 1 } });
    const runs = await repository.merge();
    expect(resultsOf(runs)).toMatchObject({ "dev / up": "failure", production: "skipped" });
    expect(logOf(runs, "dev / up")).not.toContain("done with token");
  });

  test("a commit that no pull request's merge made does not run", async () => {
    await repository.review();
    const runs = await repository.deploy("e".repeat(40));
    expect(resultsOf(runs)).toMatchObject({ "dev / up": "failure", staging: "skipped" });
    expect(logOf(runs, "dev / up")).toContain("so nobody reviewed it");
  });

  test("a merge whose comment is missing, or is somebody else's, does not run", async () => {
    await repository.review();
    const { gitHub } = repository;
    const body = own().join();
    gitHub.comments = [];
    gitHub.comment("rogue", body);
    const runs = await repository.merge();
    expect(resultsOf(runs)).toMatchObject({ "dev / up": "failure", staging: "skipped" });
    expect(logOf(runs, "dev / up")).toContain("has no comment that explains its changes");
  });
});
