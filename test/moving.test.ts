import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../build/repository.ts";
import { resources } from "../provider/index.ts";

const page = readFileSync(join(repository, "docs/moving-from-terraform.md"), "utf8");

/** The names right of the arrows under the heading of a resource. */
function namedFor(resource: string): string[] {
  const part = page
    .split(/^## /m)
    .find((one) => one.startsWith("`") && one.includes(`\`${resource}\`\n`));
  const lines = [...(part ?? "").matchAll(/^- .*? → ([^:\n]*)/gm)].map(([, names = ""]) => names);
  return lines
    .flatMap((line) => [...line.matchAll(/`([\w:]+)`/g)].map(([, name = ""]) => name))
    .filter((name) => !name.includes(":"));
}

test.each([
  { resource: "AppFormation", least: 7 },
  { resource: "Replica", least: 15 },
])("docs/moving-from-terraform.md names properties that $resource has", ({ resource, least }) => {
  const definition = resources.find(({ name }) => name === resource);
  const known = { ...definition?.inputs.shape, ...definition?.outputs.shape };
  const named = namedFor(resource);

  expect(named.length).toBeGreaterThanOrEqual(least);
  expect(named.filter((name) => !Object.hasOwn(known, name))).toEqual([]);
});

test("it says of every input of these resources what corresponds to it", () => {
  const missing = ["AppFormation", "Replica"].flatMap((resource) => {
    const definition = resources.find(({ name }) => name === resource);
    const named = namedFor(resource);
    return Object.keys(definition?.inputs.shape ?? {}).filter((name) => !named.includes(name));
  });

  expect(missing).toEqual([]);
});
