import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { compiledClone } from "../../build/engine/package.ts";
import { scriptFor, shells } from "../../cli/completion/scripts.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";
import { formations, stubStack } from "./command.ts";

/** The words that complete the last of some words, in the order in which they are offered. */
async function offered(...words: string[]): Promise<string[]> {
  const { code, out, err } = await formations("complete", "--", ...words);
  expect([code, err]).toEqual([0, ""]);
  const [kind = "", ...lines] = out.split("\n");
  return kind === "words" ? lines.map((line) => line.split("\t")[0] ?? "") : [kind];
}

test.each([
  [
    ["backups", ""],
    ["run", "status", "export", "take", "list", "restore", "verify", "help"],
  ],
  [["env"], ["environments"]],
  [["discover", "--sys"], ["--system"]],
  [
    ["discover", "--system", "c"],
    ["citus", "crunchybridge"],
  ],
  [["discover", "--system=cr"], ["--system=crunchybridge"]],
  // Bash makes words of the parts.
  [["discover", "--system", "=", "cr"], ["crunchybridge"]],
  [
    ["discover", "--system", "="],
    ["citus", "crunchybridge", "akkeris", "antfly"],
  ],
  [["backups", "restore", "id", "--mode", "o"], ["overwrite"]],
  [
    ["explain", "--format", ""],
    ["text", "markdown", "json", "gitlab"],
  ],
  [["explain", "--json", ""], ["files"]],
  [["explain", "a.json", ""], ["files"]],
  [["recover", "--cwd", ""], ["folders"]],
  [["recover", "--adopt-file", "fl"], ["files"]],
  [["discover", "--prices", "--un"], ["--unmanaged"]],
  [["discover", "--prices", ""], ["files"]],
  [["recover", "--yes", ""], []],
  [["recover", "--", "--y"], []],
  [["explain", "--expect", ""], ["files"]],
  [
    ["explain", "--fail-on", "data-loss,re"],
    ["data-loss,replacement", "data-loss,redeployment"],
  ],
  [["explain", "--fail-on=po"], ["--fail-on=policy"]],
  [
    ["simulate", "--system", "citus,a"],
    ["citus,akkeris", "citus,antfly"],
  ],
  [["simulate", "--", "li"], ["files"]],
  [
    ["backups", "run", "--format", ""],
    ["native", "portable"],
  ],
  [["backups", "run", "--timezone", "Europe/Berl"], ["Europe/Berlin"]],
  [
    ["backups", "help", "r"],
    ["run", "restore"],
  ],
  [["completion", ""], [...shells]],
  [
    ["help", "p"],
    ["pulumi-do", "pull-requests", "prices"],
  ],
  [["help", "NO_A"], ["NO_ANSWER"]],
  [["help", "no_a"], []],
  [
    ["help", "backups", "r"],
    ["run", "restore"],
  ],
  [["help", "backups", "run", ""], []],
  [["help", "nothing", ""], []],
  [["nothing", ""], []],
])("%j goes on with %j", async (words, expected) => {
  expect(await offered(...words)).toEqual(expected);
});

test("the list of commands has what people run", async () => {
  const words = await offered("");
  expect(words).toContain("discover");
  expect(words).not.toContain("complete");
});

describe("--stack", () => {
  const stacks = [{ name: "dev" }, { name: "demo" }, { name: "production" }];

  test("goes on with the stacks of the project", async () => {
    const { folder } = stubStack({ config: {}, stacks });
    expect(await offered("recover", "--cwd", folder, "--stack", "de")).toEqual(["dev", "demo"]);
    expect(await offered("recover", "-C", folder, "-s", "p")).toEqual(["production"]);
  });

  test("goes on with nothing, without a word, if they can't be listed", async () => {
    const failing = { "stack ls": { err: "error: no Pulumi.yaml" } };
    const { folder } = stubStack({ config: {}, failing });
    expect(await offered("recover", "--cwd", folder, "--stack", "")).toEqual([]);
    expect(await offered("recover", "--cwd", join(folder, "nothing"), "--stack", "")).toEqual([]);
  });
});

test("--of goes on with the schedules of the file", async () => {
  const file = join(ownTemporaryFolder(), "schedules.json");
  const schedules = [{ name: "nightly" }, { name: "monthly" }];
  writeFileSync(file, JSON.stringify({ version: 1, schedules }));
  expect(await offered("backups", "list", "--file", file, "--of", "n")).toEqual(["nightly"]);
  expect(await offered("backups", "list", "--of", "n")).toEqual([]);
});

/** Runs a shell in a folder of its own, with the compiled `formations` and a `pulumi` with two stacks. */
async function inShell(shell: string, script: string): Promise<string[]> {
  const clone = await compiledClone();
  const folder = ownTemporaryFolder();
  const commands = join(folder, "commands");
  mkdirSync(commands);
  mkdirSync(join(folder, "a folder"));
  writeFileSync(join(folder, "fleet.json"), "");
  const programs = {
    formations: `exec '${process.execPath}' '${join(clone, "bin", "cli", "main.js")}' "$@"`,
    pulumi: `echo '[{"name":"dev"},{"name":"acme/shop/prod"},{"name":"$(touch struck)"}]'`,
  };
  for (const [name, line] of Object.entries(programs)) {
    writeFileSync(join(commands, name), `#!/bin/sh\n${line}\n`);
    chmodSync(join(commands, name), 0o755);
  }
  const { stdout, stderr } = spawnSync(shell, ["-c", script], {
    ...{ cwd: folder, encoding: "utf8" },
    env: { ...process.env, PATH: `${commands}${delimiter}${process.env.PATH}`, HOME: folder },
  });
  expect(stderr).toBe("");
  return stdout.split("\n").filter((line) => line !== "");
}

function isInstalled(shell: string): boolean {
  return spawnSync(shell, ["-c", ":"]).status === 0;
}

/**
 * What bash offers for a line that ends where its cursor is, as its own completion would ask; before it, what
 * the script changes of how bash completes the line.
 */
const inBash = (...lines: string[]) =>
  [
    'eval "$(formations completion bash)"',
    // Bash refuses its own outside of a completion.
    'compopt() { printf "%s " "$@"; }',
    `ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _formations; echo "[$(echo "\${COMPREPLY[@]}")]"; }`,
    ...lines.map((line) => `ask ${line}`),
    "ls",
  ].join("\n");

test.runIf(isInstalled("bash"))("bash completes a line, and runs nothing of it", async () => {
  const script = inBash(
    "formations back",
    "formations recover --adopt-",
    "formations recover --stack ''",
    "formations recover --stack = acme",
    "formations recover --stack =",
    "formations recover --adopt-file fl",
    "formations recover --cwd ''",
    "formations recover '$(touch struck)' --js",
    "formations nothing ''",
  );
  expect(await inShell("bash", script)).toEqual([
    "+o default [backups]",
    "+o default [--adopt-file --adopt-matching]",
    "+o default [dev acme/shop/prod]",
    "+o default [acme/shop/prod]",
    "+o default [dev acme/shop/prod]",
    "[]",
    "-o dirnames []",
    "+o default [--json]",
    "+o default []",
    ...["a folder", "commands", "fleet.json"],
  ]);
});

/**
 * What zsh offers for a line: what its completion calls is replaced, since without a terminal there is none.
 */
const inZsh = (...lines: string[]) =>
  [
    "compdef() {}",
    'compset() { print -rn -- "$* " }',
    `_describe() { print -r -- \${(P)3} }`,
    "_files() { print files }",
    "_path_files() { print folders }",
    'eval "$(formations completion zsh)"',
    ...lines.map((line) => `words=(${line}); CURRENT=$#words; _formations`),
    "ls",
  ].join("\n");

test.runIf(isInstalled("zsh"))("zsh completes a line, and runs nothing of it", async () => {
  const script = inZsh(
    "formations back",
    "formations recover --stack ''",
    "formations recover --stack=d",
    "formations recover --adopt-file=fl",
    "formations recover --cwd ''",
    "formations recover '$(touch struck)' --js",
    "formations nothing ''",
  );
  expect(await inShell("zsh", script)).toEqual([
    "backups:run and manage Antfly backups",
    "dev acme/shop/prod",
    "--stack=dev",
    "-P --*= files",
    "-P --*= folders",
    "--json:print JSON",
    ...["a folder", "commands", "fleet.json"],
  ]);
});

test.runIf(isInstalled("fish"))("fish completes a line", async () => {
  const lines = [
    "formations back",
    "formations recover --stack=d",
    "formations recover --adopt-file fl",
    "formations recover --adopt-file=fl",
    "formations recover --cwd=a",
  ];
  const script = [
    "formations completion fish | source",
    ...lines.map((line) => `complete -C "${line}" | string split -f 1 \\t`),
  ];
  expect(await inShell("fish", script.join("\n"))).toEqual([
    ...["backups", "--stack=dev", "fleet.json", "--adopt-file=fleet.json", "--cwd=a folder/"],
  ]);
});

test.each(shells.filter(isInstalled))("%s reads its script without a complaint", async (shell) => {
  expect(await inShell(shell, scriptFor(shell))).toEqual([]);
});
