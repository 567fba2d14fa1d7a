import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { expect, test, vi } from "vitest";
import { repository } from "../../../build/repository.ts";
import { buildSimulate } from "../../../cli/simulate/command.ts";
import { formations } from "../command.ts";
import { joinSimulation, startSimulation } from "./simulation.ts";

const page = read("docs/simulating.md");

function read(file: string): string {
  return readFileSync(join(repository, file), "utf8");
}

/** The page's blocks of code in a language. */
function blocks(language: string): string[] {
  const found = page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"));
  return [...found].map(([, text = ""]) => text);
}

const seed = { text: blocks("json").at(-1) ?? "", file: "the page" };

test.each([
  ["ts", "examples/testing-vitest/shop.test.ts"],
  ["python", "examples/testing-pytest/test_shop.py"],
])("the page shows the example's test in %s", (language, file) => {
  expect(blocks(language)).toEqual([read(file)]);
});

test("the page's script is the example's", () => {
  const { scripts } = JSON.parse(read("examples/testing-vitest/package.json"));
  expect(JSON.parse(blocks("json")[0] ?? "")).toEqual({ scripts });
});

test("the page's seed has something of every kind, and can be made", async () => {
  const simulation = await startSimulation({ seed });

  const kinds = simulation.list().flatMap(({ things }) => things.map(({ kind }) => kind));
  expect(kinds).toHaveLength(9);
  expect(new Set(kinds).size).toBe(9);
});

test("the page's drift can be made, in its order", async () => {
  const { folder } = await joinSimulation({ seed });
  vi.stubEnv("FORMATIONS_SIMULATION", folder);
  const lines = blocks("sh").flatMap((block) => block.replaceAll(/\\\n\s*/g, "").split("\n"));
  const drift = lines.filter((line) => /^formations simulate (?:list|drift)/.test(line));
  expect(drift.length).toBeGreaterThan(8);

  for (const line of drift) {
    expect(await formations(...line.split(" ").slice(1)), line).toMatchObject({ code: 0, err: "" });
  }
});

test("the page's faults, and those of the help, can be ordered", async () => {
  const command = new Command();
  buildSimulate(command);
  let help = "";
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  command.outputHelp();
  const faults = [...`${page}${help}`.matchAll(/(?:--)?fault '([^']+)'/g)];
  expect(faults.length).toBeGreaterThan(3);

  const simulation = await startSimulation({ faults: faults.map(([, fault = ""]) => fault) });

  expect(simulation.faultsLeft).toHaveLength(faults.length);
});

test("the page names every flag and every subcommand", () => {
  const command = new Command();
  buildSimulate(command);
  const flags = command.options.map(({ long }) => long ?? "");
  const drift = command.commands.find((one) => one.name() === "drift")?.commands ?? [];
  const names = [...command.commands, ...drift].map((one) => one.name());

  expect(flags.filter((flag) => !page.includes(`\`${flag}`))).toEqual([]);
  expect(names.filter((name) => !new RegExp(`simulate (?:drift )?${name}\\b`).test(page))).toEqual(
    [],
  );
});
