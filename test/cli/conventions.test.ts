import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command, Option } from "commander";
import { expect, test } from "vitest";
import { repository } from "../../build/repository.ts";
import { detailsOf, detailsText, exitCodesOf } from "../../cli/details.ts";
import { cwdFlag, stackFlag, stacksFlag } from "../../cli/flags.ts";
import { programOf } from "../../cli/program.ts";

const program = await programOf(["help"]);

/** Every command that people run, with its name after `formations`. */
const commands = below(program).map((command) => ({ name: pathOf(command), command }));

/** Those that do something: groups only have others. */
const leaves = commands.filter(
  ({ command }) => command.commands.length === 0 || command.registeredArguments.length > 0,
);

const page = readFileSync(join(repository, "docs", "command-line.md"), "utf8");

function below(command: Command): Command[] {
  const visible = command.createHelp().visibleCommands(command);
  return visible
    .filter((one) => command === program || one.name() !== "help")
    .flatMap((one) => [one, ...below(one)]);
}

function pathOf(command: Command): string {
  const { parent } = command;
  return parent && parent !== program ? `${pathOf(parent)} ${command.name()}` : command.name();
}

function optionsOf(command: Command): readonly Option[] {
  return command.createHelp().visibleOptions(command);
}

/** What prints no result of its own, or one that is no table: a page, a script, a file. */
const withoutJson = [
  ...["help", "completion", "backups export", "simulate fault"],
  ...["set", "delete", "add", "down", "up"].map((name) => `simulate drift ${name}`),
];

test.each(leaves)("$name has --json, if it prints a result", ({ name, command }) => {
  const has = command.options.some(({ long }) => long === "--json");
  expect(has).toBe(!withoutJson.includes(name));
});

test.each(commands)("$name is described by a fragment, and so are its flags", ({ command }) => {
  const texts = [command.description(), ...optionsOf(command).map((one) => one.description)];
  // `POST here on success` begins with a method.
  for (const text of texts) expect(text).toMatch(/^(?:[^A-Z]|POST ).*[^.]$/s);
});

test.each(commands.filter(({ name }) => name !== "help"))(
  "the help of $name has examples of itself, with flags that exist, and exit codes",
  ({ name, command }) => {
    const details = detailsOf(command);
    expect(details?.examples.length).toBeGreaterThan(0);
    const text = details?.examples.join("\n") ?? "";
    expect(text).toContain(`formations ${name}`);
    for (const line of details?.examples ?? []) {
      const [, words = ""] = /formations ([\w -]+)/.exec(line) ?? [];
      const named = commands.findLast((one) => words.startsWith(one.name));
      const flags = line.matchAll(/(?<=\s)--?[a-z][a-z-]*/g);
      if (!named || /\bpulumi\b/.test(line)) continue;
      const known = optionsOf(named.command).flatMap(({ short, long }) => [short, long]);
      for (const [flag] of flags)
        expect([line, known]).toEqual([line, expect.arrayContaining([flag])]);
    }
    expect(command.helpInformation()).not.toContain("default: []");
  },
);

test.each(commands)("many flags of $name are in groups", ({ command }) => {
  const own = command.options.length;
  const groups = new Set(optionsOf(command).map(({ helpGroupHeading }) => helpGroupHeading));
  expect(own <= 10 || groups.size > 2).toBe(true);
});

test.each(commands)("--stack and --cwd of $name are in the words of all", ({ command }) => {
  const described = (flag: Option) => {
    return command.options.find(({ long }) => long === flag.long)?.description;
  };
  const beginnings = [stackFlag(), stacksFlag()].map(
    ({ description }) => description.split("default: ")[0] ?? "",
  );
  const stack = described(stackFlag());
  expect(stack === undefined || beginnings.some((one) => stack.startsWith(one))).toBe(true);
  expect([undefined, cwdFlag().description]).toContain(described(cwdFlag()));
});

test.each([60, 80, 100])("help fits %i columns", (width) => {
  const wide = commands.flatMap(({ command }) => {
    const details = detailsOf(command);
    const text = details ? detailsText({ ...details, examples: [] }, width) : "";
    return text.split("\n").filter((line) => line.length > width);
  });
  expect(wide).toEqual([]);
});

test("help and its examples fit the 80 columns that are usual", () => {
  const wide = commands.flatMap(({ command }) => {
    const written: string[] = [];
    command.configureOutput({ writeOut: (text) => written.push(text), getOutHelpWidth: () => 80 });
    command.outputHelp();
    return written
      .join("")
      .split("\n")
      .filter((line) => line.length > 80);
  });
  expect(wide).toEqual([]);
});

test("the page of the command line has every command with its purpose, and no other", () => {
  const listed = [...page.matchAll(/^ *- `formations ([\w -]+)`: ([^.]+)\./gm)];
  const found = listed.map(([, name, purpose]) => ({ name, purpose }));
  const real = commands.map(({ name, command }) => ({ name, purpose: command.description() }));
  expect(found).toEqual(real);
});

test("its table of exit codes is that of the commands' help", () => {
  const [, table = ""] = /^## Exit codes$([\s\S]*?)^## /m.exec(page) ?? [];
  let command = "";
  const rows = [...table.matchAll(/^\| (?:`([\w -]+)` )?\| (\d+) \| (.+) \|$/gm)].map(
    ([, name, code, meaning = ""]) => {
      command = name ?? command;
      return [command, code, meaning.replaceAll("`", "")];
    },
  );
  const real = commands.flatMap(({ name, command: one }) => {
    const details = detailsOf(one);
    if (!details) return [];
    const usual = exitCodesOf({ examples: [] }).map((pair) => pair.join());
    return exitCodesOf(details)
      .filter((pair) => !usual.includes(pair.join()))
      .map(([code, meaning]) => [name, code, meaning]);
  });
  expect(rows).toEqual(real);
});

test("it has every command that prints JSON, with fields", () => {
  const listed = [...page.matchAll(/^- `([\w ]+) --json`: (.+)$/gm)].map(([, name]) => name);
  const real = leaves.map(({ name }) => name).filter((name) => !withoutJson.includes(name));
  expect(listed.toSorted()).toEqual(real.toSorted());
});
