import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { repository } from "../../build/repository.ts";
import { programOf } from "../../cli/program.ts";
import { pages } from "../links/pages.ts";

const program = await programOf(["help"]);

/** The calls of `formations` in a page's blocks of commands, each as its words. */
function callsOn(page: string): string[][] {
  const text = readFileSync(join(repository, page), "utf8");
  const blocks = [...text.matchAll(/^```(?:sh|bash|yaml)\n([\s\S]*?)^```/gm)];
  const lines = blocks.flatMap(([, block = ""]) => block.replaceAll("\\\n", " ").split("\n"));
  return lines
    .filter((line) => !/^\s*#/.test(line))
    .flatMap((line) => [
      ...line.matchAll(/(?:^|\s)(?<!(?:resource|converter) )formations (?=[a-z])([^|;&>#"')]+)/g),
    ])
    .map(([, words = ""]) => words.trim().split(/\s+/));
}

/** What is wrong with a call; undefined: nothing. */
function problemOf(words: readonly string[]): string | undefined {
  let command: Command = program;
  const rest = [...words];
  for (;;) {
    const next = command.commands.find((one) => one.name() === rest[0]);
    if (!next) break;
    command = next;
    rest.shift();
  }
  const call = `formations ${words.join(" ")}`;
  const isGroup = command.commands.length > 0 && command.registeredArguments.length === 0;
  if (command === program || isGroup) return `${call}: no such command`;
  // What follows `--` is a command of the user's own.
  const own = rest.includes("--") ? rest.slice(0, rest.indexOf("--")) : rest;
  const flags = own.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.split("=")[0]);
  const known = command.options.flatMap(({ long, short }) => [long, short]);
  const unknown = flags.filter((flag) => flag !== "--help" && !known.includes(flag));
  return unknown.length > 0 ? `${call}: no flag ${unknown.join(", ")}` : undefined;
}

test("every command of formations that a page shows exists, with its flags", () => {
  const calls = pages.flatMap((page) => callsOn(page).map((words) => ({ page, words })));

  expect(calls.length).toBeGreaterThan(30);
  const problems = calls.flatMap(({ page, words }) => {
    const problem = problemOf(words);
    return problem === undefined ? [] : [`${page}: ${problem}`];
  });
  expect(problems).toEqual([]);
});

test.each([
  [["backups", "rnu"], "formations backups rnu: no such command"],
  [["recover", "--yess"], "formations recover --yess: no flag --yess"],
])("%j is found", (words, problem) => {
  expect(problemOf(words)).toBe(problem);
});
