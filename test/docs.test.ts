import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { repository } from "../build/repository.ts";
import { resources } from "../provider/index.ts";
import { headingAnchor } from "../sdk/generator/markdown.ts";
import { pages } from "./links/pages.ts";

const architecture = read("docs/architecture.md");

function read(file: string): string {
  return readFileSync(join(repository, file), "utf8");
}

/** The text without blocks of code. */
function prose(file: string): string {
  return read(file).replaceAll(/^```[\s\S]*?^```$/gm, "");
}

test.each(pages)("no line of code on %s is wider than what a page shows", (page) => {
  const blocks = [...read(page).matchAll(/^```[\s\S]*?^```$/gm)];
  const lines = blocks.flatMap(([block]) => block.split("\n"));
  // A class' name may be long, and TypeScript has it three times in a line.
  const wide = lines.filter((line) => !/^const (\w+) = new formations\.\w+\("\1", \{$/.test(line));
  expect(wide.filter((line) => [...line].length > 80)).toEqual([]);
});

test.each(pages)("every path of the repository that %s names is there", (page) => {
  const rooms = "provider|sdk|cli|simulators|build|examples|test|docs";
  const paths = [...prose(page).matchAll(new RegExp(`\`((?:${rooms})/[^\`\\s<‹*…]*)\``, "g"))];
  const missing = paths
    .map(([, path = ""]) => path)
    .filter((path) => {
      return !existsSync(join(repository, path));
    });
  expect(missing).toEqual([]);
});

test("every script that a page names is in package.json", () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(read("package.json")));
  const named = pages.flatMap((page) =>
    [...read(page).matchAll(/\bnpm run (?:--\w+ )?([\w:]+)/g)].map(([, script = ""]) => script),
  );
  expect(named).toContain("demo");
  expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
});

test("every page that a message names is there", () => {
  const named = globSync("{provider,cli,sdk}/**/*.ts", { cwd: repository }).flatMap((file) =>
    [...read(file).matchAll(/\bpage\("([\w-]+)"\)/g)].map(([, name = ""]) => name),
  );
  expect(named.filter((name) => !existsSync(join(repository, "docs", `${name}.md`)))).toEqual([]);
});

test("every room is in the table of rooms", () => {
  const folders = ["{provider,sdk}/*/", "{cli,simulators,examples,build,test,docs,site}/"];
  const rooms = globSync(folders, { cwd: repository })
    .map((folder) => `${folder.replaceAll("\\", "/").replace(/\/$/, "")}/`)
    .map((room) => (existsSync(join(repository, room, "system.ts")) ? "provider/<system>/" : room));
  const listed = [...architecture.matchAll(/^\| `([^`]+\/)` \|/gm)].map(([, room]) => room);
  expect(listed.toSorted()).toEqual([...new Set(rooms)].sort());
});

test("the README names every resource", () => {
  const names = resources.map(({ name }) => `\`${name}\``);
  expect(names.filter((name) => !read("README.md").includes(name))).toEqual([]);
});

/** Pages of which a reader sees a small part at a time. */
const long = pages.filter((page) => {
  const isOfSite = /^docs\/(?!_index|installation-)/.test(page);
  return isOfSite && Buffer.byteLength(prose(page)) > 10 * 1024;
});

test.each(long)("%s links to each of its sections ahead of it", (page) => {
  const text = prose(page);
  const missing = [...text.matchAll(/^## (.+)$/gm)].filter(({ index, 1: heading = "" }) => {
    return !text.slice(0, index).includes(`](#${headingAnchor(heading)})`);
  });
  expect(missing.map(([heading]) => heading)).toEqual([]);
});

test("the README is a page", () => {
  expect(Buffer.byteLength(read("README.md"))).toBeLessThanOrEqual(7 * 1024);
});
