import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../build/repository.ts";
import { generatedFiles } from "../sdk/generator/files.ts";

const timeout = 30_000;

const generated = generatedFiles(read);

function read(file: string): string {
  return readFileSync(join(repository, file), "utf8");
}

/** As `npm run generate` leaves it. */
function formatted(file: string, text: string): string {
  if (!/\.(ts|json)$/.test(file)) return text;
  const biome = join(repository, "node_modules", "@biomejs", "biome", "bin", "biome");
  const args = [biome, "check", "--write", `--stdin-file-path=${file}`];
  return execFileSync(process.execPath, args, { cwd: repository, input: text, encoding: "utf8" });
}

test.each([...generated.keys()])("%s is what the definitions say", { timeout }, (file) => {
  const expected = formatted(file, generated.get(file) ?? "");

  expect(read(file), "run `npm run generate`").toBe(expected);
});

test("no generated file is left of a definition that is gone", () => {
  const files = globSync(["sdk/generated/*", "docs/{resources,functions}/*"], { cwd: repository });

  expect(files.filter((file) => !generated.has(file.replaceAll("\\", "/")))).toEqual([]);
});

/** Pages of which sections are generated from the definitions. */
const partly = [...generated.keys()].filter((file) => {
  return /^docs\/(?:configuration|plan|resources\/.+)\.md$/.test(file);
});

test.each(partly)("the sections of %s are filled, whatever they held before", (page) => {
  const section = /(<!-- begin (.+?) -->)[\s\S]*?(<!-- end \2 -->)/g;
  const emptied = read(page).replaceAll(section, "$1\n$3");
  expect(emptied).not.toBe(read(page));

  const files = generatedFiles((file) => (file === page ? emptied : read(file)));

  expect(files.get(page)).toBe(read(page));
});

test("a page names its sections, whatever it named before", () => {
  const page = "docs/backups.md";
  const emptied = read(page).replace(/^On this page:.*$/m, "On this page:");
  expect(emptied).not.toBe(read(page));

  const files = generatedFiles((file) => (file === page ? emptied : read(file)));

  expect(files.get(page)).toBe(read(page));
});
