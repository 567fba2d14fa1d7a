import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../../build/repository.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";

const plugins = [
  {
    name: "pulumi-resource-formations",
    main: "plugin/start.js",
    flags: "--max-semi-space-size=8 ",
  },
  { name: "pulumi-converter-formations", main: "converter/start.js", flags: "" },
];
const programs = [...plugins, { name: "formations", main: "command/main.js", flags: "" }];

/** A folder as an archive's, whose Node.js prints its arguments after `own`, and which has this loader. */
function unpacked(name: string, main: string, loader: string): string {
  const folder = ownTemporaryFolder();
  copyFileSync(join(repository, name), join(folder, name));
  mkdirSync(dirname(join(folder, "bin", main)), { recursive: true });
  writeFileSync(join(folder, "bin", main), "");
  mkdirSync(join(folder, "node"));
  writeFileSync(join(folder, "node", "loader"), `${loader}\n`);
  addNode(join(folder, "node"), "own");
  return folder;
}

function addNode(folder: string, word: string): void {
  writeFileSync(join(folder, "node"), `#!/bin/sh\necho ${word} "$@"\n`);
  chmodSync(join(folder, "node"), 0o755);
}

/** Starts a plugin as the engine does; `path` is all of its PATH. */
function start(folder: string, name: string, path: string) {
  const options = { encoding: "utf8", env: { PATH: path }, timeout: 10_000 } as const;
  const { status, stdout, stderr } = spawnSync(join(folder, name), ["127.0.0.1:1"], options);
  return { status, stdout, stderr };
}

test.each(programs)("$name runs on the Node.js beside it, whatever the PATH has", (plugin) => {
  const { name, main, flags } = plugin;
  const folder = unpacked(name, main, "/bin/sh");
  const other = ownTemporaryFolder();
  addNode(other, "other");

  expect(start(folder, name, other)).toEqual({
    status: 0,
    stdout: `own ${flags}${folder}/bin/${main} 127.0.0.1:1\n`,
    stderr: "",
  });
});

test.each(programs)("$name takes the PATH's Node.js where its own can't start", (plugin) => {
  const { name, main, flags } = plugin;
  const folder = unpacked(name, main, "/lib64/ld-missing.so.2");
  const other = ownTemporaryFolder();
  addNode(other, "other");

  expect(start(folder, name, other)).toEqual({
    status: 0,
    stdout: `other ${flags}${folder}/bin/${main} 127.0.0.1:1\n`,
    stderr: "",
  });
});

test.each(programs)("where $name has no Node.js that can start, it says what to do", (plugin) => {
  const { name, main } = plugin;
  const folder = unpacked(name, main, "/lib64/ld-missing.so.2");

  expect(start(folder, name, ownTemporaryFolder())).toEqual({
    status: 1,
    stdout: "",
    stderr:
      `${name} can't start its own Node.js: this system has no /lib64/ld-missing.so.2, which is part of ` +
      "glibc. Install Node.js 22.19 or newer on PATH (on Alpine: apk add nodejs).\n",
  });
});

test("formations finds its files through links, as from a folder on the PATH", () => {
  const folder = unpacked("formations", "command/main.js", "/bin/sh");
  const other = ownTemporaryFolder();
  symlinkSync(join(folder, "formations"), join(folder, "second"));
  symlinkSync(relative(other, join(folder, "second")), join(other, "first"));

  const { stdout } = start(other, "first", process.env.PATH ?? "");
  expect(stdout).toMatch(/^own .*\/bin\/command\/main\.js 127\.0\.0\.1:1\n$/);
});

test.each(["", ".cmd"])("the executables%s find a Node.js alike", (end) => {
  const [first, ...others] = programs.map(({ name, main, flags }) => {
    const text = readFileSync(join(repository, `${name}${end}`), "utf8");
    return text
      .slice(text.indexOf("A release's archive"))
      .replaceAll(name, "NAME")
      .replaceAll(`bin/${main}`, "MAIN")
      .replaceAll(`bin\\${main.replace("/", "\\")}`, "MAIN")
      .replace(flags, "");
  });

  for (const other of others) expect(other).toBe(first);
});
