import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { createWorkspace } from "../../build/engine/workspace.ts";
import { Platform } from "../../simulators/platform.ts";
import {
  folderIn,
  type JobRun,
  type Occasion,
  quick,
  runWorkflow,
} from "../pull-requests/actions.ts";
import { bot, GitHub } from "../pull-requests/github.ts";
import { logOf, resultsOf } from "../pull-requests/repository.ts";
import { installedPackage, npmStub } from "../pull-requests/stubs.ts";
import { example } from "../pull-requests/workflow-file.ts";

const number = 12;
const stacks = ["dev", "staging", "production"];
const passphrase = "correct horse battery staple";
const accepted = "data-loss-accepted";

/** The example on the real engine and the simulated systems, in a repository on the stand-in for GitHub. */
async function startShop() {
  const platform = await new Platform(2000).start();
  onTestFinished(() => platform.close());
  const gitHub = await new GitHub(number, "a".repeat(40)).start();
  const workspace = await createWorkspace({
    program: { folder: example },
    package: "none",
    stack: "dev",
    passphrase,
    env: { ...platform.urls, FORMATIONS_CITUS_REQUESTS_PER_MINUTE: "600" },
  });
  onTestFinished(() => workspace.dispose());
  const scratch = join(workspace.project, "..");
  const modules = await installedPackage(scratch);
  for (const stack of stacks.slice(1)) await workspace.pulumi(["stack", "init", stack]);
  const {
    PULUMI_BACKEND_URL = "",
    PULUMI_CONFIG_PASSPHRASE: _,
    PULUMI_STACK: __,
    ...env
  } = workspace.env;
  const path = npmStub(scratch, modules, env.PATH);
  const occasion = (event: object, sha: string): Occasion => ({
    ...{ source: workspace.project, event, sha, scratch: folderIn(scratch, "run") },
    env: { ...env, PATH: path, ...quick(scratch) },
    vars: { PULUMI_BACKEND_URL },
    secrets: { PULUMI_CONFIG_PASSPHRASE: passphrase },
    environments: Object.fromEntries(stacks.map((stack) => [stack, platform.tokens])),
    token: gitHub.token,
    api: gitHub.url,
  });
  return {
    ...{ platform, gitHub },
    /** Edits a stack's configuration. */
    edit(stack: string, from: string, to: string): void {
      const file = join(workspace.project, `Pulumi.${stack}.yaml`);
      const text = readFileSync(file, "utf8");
      expect(text).toContain(from);
      writeFileSync(file, text.replace(from, to));
    },
    /** Somebody pushes a commit: the workflow reviews it. */
    push(sha: string): Promise<JobRun[]> {
      gitHub.push(sha);
      const repo = { full_name: "example/shop" };
      return runWorkflow(
        "preview.yml",
        occasion({ pull_request: { number, head: { sha, repo } } }, sha),
      );
    },
    merge(sha: string): Promise<JobRun[]> {
      gitHub.merge(sha);
      return runWorkflow("deploy.yml", occasion({}, sha));
    },
    /** What the backend holds, by path. */
    stored(): Map<string, string> {
      const folder = fileURLToPath(PULUMI_BACKEND_URL);
      const files = globSync("**", { cwd: folder, withFileTypes: true }).filter((one) =>
        one.isFile(),
      );
      return new Map(
        files.map(({ parentPath, name }) => {
          const file = join(parentPath, name);
          return [file, readFileSync(file, "utf8")];
        }),
      );
    },
    /** The comments of the workflow's own account. */
    comments(): string[] {
      return gitHub.comments.filter(({ user }) => user.login === bot.login).map(({ body }) => body);
    },
  };
}

/** How many workers the formations have. */
function workers({ citus }: Platform): number[] {
  return [...citus.formations.values()].map(({ tune_attributes }) => tune_attributes.worker_count);
}

test("a pull request's comment follows three stacks from the first push to the merge", {
  timeout: 600_000,
}, async () => {
  const shop = await startShop();
  const { gitHub, platform } = shop;

  // Everything is new, and runs as it was reviewed.
  const created = await shop.push("a".repeat(40));
  expect(resultsOf(created), created.map(({ log }) => log).join("\n")).toMatchObject({
    review: "success",
  });
  expect(shop.comments()).toHaveLength(1);
  expect(shop.comments()[0]).not.toContain("Warning");
  const first = await shop.merge("1".repeat(40));
  expect(resultsOf(first), first.map(({ log }) => log).join("\n")).toEqual({
    "dev / up": "success",
    "staging / up": "success",
    "production / up": "success",
  });
  expect(platform.citus.formations.size).toBe(3);
  platform.takeRequests();
  const stored = shop.stored();

  // The next pull request loses data in staging, and is broken in dev.
  gitHub.comments = [];
  for (let count = 0; count < 40; count++) gitHub.comment("reviewer", `Comment ${count}`);
  shop.edit("staging", "workerCount: 2", "workerCount: 3");
  shop.edit("dev", "storage: 100", "storage: -1");
  const broken = await shop.push("b".repeat(40));
  expect(resultsOf(broken)).toEqual({
    "preview (dev)": "failure",
    "preview (staging)": "success",
    "preview (production)": "success",
    review: "failure",
  });
  expect(shop.comments()).toHaveLength(1);
  expect(shop.comments()[0]).toContain("EMPTY");
  expect(shop.comments()[0]).toMatch(/storage/);

  // The fix leaves the loss, which somebody accepts.
  shop.edit("dev", "storage: -1", "storage: 100");
  const fixed = await shop.push("c".repeat(40));
  expect(resultsOf(fixed)).toMatchObject({ "preview (dev)": "success", review: "failure" });
  expect(shop.comments()).toHaveLength(1);
  expect(shop.comments()[0]).not.toMatch(/storage/);
  gitHub.labels = [accepted];
  expect(resultsOf(await shop.push("c".repeat(40)))).toMatchObject({ review: "success" });

  // No preview asks any system for anything, or writes anything.
  expect([...platform.takeRequests().values()].flat()).toEqual([]);
  expect(shop.stored()).toEqual(stored);

  // What somebody slips in after the review does not run.
  shop.edit("staging", "workerCount: 3", "workerCount: 4");
  const slipped = await shop.merge("2".repeat(40));
  expect(resultsOf(slipped)).toEqual({
    "dev / up": "success",
    "staging / up": "failure",
    production: "skipped",
  });
  expect(logOf(slipped, "staging / up")).toContain("events");
  expect(workers(platform)).not.toContain(4);

  // What was reviewed does.
  shop.edit("staging", "workerCount: 4", "workerCount: 3");
  expect(resultsOf(await shop.merge("3".repeat(40)))).toMatchObject({
    "production / up": "success",
  });

  // Then nothing changes any more, and the comment says that.
  expect(resultsOf(await shop.push("d".repeat(40)))).toMatchObject({ review: "success" });
  expect(shop.comments()).toHaveLength(1);
  expect(shop.comments()[0]).not.toContain("EMPTY");
  expect(shop.comments()[0]).toContain("d".repeat(40));
});
