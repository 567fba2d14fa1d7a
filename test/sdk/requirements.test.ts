import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { beforeAll, expect, test } from "vitest";
import { compiledClone } from "../../build/engine/package.ts";
import { repository } from "../../build/repository.ts";
import { startPlugin } from "../plugin/plugin.ts";
import { bag } from "../plugin/wire.ts";
import { nodeOfVersion } from "../support/older-node.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";

let clone: string;

// Compiled before the first test, which would not have the time for it.
beforeAll(async () => {
  clone = await compiledClone();
}, 120_000);

const sentence = "pulumi-formations needs Node.js 22.19 or newer on PATH; this is 20.20.2";

/** What a program that imports the package writes to its error output. */
function importedBy(node: string, form: "require" | "import", from = repository): string {
  const script =
    form === "require"
      ? 'require("pulumi-formations")'
      : 'import { Formation } from "pulumi-formations"; void Formation;';
  const type = form === "require" ? "commonjs" : "module";
  const args = [`--input-type=${type}`, "-e", script];
  const { status, stderr } = spawnSync(node, args, { cwd: from, encoding: "utf8" });
  expect(status).toBe(1);
  return stderr;
}

test.each(["require", "import"] as const)(
  "a program that gets the package by %s on an old Node.js is told so",
  (form) => {
    const stderr = importedBy(nodeOfVersion({ node: "20.20.2" }).executable, form);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/^\s+at /m);
  },
);

test("a program on Bun is told what runs it instead", () => {
  const stderr = importedBy(nodeOfVersion({ bun: "1.4.4" }).executable, "require");
  expect(stderr).toContain("don't run on Bun (this is 1.4.4)");
  expect(stderr).toContain("Set `runtime: nodejs` in Pulumi.yaml, or use the plugin's SDK.");
});

/** A folder in whose node_modules are the package and an `@pulumi/pulumi` of a version. */
function programWith(version: string): string {
  const folder = ownTemporaryFolder();
  const own = join(folder, "node_modules", "pulumi-formations");
  mkdirSync(dirname(own), { recursive: true });
  cpSync(join(clone, "package.json"), join(own, "package.json"), { recursive: true });
  cpSync(join(clone, "bin"), join(own, "bin"), { recursive: true });
  const pulumi = join(folder, "node_modules", "@pulumi", "pulumi");
  mkdirSync(pulumi, { recursive: true });
  writeFileSync(join(pulumi, "package.json"), JSON.stringify({ name: "@pulumi/pulumi", version }));
  return folder;
}

test("a program with an @pulumi/pulumi that is too old is told so", () => {
  const stderr = importedBy(process.execPath, "require", programWith("3.149.1"));
  expect(stderr).toContain("need @pulumi/pulumi 3.150 or newer; this program has 3.149.1.");
  expect(stderr).toContain("npm install @pulumi/pulumi@latest");
  expect(stderr).not.toMatch(/^\s+at /m);
});

test("a program may have an older @pulumi/pulumi than the package asks for", () => {
  // What this one lacks is its code.
  const stderr = importedBy(process.execPath, "require", programWith("3.150.0"));
  expect(stderr).toContain("Cannot find module");
  expect(stderr).not.toContain("need @pulumi/pulumi");
});

test.each([
  { what: "Node.js", node: "20.20.2", engine: 1000, says: sentence },
  {
    what: "engine",
    node: process.versions.node,
    engine: 258,
    says: "pulumi-formations needs Pulumi 3.259 or newer; this is 3.258.1.",
  },
])("the dynamic provider on an old $what answers each call with the sentence", async (old) => {
  const modules = join(ownTemporaryFolder(), "node_modules");
  mkdirSync(modules);
  symlinkSync(clone, join(modules, "pulumi-formations"));
  const { executable } = nodeOfVersion({ node: old.node });
  const script = join(repository, "node_modules", "@pulumi", "pulumi", "cmd", "dynamic-provider");
  const command = [executable, script] as const;
  const plugin = await startPlugin({ NODE_PATH: modules }, "pipe", command, old);
  await plugin.configure({});
  const module = "pulumi-formations/bin/sdk/dynamic/app-formation.js";
  const inputs = bag({ __provider: `exports.handler = () => require(${JSON.stringify(module)})` });

  const check = new pb.CheckRequest().setOlds(bag({})).setNews(inputs);
  const deletion = new pb.DeleteRequest().setId("a/web").setProperties(inputs);
  for (const [method, request] of [
    ["check", check],
    ["check", check],
    ["delete", deletion],
  ] as const) {
    expect((await plugin.failure(method, request)).text).toContain(old.says);
  }
  expect(plugin.written).not.toMatch(/^\s+at /m);
});
