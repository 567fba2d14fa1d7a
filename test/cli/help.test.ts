import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { repository } from "../../build/repository.ts";
import { page, pages } from "../../provider/process/pages.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";
import { formations } from "./command.ts";

const { files } = z
  .object({ files: z.array(z.string()) })
  .parse(JSON.parse(readFileSync(join(repository, "package.json"), "utf8")));

test.each(pages)("the page %s exists, is shipped and is shown", async (name) => {
  const file = `docs/${name}.md`;
  expect(existsSync(join(repository, file))).toBe(true);
  expect(files).toContain(file);

  const { code, out, err } = await formations("help", name);

  expect([code, err]).toEqual([0, ""]);
  const [title = ""] = readFileSync(join(repository, file), "utf8").split("\n");
  expect(out).toMatch(/^# /);
  expect(out).toContain(title);
  expect(out).not.toMatch(/\]\([^)]*\.md/);
  expect(page(name)).toContain(`formations help ${name}`);
});

test("without a topic it lists pages and commands", async () => {
  const { code, out } = await formations("help");

  expect(code).toBe(0);
  for (const name of [...pages, "recover", "backups"]) {
    expect(out).toMatch(new RegExp(`^  ${name}\\b`, "m"));
  }
});

test("a page that is named like a command says where the command's flags are", async () => {
  const { out } = await formations("help", "backups");

  expect(out).toContain("For the flags, run `formations backups --help`.");
});

/** Makes standard output a terminal with so many lines, and returns the file to which its pager writes. */
function terminalOf(lines: number): string {
  const { isTTY, rows } = process.stdout;
  Object.assign(process.stdout, { isTTY: true, rows: lines });
  onTestFinished(() => void Object.assign(process.stdout, { isTTY, rows }));
  const shown = join(ownTemporaryFolder(), "shown");
  vi.stubEnv("TERM", "xterm");
  vi.stubEnv("PAGER", `cat > ${shown}`);
  return shown;
}

test("a pager shows a page that is longer than the screen", async () => {
  const shown = terminalOf(20);

  const { out } = await formations("help", "doctor");

  expect(out).toBe("");
  expect(readFileSync(shown, "utf8")).toMatch(/^# What is wrong\?\n[\s\S]*--help`\.\n$/);
});

test.each([
  { lines: 20, variable: "PAGER", value: "cat" },
  { lines: 20, variable: "PAGER", value: "" },
  { lines: 20, variable: "TERM", value: "dumb" },
  { lines: 1_000, variable: "TERM", value: "xterm" },
])("on $lines lines, with $variable=$value, a page is printed", async (how) => {
  const shown = terminalOf(how.lines);
  vi.stubEnv(how.variable, how.value);

  const { out } = await formations("help", "doctor");

  expect(out).toMatch(/^# What is wrong\?/);
  expect(existsSync(shown)).toBe(false);
});

test("a page is printed if its pager is missing", async () => {
  terminalOf(20);
  vi.stubEnv("PAGER", "no-such-pager 2> /dev/null");

  expect((await formations("help", "doctor")).out).toMatch(/^# What is wrong\?/);
});

test.each([
  { topic: ["recover"], usage: "Usage: formations recover" },
  { topic: ["backups", "run"], usage: "Usage: formations backups run" },
])("the help of a command is shown for $topic", async ({ topic, usage }) => {
  const { code, out } = await formations("help", ...topic);

  expect(code).toBe(0);
  expect(out).toContain(usage);
});

test.each([
  { topic: ["zzz"], meant: "" },
  { topic: ["adopting", "zzz"], meant: "" },
  { topic: ["disovering"], meant: " Did you mean discovering?" },
  { topic: ["restore"], meant: " Did you mean restoring?" },
  { topic: ["backups", "verfy"], meant: " Did you mean backups verify?" },
  { topic: ["unauthorised"], meant: " Did you mean UNAUTHORIZED?" },
])("$topic is refused, with what it may be and where to look", async ({ topic, meant }) => {
  const { code, err } = await formations("help", ...topic);

  expect(code).toBe(1);
  expect(err).toContain(
    `formations: There is no page, command or error code "${topic.join(" ")}".${meant} \`formations help\` lists`,
  );
});

test("the help of `help` is shown too", async () => {
  const { code, out } = await formations("help", "--help");

  expect(code).toBe(0);
  expect(out).toContain("Usage: formations help");
  expect(out).toContain("formations help UNAUTHORIZED");
});
