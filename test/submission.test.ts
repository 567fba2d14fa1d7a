import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { repository } from "../build/repository.ts";
import { submission } from "../build/submission.ts";
import { packageSchema } from "../provider/schema/package.ts";
import type { Publication } from "../provider/schema/publication.ts";

const decided: Publication = {
  repository: "https://github.com/example-org/pulumi-formations",
  publisher: "Example, Ltd.",
  domain: "example.org",
  site: null,
};
const undecided: Publication = { repository: null, publisher: null, domain: null, site: null };

/** A clone with the decisions, as `npm run generate` and a commit leave it. */
function cloneWith(publication: Publication): string {
  const root = mkdtempSync(join(tmpdir(), "formations-test-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, "provider", "schema"), { recursive: true });
  git(root, "init", "--quiet");
  decide(root, publication);
  return root;
}

function decide(root: string, publication: Publication): void {
  const file = join(root, "provider", "schema", "publication.json");
  writeFileSync(file, JSON.stringify(publication));
  writeFileSync(join(root, "schema.json"), JSON.stringify(packageSchema(publication)));
  git(root, "add", ".");
  const author = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  git(root, ...author, "commit", "--quiet", "--message", "Decide");
}

function git(root: string, ...args: string[]): void {
  execFileSync("git", args, { cwd: root });
}

/** `npm run registry` in a clone. */
function registry(root: string) {
  const main = join(repository, "build", "main.ts");
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, "registry"], {
    cwd: root,
    encoding: "utf8",
  });
  return { status, stderr, lines: stdout.trimEnd().split("\n") };
}

const tag = `v${packageSchema().version}`;

test("without decisions, each of them and the release are left to do", () => {
  const { status, stderr, lines } = registry(cloneWith(undecided));

  expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
  expect(lines).toEqual([
    expect.stringMatching(/^Decide "repository" in provider\/schema\/publication\.json: /),
    expect.stringMatching(/^Decide "publisher" in /),
    expect.stringMatching(/^Decide "domain" in /),
    expect.stringMatching(new RegExp(`^Release it: .*push the tag ${tag}`)),
  ]);
});

test("a decision that the registry could not use is left to do, and the reason is given", () => {
  const repository = "https://github.com/example-org/formations";
  const { isReady, text } = submission(cloneWith({ ...decided, repository }));

  expect(isReady).toBe(false);
  expect(text.split("\n")).toEqual([
    expect.stringMatching(/^Decide "repository" .*; "https:.*\/formations" is not valid\.$/),
    expect.stringMatching(/^Release it: /),
  ]);
});

test("with decisions, the release is left to do", () => {
  const { isReady, text } = submission(cloneWith(decided));

  expect({ isReady, text }).toEqual({
    isReady: false,
    text: expect.stringMatching(/^Release it: /),
  });
});

test("a release from before the decisions does not do", () => {
  const root = cloneWith(undecided);
  git(root, "tag", tag);
  decide(root, decided);

  const { isReady, text } = submission(root);

  expect({ isReady, text }).toEqual({
    isReady: false,
    text: expect.stringMatching(/^Release it again, as another version: .*/),
  });
});

test("with decisions and a release, only the entries for the registry are left", () => {
  const root = cloneWith(decided);
  git(root, "tag", tag);

  const { status, stderr, lines } = registry(root);

  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(lines.filter((line) => /^[{} ]|^"/.test(line)).join("\n")).toBe(`{
  "repoSlug": "example-org/pulumi-formations",
  "schemaFile": "schema.json"
}
"Example, Ltd.": "example_ltd"`);
  expect(lines.filter((line) => /decide|release/i.test(line))).toEqual([]);
});
