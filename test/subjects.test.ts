import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { repository } from "../build/repository.ts";
import { resources } from "../provider/index.ts";
import { fileName } from "../sdk/generator/resource-class.ts";
import { subjects, systems } from "./subjects.ts";
import { definitionOf } from "./support/definition.ts";

/** The sources of the lifecycles, as one text. */
const lifecycles = globSync("test/scenarios/lifecycle/*.test.ts", { cwd: repository })
  .map((file) => readFileSync(join(repository, file), "utf8"))
  .join("\n");

test("every resource of the provider has a row, and every row is a resource of the provider", () => {
  const names = subjects.map(({ name }) => name);
  expect(names.toSorted()).toEqual(resources.map(({ name }) => name).toSorted());
});

test("every system is the provider's", () => {
  const found = systems.map(({ name, title }) => ({ name, title }));
  const expected = new Set(resources.map(({ system }) => system));
  expect(found).toEqual(
    expect.arrayContaining([...expected].map(({ name, title }) => ({ name, title }))),
  );
  expect(found).toHaveLength(expected.size);
});

test("every resource of the program that is killed has a name of its own", () => {
  const names = subjects.flatMap(({ mixed }) => Object.keys(mixed((first) => first)));
  expect(names.toSorted()).toEqual([...new Set(names)].sort());
});

describe.each(subjects)("$name", (subject) => {
  const { inputs, plan, find } = definitionOf(subject);

  test("has a plan for each input that is unknown", () => {
    expect(Object.keys(subject.unknowns).toSorted()).toEqual(Object.keys(inputs.shape).toSorted());
  });

  test("has the name that the provider gives it", () => {
    expect(subject.named).toBe(plan.autoname);
  });

  test("has what a server has of it, where a creation leaves something there", () => {
    expect(subject.things !== undefined).toBe(find !== undefined);
  });

  test("has a model, and a lifecycle that runs on both hosts", () => {
    const model = join("test", "model", `${fileName(subject.name)}.test.ts`);
    expect(existsSync(join(repository, model)), model).toBe(true);
    expect(lifecycles).toContain(`type: "${subject.name}"`);
  });

  test("is in the program that is killed, on both hosts", () => {
    const mixed = Object.values(subject.mixed((first) => first));
    expect(mixed.some(({ isOnBothHosts }) => isOnBothHosts)).toBe(true);
  });

  test("is struck at every verb that sends something", () => {
    const struck = Object.keys(subject.changing.strikes);
    const all = ["create", "read", "update", "delete"];
    expect(struck).toEqual(subject.things ? all : ["create"]);
  });
});
