import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Cron } from "croner";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { repository } from "../../build/repository.ts";
import { pages } from "./pages.ts";

/** What a page shows as code. */
interface Block {
  /** Where it begins: `docs/plan.md:12`. */
  place: string;
  language: string;
  code: string;
}

/** Programs, which other tests run or compile, and what has no grammar. */
const elsewhere = new Set(["ts", "typescript", "python", "go", "csharp", "java", "text"]);

/** What each line is in languages of which pages show a few lines only. */
const lines: Readonly<Record<string, RegExp>> = {
  ini: /^(\[\w+\]|\w+=.+)$/,
  groovy: /^implementation\("[\w.-]+:[\w.-]+:[\w.-]+"\)$/,
  hcl: /^ *(\w+( "\w+")* \{|\w+ += (\{|"[^"]+")|\})$/,
  xml: /^ *(<(\w+)>[^<>&]+<\/\2>|<\/?\w+>)$/,
  dockerfile: /^(FROM [\w.-]+:[\w.-]+|(RUN|USER|WORKDIR|COPY|ENV) \S.*|(ENTRYPOINT|CMD) \[".*"\])$/,
};

function blocksOf(page: string): Block[] {
  const text = readFileSync(join(repository, page), "utf8");
  return [...text.matchAll(/^( *)```([a-z]+)\n([\s\S]*?)^\1```$/gm)].map(
    ({ index, 1: indent = "", 2: language = "", 3: code = "" }) => ({
      place: `${page}:${text.slice(0, index).split("\n").length}`,
      language,
      code: code.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    }),
  );
}

/** What is wrong with a block; undefined: nothing, or no check is known. */
function problemOf({ language, code }: Pick<Block, "language" | "code">): string | undefined {
  switch (language) {
    case "sh":
    case "bash": {
      const { status, stderr } = spawnSync("bash", ["-n"], { input: code, encoding: "utf8" });
      return status === 0 ? undefined : stderr;
    }
    case "json":
      try {
        JSON.parse(code);
        return undefined;
      } catch (error) {
        return String(error);
      }
    case "yaml":
      return parseAllDocuments(code).flatMap(({ errors }) => errors)[0]?.message;
    case "crontab":
      return linesOf(code).map(problemOfJob).find(Boolean);
    default: {
      if (elsewhere.has(language)) return undefined;
      const pattern = lines[language];
      if (!pattern) return `${language} is checked nowhere`;
      return linesOf(code).find((line) => !pattern.test(line)) ?? unclosedIn(code);
    }
  }
}

/** What is opened and not closed, or the other way round: braces, and elements that have lines of their own. */
function unclosedIn(code: string): string | undefined {
  const open: string[] = [];
  for (const [mark, end, element = "{"] of code.matchAll(/^ *<(\/?)(\w+)>$|[{}]/gm)) {
    if (end !== "/" && mark !== "}") open.push(element);
    else if (open.pop() !== element) return `${mark} closes nothing`;
  }
  return open.length > 0 ? `${open.join(", ")} is not closed` : undefined;
}

/** The lines that say something; a backslash at the end of one continues it. */
function linesOf(code: string): string[] {
  const lines = code.replaceAll("\\\n", " ").split("\n");
  return lines.filter((line) => line !== "" && !line.startsWith("#"));
}

/** What is wrong with a line of a crontab: a variable, or five fields and a command. */
function problemOfJob(line: string): string | undefined {
  const [, pattern = "", command] = /^((?:\S+\s+){5})(\S.*)?$/.exec(line) ?? [];
  if (/^\w+=/.test(line)) return undefined;
  try {
    new Cron(pattern);
    return command ? undefined : `${line}: has no command`;
  } catch (error) {
    return `${line}: ${error}`;
  }
}

test("every block of code on a page is well-formed in its language", () => {
  const blocks = pages.flatMap(blocksOf);

  expect(blocks.length).toBeGreaterThan(150);
  const problems = blocks.flatMap((block) => {
    const problem = problemOf(block);
    return problem === undefined ? [] : [`${block.place}: ${problem}`];
  });
  expect(problems).toEqual([]);
});

test.each([
  ["sh", "pulumi up && \n  'left open\n"],
  ["json", '{ "a": 1, }'],
  ["yaml", "a: [1\nb: 2\n"],
  ["crontab", "*/5 * * * formations backups run\n"],
  ["ini", "[Service]\nExecStart\n"],
  ["hcl", 'terraform {\n  a = "b"\n'],
  ["hcl", "terraform {\n  a = b\n}\n"],
  ["xml", "<a>\n  <b>1</b>\n</c>\n"],
  ["groovy", 'implementation("com.pulumi:formations")\n'],
  ["dockerfile", "FROM node:24-slim\nENTRYPOINT formations backups run\n"],
  ["cobol", "DISPLAY 1."],
])("what is wrong in %s is found", (language, code) => {
  expect(problemOf({ language, code })).toBeTypeOf("string");
});
