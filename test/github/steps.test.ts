import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { platforms } from "../../build/node-builds.ts";
import { repository } from "../../build/repository.ts";
import { version } from "../distribution/installed.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";
import { scriptOf } from "./workflows.ts";

/** A folder with stand-ins for commands: each appends its name and arguments to `calls`, then runs a script. */
function standIns(scripts: Record<string, string>): { path: string; calls: () => string[] } {
  const folder = ownTemporaryFolder();
  const log = join(folder, "calls");
  writeFileSync(log, "");
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\necho "${name} $*" >> '${log}'\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  const calls = () => readFileSync(log, "utf8").split("\n").filter(Boolean);
  return { path: [folder, process.env.PATH].join(delimiter), calls };
}

/** Runs a step's own script as GitHub does. */
function runStep(workflow: string, step: string, cwd: string, env: Record<string, string> = {}) {
  const script = ["-e", "-o", "pipefail", "-c", scriptOf(workflow, step)];
  const options = { cwd, env: { ...process.env, ...env }, encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync("bash", script, options);
  return { status, said: stdout + stderr };
}

function git(cwd: string, ...args: string[]): string {
  const who = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  const { status, stdout, stderr } = spawnSync("git", [...who, ...args], { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${args[0]} failed: ${stderr}`);
  return stdout.trim();
}

test("a release whose tag is not the version stops", () => {
  const step = (tag: string) =>
    runStep("release.yml", "Check that the tag is the version", repository, {
      GITHUB_REF_NAME: tag,
    });

  expect(step(`v${version}`).status).toBe(0);
  expect(step(`v${version}0`).status).not.toBe(0);
});

test.each([
  ["https://github.com/owner/name", 0],
  ["https://github.com/owner/fork", 1],
  [undefined, 1],
])("a release of a package of %s from owner/name ends with %i", (repository, status) => {
  const folder = ownTemporaryFolder();
  writeFileSync(join(folder, "schema.json"), JSON.stringify({ repository }));
  const env = { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "owner/name" };

  const step = runStep("release.yml", "Check that the schema names this repository", folder, env);

  expect(step.status).toBe(status);
});

test("a pull request whose tree differs after generating fails, and shows how", () => {
  const folder = join(ownTemporaryFolder(), "clone");
  mkdirSync(folder);
  git(folder, "init", "--quiet");
  writeFileSync(join(folder, "generated"), "old\n");
  git(folder, "add", ".");
  git(folder, "commit", "--quiet", "--message", "first");
  const name = "Check that generating and testing leave every file as it was committed";
  const step = (script: string) =>
    runStep("pull-request.yml", name, folder, { PATH: standIns({ npm: script }).path });

  expect(step("true")).toMatchObject({ status: 0 });
  expect(step("echo new > generated")).toMatchObject({ said: expect.stringContaining("+new") });
  git(folder, "checkout", "--quiet", "HEAD", "generated");
  expect(step("echo more > another").status).not.toBe(0);
});

test("the bill of materials has what the package and the archives are made of, and nothing of development", () => {
  const folder = ownTemporaryFolder();
  mkdirSync(join(folder, "build"));
  for (const file of ["package.json", "package-lock.json", "build/node-builds.json"]) {
    copyFileSync(join(repository, file), join(folder, file));
  }
  const env = { GITHUB_REF_NAME: "v1.2.3", npm_config_offline: "true" };

  expect(runStep("release.yml", "Write the bill of materials", folder, env)).toMatchObject({
    status: 0,
  });

  const file = join(folder, "release", "pulumi-formations-v1.2.3.cdx.json");
  const bill = billSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  expect(bill.metadata.component).toEqual({ name: "pulumi-formations", version });
  const names = bill.components.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(Object.keys(dependencies)));
  expect(names).not.toContain("vitest");
  expect(names.filter((name) => name === "node")).toHaveLength(platforms.length);
  const unhashed = bill.components.filter(({ hashes }) => hashes.length === 0);
  expect(unhashed).toEqual([]);
});

const billSchema = z.object({
  metadata: z.object({ component: z.object({ name: z.string(), version: z.string() }) }),
  components: z.array(z.object({ name: z.string(), hashes: z.array(z.unknown()) })),
});

const { dependencies } = z
  .object({ dependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(repository, "package.json"), "utf8")));

test("a release has every package, and checksums of all", () => {
  const folder = ownTemporaryFolder();
  for (const [path, files] of [
    ["dist", ["one.tgz", "two.tar.gz", "checksums.txt"]],
    ["dist/sdks/packages", ["three.whl", "four.zip", "five.nupkg"]],
    ["release", ["bill.cdx.json"]],
  ] as const) {
    mkdirSync(join(folder, path), { recursive: true });
    for (const file of files) writeFileSync(join(folder, path, file), file);
  }

  expect(runStep("release.yml", "Collect", folder)).toMatchObject({ status: 0 });

  const release = join(folder, "release");
  const checked = spawnSync("sha256sum", ["--check", "checksums.txt"], { cwd: release });
  const collected = ["bill.cdx.json", "five.nupkg", "four.zip", "one.tgz", "three.whl"];
  expect(String(checked.stdout).split("\n").filter(Boolean)).toEqual(
    [...collected, "two.tar.gz"].map((file) => `${file}: OK`),
  );
});

test("the .NET and Java SDKs are generated from the schema, built in the tag's version, and collected", () => {
  const folder = ownTemporaryFolder();
  const packages = join(folder, "dist", "sdks", "packages");
  mkdirSync(packages, { recursive: true });
  const write = (path: string) => `mkdir -p "$(dirname ${path})" && touch ${path}`;
  const { path, calls } = standIns({
    pulumi: "",
    dotnet: write("dist/sdks/dotnet/bin/Release/Pulumi.Formations.1.2.3.nupkg"),
    gradle: write("dist/sdks/java/build/libs/com.pulumi.formations-1.2.3.jar"),
  });
  const env = { GITHUB_REF_NAME: "v1.2.3", PATH: path };

  expect(runStep("release.yml", "Build the .NET and Java SDKs", folder, env)).toMatchObject({
    status: 0,
  });

  expect(calls()).toEqual([
    "pulumi package gen-sdk schema.json --language dotnet --out dist/sdks",
    "pulumi package gen-sdk schema.json --language java --out dist/sdks",
    "dotnet build dist/sdks/dotnet --configuration Release",
    "gradle --project-dir dist/sdks/java -Pversion=1.2.3 jar",
  ]);
  expect(readdirSync(packages)).toEqual([
    ...["Pulumi.Formations.1.2.3.nupkg", "com.pulumi.formations-1.2.3.jar"],
  ]);
});

test("npm gets the packages that it does not have yet", () => {
  const folder = ownTemporaryFolder();
  mkdirSync(join(folder, "release"));
  for (const name of ["first", "second"]) {
    mkdirSync(join(folder, name, "package"), { recursive: true });
    const manifest = JSON.stringify({ name, version: "1.2.3" });
    writeFileSync(join(folder, name, "package", "package.json"), manifest);
    const archive = join(folder, "release", `${name}-1.2.3.tgz`);
    spawnSync("tar", ["-czf", archive, "-C", join(folder, name), "package"]);
  }
  const { path, calls } = standIns({ npm: 'if [ "$2" = first@1.2.3 ]; then echo 1.2.3; fi' });

  expect(runStep("release.yml", "Publish to npm", folder, { PATH: path })).toMatchObject({
    status: 0,
  });

  expect(calls()).toEqual([
    "npm view first@1.2.3 version",
    "npm view second@1.2.3 version",
    "npm publish --provenance --access public ./release/second-1.2.3.tgz",
  ]);
});

test("the Go module is a tag of its own, on the release's commit, once", () => {
  const folder = ownTemporaryFolder();
  const remote = join(folder, "remote.git");
  const clone = join(folder, "clone");
  git(folder, "init", "--quiet", "--bare", remote);
  git(folder, "clone", "--quiet", remote, clone);
  mkdirSync(join(clone, "sdk"));
  writeFileSync(join(clone, "sdk", "index.ts"), "");
  writeFileSync(join(clone, ".gitignore"), "bin/\n");
  git(clone, "add", ".");
  git(clone, "commit", "--quiet", "--message", "release");
  const module = join(folder, "example.com", "sdk", "go@v1.2.3");
  for (const [path, text] of [
    ["go.mod", "module example.com/sdk/go\n"],
    ["bin/ignored.go", "package bin\n"],
  ] as const) {
    mkdirSync(join(module, path, ".."), { recursive: true });
    writeFileSync(join(module, path), text);
  }
  mkdirSync(join(clone, "release"));
  const archive = join(clone, "release", "pulumi-formations-sdk-go-v1.2.3.zip");
  spawnSync("zip", ["-qr", archive, "example.com"], { cwd: folder });
  const { path, calls } = standIns({ gh: "true" });
  const step = () =>
    runStep("release.yml", "Publish the Go module", clone, {
      GITHUB_REF_NAME: "v1.2.3",
      PATH: path,
    });

  expect(step()).toMatchObject({ status: 0 });

  const tag = "sdk/go/v1.2.3";
  expect(git(remote, "ls-tree", "-r", "--name-only", tag, "sdk/").split("\n")).toEqual([
    ...["sdk/go/bin/ignored.go", "sdk/go/go.mod", "sdk/index.ts"],
  ]);
  expect(git(remote, "log", "--format=%s", tag).split("\n")).toEqual([
    ...["Add the Go SDK of v1.2.3", "release"],
  ]);
  expect(git(remote, "for-each-ref", "--format=%(refname)")).toBe(`refs/tags/${tag}`);
  expect(calls()).toEqual(["gh auth setup-git"]);
  const before = git(remote, "rev-parse", tag);
  expect(step()).toMatchObject({ status: 0 });
  expect(git(remote, "rev-parse", tag)).toBe(before);
});
