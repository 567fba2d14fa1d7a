import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { repository } from "../../build/repository.ts";
import { page, pages } from "../../provider/process/pages.ts";
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

test.each([
  { topic: ["recover"], usage: "Usage: formations recover" },
  { topic: ["backups", "run"], usage: "Usage: formations backups run" },
])("the help of a command is shown for $topic", async ({ topic, usage }) => {
  const { code, out } = await formations("help", ...topic);

  expect(code).toBe(0);
  expect(out).toContain(usage);
});

test.each([[["nothing"]], [["backups", "nothing"]], [["adopting", "nothing"]]])(
  "%j is refused with a list of what exists",
  async (topic) => {
    const { code, err } = await formations("help", ...topic);

    expect(code).toBe(1);
    expect(err).toContain(`There is no page, command or error code "${topic.join(" ")}".`);
    expect(err).toContain(
      "Pages: configuration, discovering, adopting, backups, restoring, recovering, pulumi-do, pull-requests, simulating, moving-hosts, guarantees, doctor, command-line, troubleshooting. Commands: discover, recover,",
    );
  },
);
