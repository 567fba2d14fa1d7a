import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../../build/repository.ts";
import { moreAbout } from "../../provider/process/more.ts";
import { oldestSdk } from "../../provider/process/sdk-version.ts";
import { formations } from "../cli/command.ts";
import { ofCommands } from "./commands.ts";
import { entries, listed, settled } from "./page.ts";
import { ofPlugin } from "./plugin.ts";
import { ofServers } from "./servers.ts";

/** The codes of all classes of errors, as the sources have them. */
const codes = new Set(
  globSync("{provider,cli,sdk,simulators}/**/*.ts", { cwd: repository }).flatMap((file) => {
    const text = readFileSync(join(repository, file), "utf8");
    const classes = text.matchAll(/class \w+ extends [^{}]*\{[^{}]*? code(?:: | = )"([A-Z_]+)"/g);
    return [...classes].map(([, code = ""]) => code);
  }),
);

test("every error code has one entry, in order, and is in the lists at the page's head", () => {
  expect(codes.size).toBeGreaterThan(45);
  const wanted = [...codes].sort();
  expect(entries.map(({ code }) => code)).toEqual(wanted);
  expect(listed.toSorted()).toEqual(wanted);
});

test.each(entries)("the entry of $code has a message, and answers every question", (entry) => {
  expect(entry.message).not.toBe("");
  const mistakes = entry.questions.filter((one) => one === "What not to do.");
  expect(entry.questions).toEqual([
    "What it means.",
    "What to do.",
    ...mistakes,
    "Was anything changed?",
    "Is it safe to repeat?",
  ]);
  expect(entry.steps).toBeGreaterThan(0);
  // Where something may exist, a wrong step can lose it, or pay for it twice.
  if (!/^(?:No|Not by this request)\b/.test(entry.changed)) expect(mistakes).toHaveLength(1);
});

test("the entries that send a reader to the doctor are those whose message does", () => {
  const named = entries.filter(({ namesDoctor }) => namesDoctor).map(({ code }) => code);

  expect(named).toEqual([...codes].sort().filter((code) => moreAbout(code).includes("doctor")));
});

const said = [...ofServers, ...ofPlugin, ...ofCommands];

test("every entry's message is made by a test", () => {
  expect(said.map(({ code }) => code).sort()).toEqual([...codes].sort());
});

test.each(said)(
  "the message with $code is the page's, and its last line leads there",
  async ({ code, say }) => {
    const entry = entries.find((one) => one.code === code);

    expect(settled(await say())).toBe(`${entry?.message}\n${moreAbout(code)}`);
  },
);

test.each(["NO_ANSWER", "no_answer", "no-answer"])(
  "`formations help %s` shows the entry",
  async (name) => {
    const { code, out, err } = await formations("help", name);

    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^## NO_ANSWER\n\n> /);
    expect(out).toContain("Is it safe to repeat?");
    expect(out.match(/^## /gm)).toHaveLength(1);
  },
);

test("the symptoms name the versions that the package demands", () => {
  const read = (file: string) => readFileSync(join(repository, file), "utf8");
  const [, node] = /"node": ">=([\d.]+)"/.exec(read("package.json")) ?? [];
  const page = read("docs/troubleshooting.md");

  expect(page).toContain(`pulumi-formations needs Node.js ${node} or newer on PATH`);
  expect(page).toContain(`pulumi-formations need @pulumi/pulumi ${oldestSdk} or newer`);
});
