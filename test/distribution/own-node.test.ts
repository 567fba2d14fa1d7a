import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../../build/repository.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";

const plugins = [
  { name: "pulumi-resource-formations", bundle: "plugin", flags: "--max-semi-space-size=4 " },
  { name: "pulumi-converter-formations", bundle: "converter", flags: "" },
];

/** A folder as an archive's, whose Node.js prints its arguments after `own`, and which has this loader. */
function unpacked(name: string, bundle: string, loader: string): string {
  const folder = ownTemporaryFolder();
  copyFileSync(join(repository, name), join(folder, name));
  mkdirSync(join(folder, "bin", bundle), { recursive: true });
  writeFileSync(join(folder, "bin", bundle, "start.js"), "");
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

test.each(plugins)("$name runs on the Node.js beside it, whatever the PATH has", (plugin) => {
  const { name, bundle, flags } = plugin;
  const folder = unpacked(name, bundle, "/bin/sh");
  const other = ownTemporaryFolder();
  addNode(other, "other");

  expect(start(folder, name, other)).toEqual({
    status: 0,
    stdout: `own ${flags}${folder}/bin/${bundle}/start.js 127.0.0.1:1\n`,
    stderr: "",
  });
});

test.each(plugins)("$name takes the PATH's Node.js where its own can't start", (plugin) => {
  const { name, bundle, flags } = plugin;
  const folder = unpacked(name, bundle, "/lib64/ld-missing.so.2");
  const other = ownTemporaryFolder();
  addNode(other, "other");

  expect(start(folder, name, other)).toEqual({
    status: 0,
    stdout: `other ${flags}${folder}/bin/${bundle}/start.js 127.0.0.1:1\n`,
    stderr: "",
  });
});

test.each(plugins)("where $name has no Node.js that can start, it says what to do", (plugin) => {
  const { name, bundle } = plugin;
  const folder = unpacked(name, bundle, "/lib64/ld-missing.so.2");

  expect(start(folder, name, ownTemporaryFolder())).toEqual({
    status: 1,
    stdout: "",
    stderr:
      `${name} can't start its own Node.js: this system has no /lib64/ld-missing.so.2, which is part of ` +
      "glibc. Install Node.js 22.19 or newer on PATH (on Alpine: apk add nodejs).\n",
  });
});

test.each(["", ".cmd"])(
  "the executables%s of both plugins differ in names and flags only",
  (end) => {
    const [resource, converter] = plugins.map(({ name, bundle, flags }) =>
      readFileSync(join(repository, `${name}${end}`), "utf8")
        .replaceAll(name, "NAME")
        .replace(/the (provider|converter) to/, "IT to")
        .replaceAll(`bin/${bundle}`, "BUNDLE")
        .replaceAll(`bin\\${bundle}`, "BUNDLE")
        .replace(flags, ""),
    );

    expect(converter).toBe(resource);
  },
);
