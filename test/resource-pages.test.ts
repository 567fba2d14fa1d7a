import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { repository } from "../build/repository.ts";
import { resources } from "../provider/index.ts";
import type { Definition } from "../provider/resource/definition.ts";
import { token } from "../provider/resource/urn.ts";
import { resourcePage } from "../sdk/generator/resource-page.ts";

/*
 * What people write on the page of each resource. test/plugin/requests.test.ts holds its requests.
 */

function read(file: string): string {
  return readFileSync(join(repository, file), "utf8");
}

/** A section of the second degree, by its heading. */
function section(page: string, heading: string): string {
  return page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
}

describe.each(resources)("the page of $name", (definition) => {
  const { name, inputs, isId, find } = definition;
  const page = read(resourcePage(definition));

  test.each([
    "Example",
    "With the TypeScript classes",
    "Inputs",
    "Outputs",
    "What a change does",
    "Import",
    "Timeouts",
    "Requests",
    "Errors",
  ])("has the section %s", (heading) => {
    expect(section(page, heading)).not.toBe("");
  });

  test("has a program of the class", () => {
    expect(section(page, "With the TypeScript classes")).toContain(`new ${name}(`);
  });

  test("says what an import takes, and lacks", () => {
    const text = section(page, "Import");
    const [, type, id = ""] = /^pulumi import (\S+) \w+ \\\n {2}(\S+)$/m.exec(text) ?? [];
    const writeOnly = Object.entries(inputs.shape).filter(([, one]) => one.meta()?.writeOnly);

    // Only what a creation leaves on a server can be imported.
    expect([type, isId?.(id)]).toEqual(find ? [token(name), true] : [undefined, undefined]);
    if (!find) expect(text).toContain("can't be imported");
    for (const [key] of find ? writeOnly : []) expect(text).toContain(`\`${key}\``);
  });
});

/** The errors sections of pages. */
function errorsOf(definitions: readonly Definition[]): string {
  return definitions.map((one) => section(read(resourcePage(one)), "Errors")).join("\n");
}

/** The codes of errors in a part of the provider that a text does not name. */
function unnamed(text: string, part: string): string[] {
  const sources = globSync(`provider/${part}/**/*.ts`, { cwd: repository }).map(read).join("\n");
  const codes = [...sources.matchAll(/ code(?: = |: )"([A-Z_]+)"/g)].map(([, code = ""]) => code);
  return codes.filter((code) => !text.includes(`[\`${code}\`]`));
}

test.each([...new Set(resources.map(({ system }) => system))])(
  "the pages of $title name each error of its own",
  (system) => {
    const own = resources.filter((one) => one.system === system);
    expect(unnamed(errorsOf(own), system.name)).toEqual([]);
  },
);

test("the pages name each error that requests, and resources in general, can meet", () => {
  expect(unnamed("", "http").length).toBeGreaterThan(10);
  expect(unnamed(errorsOf(resources), "{http,resource}")).toEqual([]);
});
