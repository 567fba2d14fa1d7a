import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { repository } from "../../build/repository.ts";

const group = z.record(z.string(), z.strictObject({ patterns: z.array(z.string()) }));

/** GitHub's own schema of the file, as far as this one uses it. */
const schema = z.strictObject({
  version: z.literal(2),
  updates: z.array(
    z.strictObject({
      "package-ecosystem": z.enum(["npm", "gomod", "pip", "docker", "github-actions"]),
      directories: z.array(z.string().startsWith("/")),
      schedule: z.strictObject({ interval: z.enum(["daily", "weekly", "monthly"]) }),
      cooldown: z.strictObject({ "default-days": z.number() }).optional(),
      ignore: z.array(z.strictObject({ "dependency-name": z.string() })).optional(),
      groups: group.refine((groups) => Object.keys(groups).length === 1),
    }),
  ),
});

const { updates } = schema.parse(
  parse(readFileSync(join(repository, ".github", "dependabot.yml"), "utf8")),
);

/** Which files are manifests, and whether one names something that can be updated. */
const ecosystems: Record<string, { name: RegExp; names: RegExp }> = {
  npm: { name: /^package\.json$/, names: /ependencies"/ },
  gomod: { name: /^go\.mod$/, names: /^require/m },
  pip: { name: /^requirements\.txt$/, names: /==/ },
  docker: { name: /^Dockerfile$/, names: /^FROM/m },
};

/** Manifests that stay as they are, and why. */
const exempt: Record<string, string> = {
  "build/engine/go/nodejs/go.mod": "the last version that has the Node.js language host",
  "build/engine/go/python/go.mod": "the last version that has the Python language host",
  "build/engine/go/golang/go.mod": "the last version that has the language host of Go",
};

const tracked = execFileSync("git", ["ls-files"], { cwd: repository, encoding: "utf8" })
  .split("\n")
  .filter(Boolean);

function manifests({ name, names }: { name: RegExp; names: RegExp }): string[] {
  return tracked
    .filter((file) => name.test(basename(file)) && !(file in exempt))
    .filter((file) => names.test(readFileSync(join(repository, file), "utf8")));
}

function foldersOf(ecosystem: string): string[] {
  const own = updates.filter((update) => update["package-ecosystem"] === ecosystem);
  return own.flatMap(({ directories }) => directories).toSorted();
}

test.each(Object.entries(ecosystems))("%s has a folder for each manifest", (ecosystem, kind) => {
  const folders = manifests(kind).map(
    (file) => join("/", dirname(file)).replace(/\/\.?$/, "") || "/",
  );

  expect(foldersOf(ecosystem)).toEqual(folders.toSorted());
});

test("the actions of every workflow are updated", () => {
  const workflows = tracked.filter((file) => /(^|\/)\.github\/workflows\/[^/]+\.yml$/.test(file));
  const folders = new Set(workflows.map((file) => `/${dirname(file)}`));

  const named = foldersOf("github-actions").map((folder) =>
    folder === "/" ? "/.github/workflows" : folder,
  );
  expect(named.toSorted()).toEqual([...folders].sort());
});

test("what is exempt is there, and no ecosystem is named twice", () => {
  expect(Object.keys(exempt).filter((file) => !tracked.includes(file))).toEqual([]);
  const names = updates.map((update) => update["package-ecosystem"]);
  expect([...new Set(names)]).toEqual(names);
});
