import { expect, test } from "vitest";
import { bot } from "./github.ts";
import { failing, losing, unchanged } from "./previews.ts";
import { logOf, resultsOf, startRepository } from "./repository.ts";

test("a pull request's one comment follows its pushes, a label lifts the gate, and the merge runs what was reviewed", {
  timeout: 180_000,
}, async () => {
  const repository = await startRepository();
  const { gitHub, previews } = repository;
  const comments = () => gitHub.comments.filter(({ user }) => user.login === bot.login);
  for (let count = 0; count < 40; count++) gitHub.comment("reviewer", `Comment ${count}`);

  const message = "workerCount: is not a count of 0 or more";
  previews({
    dev: { out: unchanged("dev") },
    staging: { out: failing("staging", message), code: 1 },
    production: { out: losing("production") },
  });
  const failed = await repository.review();
  expect(resultsOf(failed)).toEqual({
    "preview (dev)": "success",
    "preview (staging)": "failure",
    "preview (production)": "success",
    review: "failure",
  });
  expect(comments()).toHaveLength(1);
  expect(comments()[0]?.body).toContain("EMPTY");
  expect(comments()[0]?.body).toContain(message);
  expect(comments()[0]?.body).toContain("a".repeat(40));
  expect(logOf(failed, "review")).toContain("The preview failed: staging.");

  gitHub.push("b".repeat(40));
  previews({ staging: { out: unchanged("staging") } });
  const fixed = await repository.review();
  expect(resultsOf(fixed)).toMatchObject({ "preview (staging)": "success", review: "failure" });
  expect(comments()).toHaveLength(1);
  expect(comments()[0]?.body).toContain("EMPTY");
  expect(comments()[0]?.body).not.toContain(message);
  expect(comments()[0]?.body).toContain("b".repeat(40));

  gitHub.labels = ["data-loss-accepted"];
  expect(resultsOf(await repository.review())).toMatchObject({ review: "success" });
  const merged = await repository.merge();
  expect(resultsOf(merged)).toEqual({
    "dev / up": "success",
    "staging / up": "success",
    "production / up": "success",
  });
  for (const stack of ["dev", "staging", "production"]) {
    expect(logOf(merged, `${stack} / up`)).toContain(`up ${stack} done with token of-${stack}`);
  }
});
