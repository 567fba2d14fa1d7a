import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ensureEngine, withEngine } from "../../build/engine/engine.ts";
import { runCommand } from "../../build/engine/process.ts";
import { repository } from "../../build/repository.ts";
import { pages } from "../links/pages.ts";

/** A command of `pulumi` as a page shows it. */
interface Call {
  page: string;
  /** All words before the first flag or value: `stack export`. */
  words: string;
  flags: string[];
}

/** The calls in a page's blocks and sentences. What other tests type word for word, `pulumi do`, is left out. */
function callsOn(page: string): Call[] {
  const text = readFileSync(join(repository, page), "utf8").replaceAll("\\\n", " ");
  const blocks = [...text.matchAll(/^```(?:sh|bash)\n([\s\S]*?)^```/gm)].map(([, code]) => code);
  const sentences = [...text.matchAll(/(?<!`)`(pulumi [^`\n]+)`(?!`)/g)].map(([, code]) => code);
  return [...blocks, ...sentences]
    .flatMap((code = "") => code.split(/\n|&&|\||;/))
    .map((line) => /(?:^|\s)pulumi ((?!do\b)[a-z][^#]*)/.exec(line)?.[1])
    .filter((call) => call !== undefined)
    .map((call) => {
      // What follows `--` is for a converter.
      const [own = ""] = call.split(/ -- /);
      const [words = ""] = /^[a-z-]+(?: [a-z][a-z-]*(?= |$))*/.exec(own) ?? [];
      return { page, words, flags: own.match(/(?<= )--?[a-z][a-z-]*/gi) ?? [] };
    });
}

const calls = pages.filter((page) => page !== "CHANGELOG.md").flatMap(callsOn);

/** The names of the command that a help is of, with those before it: `stack new`, `stack init`. */
function namesIn(help: string): string[] {
  const usage = /^ {2}pulumi ([a-z -]+?)(?: \[| <|$)/m.exec(help)?.[1] ?? "";
  const [aliases = ""] = /(?<=^Aliases:\n {2}).*/m.exec(help) ?? [];
  const before = usage.replace(/[a-z-]+$/, "");
  return [
    usage,
    ...aliases
      .split(", ")
      .filter(Boolean)
      .map((one) => `${before}${one}`),
  ];
}

/** What is wrong with a call, by the help that the engine shows for its words; undefined: nothing. */
function problemOf({ page, words, flags }: Call, help: string): string | undefined {
  const names = namesIn(help).filter((one) => words === one || words.startsWith(`${one} `));
  // Of a group, the engine shows the help whatever follows.
  const isGroup = help.includes(" [command]\n");
  const isKnown = isGroup ? names.includes(words) : names.length > 0;
  const unknown = flags.filter((flag) => !new RegExp(`(?<![\\w-])${flag}(?![\\w-])`).test(help));
  if (isKnown && unknown.length === 0) return undefined;
  return [`${page}: pulumi ${words}`, ...unknown].join(" ");
}

/** Of a command and of a flag that don't exist. */
const wrong = [
  { page: "none", words: "stack initt", flags: [] },
  { page: "none", words: "up", flags: ["--yess"] },
];

test("every command of pulumi that a page shows exists in the engine, with its flags", async () => {
  const env = withEngine(await ensureEngine(), process.env);
  const helps = new Map<string, string>();
  for (const words of new Set([...calls, ...wrong].map((one) => one.words))) {
    const all = [...words.split(" "), "--help"];
    const { stdout } = await runCommand("pulumi", all, { env, timeoutMs: 60_000 });
    helps.set(words, stdout);
  }
  const problemsOf = (all: readonly Call[]) =>
    all.flatMap((call) => problemOf(call, helps.get(call.words) ?? "") ?? []);

  expect(calls.length).toBeGreaterThan(100);
  expect(problemsOf(calls)).toEqual([]);
  expect(problemsOf(wrong)).toEqual(["none: pulumi stack initt", "none: pulumi up --yess"]);
});
