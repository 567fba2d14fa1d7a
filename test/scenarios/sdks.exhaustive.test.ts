import { copyFile, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as tar from "tar";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { languages } from "../../build/languages/sdks.ts";
import { repository } from "../../build/repository.ts";
import { version } from "../distribution/installed.ts";
import { type Registry, startRegistry } from "../distribution/registry.ts";
import {
  content,
  examples,
  packedSdks,
  pythonIn,
  succeed,
  withoutGo,
  withoutPython,
  writtenSdks,
} from "./sdks.ts";

const fixtures = join(repository, "test", "fixtures", "sdks");
const expected = content();

/** Go's modules and packages are downloaded and compiled, the first time. */
const timeout = 600_000;

/** For the programs that use the packages. */
let scratch: string;
/** Where the packages are. */
let packages: string;

beforeAll(async () => {
  if (withoutGo) return;
  const sdks = await writtenSdks();
  scratch = join(sdks, "..");
  packages = await packedSdks(
    sdks,
    languages.filter((language) => language !== "python" || !withoutPython),
  );
}, timeout);

const license = readFile(join(repository, "LICENSE"), "utf8");

/** What a README has to have for a reader who comes across the package: a title, and a program. */
function expectReadme(text: string, language: string, fence?: string): void {
  expect(text).toMatch(new RegExp(`^# Formations for ${language}`));
  if (fence) expect(text).toMatch(new RegExp(`^\`\`\`${fence}\n[^]+ormation`, "m"));
}

describe("the Go SDK", () => {
  const registrationSchema = z.object({
    version: z.string(),
    aliases: z.array(z.string()).nullable(),
    secretOutputs: z.array(z.string()).nullable(),
    secretInputs: z.array(z.string()).nullable(),
  });
  const engineSchema = z.object({
    resources: z.record(z.string(), registrationSchema),
    functions: z.array(z.string()),
  });
  /** As the engine and the generators are built, so that what they compiled is used again. */
  const env = {
    CGO_ENABLED: "0",
    GOFLAGS: "-mod=readonly -buildvcs=false -tags=osusergo,grpcnotrace",
  };
  const module = "example.com/pulumi-formations/sdk/go";
  let program: string;
  /** What the go command has unpacked of the archive. */
  let unpacked: string;

  beforeAll(async () => {
    if (withoutGo) return;
    unpacked = await download();
    program = join(scratch, "program");
    await cp(join(fixtures, "go"), program, { recursive: true });
    await succeed("go", ["mod", "edit", `-replace=${module}=${unpacked}`], program);
  }, timeout);

  /** Has the go command download the module from a proxy that has the archive alone. */
  async function download(): Promise<string> {
    // A proxy has capitals as the small letter after an exclamation mark.
    const path = module.replaceAll(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
    const versions = join(scratch, "proxy", ...path.split("/"), "@v");
    await mkdir(versions, { recursive: true });
    const archive = join(packages, `pulumi-formations-sdk-go-v${version}.zip`);
    await copyFile(archive, join(versions, `v${version}.zip`));
    await copyFile(join(scratch, "sdks", "go", "go.mod"), join(versions, `v${version}.mod`));
    const info = JSON.stringify({ Version: `v${version}` });
    await writeFile(join(versions, `v${version}.info`), info);
    const from = { GOPROXY: pathToFileURL(join(scratch, "proxy")).href, GOSUMDB: "off" };
    // A cache of its own: the user's keeps what it once had of a version.
    const cache = { GOMODCACHE: join(scratch, "modules"), GOFLAGS: "-modcacherw" };
    const get = ["mod", "download", "-json", `${module}@v${version}`];
    const printed = await succeed("go", get, scratch, { ...from, ...cache });
    return z.object({ Dir: z.string() }).parse(JSON.parse(printed)).Dir;
  }

  test("is a module that the go command takes, with its licence and a README", async ({ skip }) => {
    skip(withoutGo !== undefined, withoutGo);

    expect(await readFile(join(unpacked, "LICENSE"), "utf8")).toBe(await license);
    expectReadme(await readFile(join(unpacked, "README.md"), "utf8"), "Go");
  });

  test("compiles, every package of it", { timeout }, async ({ skip }) => {
    skip(withoutGo !== undefined, withoutGo);

    expect(await succeed("go", ["build", `${module}/...`], program, env)).toBe("");
  });

  test("compiles every example of the schema, each formatted", { timeout }, async ({ skip }) => {
    skip(withoutGo !== undefined, withoutGo);
    await mkdir(join(program, "examples"));
    for (const [index, text] of examples(["resources", "functions"], "go").entries()) {
      // As one package, which takes a fraction of the time that as many programs would take to link.
      const part = text
        .replace("package main", "package examples")
        .replace("main()", `_${index}()`);
      await writeFile(join(program, "examples", `${index}.go`), part);
    }

    expect(await succeed("go", ["build", "./examples"], program, env)).toBe("");
    expect(await succeed("gofmt", ["-l", "examples"], program)).toBe("");
  });

  test("has every resource, function and enum", { timeout }, async ({ skip }) => {
    skip(withoutGo !== undefined, withoutGo);

    const names = await succeed("go", ["doc", "-short", `${module}/formations`], program, env);

    const declared = [...names.matchAll(/^ *(?:func|type) (\w+)/gm)].map(([, name]) => name);
    const wanted = [
      ...expected.resources.map((name) => `New${name}`),
      // Where a resource's reader has the name, the function is called Lookup.
      ...expected.functions.map((name) =>
        expected.resources.includes(name.slice(3)) ? `Lookup${name.slice(3)}` : `G${name.slice(1)}`,
      ),
      ...Object.keys(expected.enums),
    ];
    expect(declared).toEqual(expect.arrayContaining(wanted));
  });

  test("registers its version, secrets as such, and the classes' types as aliases", {
    timeout,
  }, async ({ skip }) => {
    skip(withoutGo !== undefined, withoutGo);

    const printed = await succeed("go", ["run", "."], program, env);

    const { resources, functions } = engineSchema.parse(JSON.parse(printed));
    expect(resources).toMatchObject({
      "pulumi:providers:formations": { version, secretInputs: ["citusToken"] },
      "formations:index:Formation": {
        version,
        secretOutputs: ["databaseUrl"],
        aliases: ["pulumi-nodejs:dynamic/formations:Formation"],
      },
      "formations:index:AppFormation": {
        aliases: ["pulumi-nodejs:dynamic/formations:AppFormation"],
      },
    });
    expect(functions).toEqual(["formations:index:getAppSizes"]);
  });
});

describe("the Node.js SDK", () => {
  const name = "pulumi-formations-sdk";
  let registry: Registry;
  /** A project that has it. */
  let project: string;

  beforeAll(async () => {
    if (withoutGo) return;
    registry = await startRegistry({ forCompilers: true });
    project = join(scratch, "nodejs-project");
    await cp(join(fixtures, "nodejs"), project, { recursive: true });
    await writeFile(join(project, "package.json"), JSON.stringify({ private: true }));
    const archive = join(packages, `${name}-${version}.tgz`);
    const install = ["install", "--no-audit", "--no-fund", "--registry", registry.url];
    const cache = ["--cache", join(scratch, "npm-cache")];
    await succeed("npm", [...install, ...cache, archive, "typescript", "@types/node"], project);
  }, timeout);

  afterAll(() => registry?.close());

  test("is installed compiled, with its licence and a README, and runs no script", async ({
    skip,
  }) => {
    skip(withoutGo !== undefined, withoutGo);
    const installed = join(project, "node_modules", name);

    const manifest = JSON.parse(await readFile(join(installed, "package.json"), "utf8"));
    expect(manifest).toMatchObject({ name, version, license: "Apache-2.0" });
    expect(Object.keys(manifest.dependencies)).toEqual(["@pulumi/pulumi"]);
    expect(manifest).not.toHaveProperty("scripts");
    expect(manifest.pulumi).toMatchObject({ resource: true, name: "formations", version });
    expect(await readFile(join(installed, "LICENSE"), "utf8")).toBe(await license);
    const readme = await readFile(join(installed, "README.md"), "utf8");
    expectReadme(readme, "TypeScript", "typescript");
  });

  test("has the types that its programs count on", { timeout }, async ({ skip }) => {
    skip(withoutGo !== undefined, withoutGo);

    const compiler = join(project, "node_modules", "typescript", "bin", "tsc");
    const options = ["--noEmit", "--strict", "--skipLibCheck", "--types", "node"];
    const platform = ["--module", "nodenext", "--target", "es2022"];
    const args = [compiler, ...options, ...platform, "index.ts"];
    expect(await succeed(process.execPath, args, project)).toBe("");
  });

  test("has every resource, function and enum", { timeout }, async ({ skip }) => {
    skip(withoutGo !== undefined, withoutGo);
    const script = `const sdk = require("${name}"); const { enums } = sdk.types;
      console.log(JSON.stringify({ names: Object.keys(sdk), enums }));`;

    const { names, enums } = z
      .object({
        names: z.array(z.string()),
        enums: z.record(z.string(), z.record(z.string(), z.unknown())),
      })
      .parse(JSON.parse(await succeed(process.execPath, ["--eval", script], project)));

    expect(names).toEqual(expect.arrayContaining([...expected.resources, ...expected.functions]));
    const values = Object.entries(enums).map(([name, one]) => [name, Object.values(one)]);
    expect(Object.fromEntries(values)).toEqual(expected.enums);
  });
});

describe("the Python SDK", () => {
  /** The Python of an environment that has it. */
  let interpreter: string;

  beforeAll(async () => {
    if (withoutPython) return;
    interpreter = await pythonIn(join(scratch, "environment"));
    const pip = ["-m", "pip", "install", "--quiet", "--no-index", "--find-links", packages];
    await succeed(interpreter, [...pip, `pulumi_formations==${version}`], scratch);
  }, timeout);

  test("has its version, licence and a README", { timeout }, async ({ skip }) => {
    skip(withoutPython !== undefined, withoutPython);
    const script = `
import importlib.metadata, json
it = importlib.metadata.distribution("pulumi_formations")
licences = [file.read_text() for file in it.files if file.name == "LICENSE"]
print(json.dumps({"version": it.version, "licences": licences, "readme": it.metadata.get_payload()}))`;

    const printed = JSON.parse(await succeed(interpreter, ["-c", script], scratch));

    expect(printed).toMatchObject({ version, licences: [await license] });
    expectReadme(printed.readme, "Python", "python");
  });

  test("has all of that in its source distribution, too", async ({ skip }) => {
    skip(withoutPython !== undefined, withoutPython);
    const root = `pulumi_formations-${version}`;
    const found: string[] = [];
    const file = join(packages, `${root}.tar.gz`);
    await tar.list({ file, onReadEntry: ({ path }) => void found.push(path) });

    const wanted = ["LICENSE", "README.md", "pyproject.toml", "pulumi_formations/py.typed"];
    expect(found).toEqual(expect.arrayContaining(wanted.map((path) => `${root}/${path}`)));
  });

  test("has every resource, function and enum", { timeout }, async ({ skip }) => {
    skip(withoutPython !== undefined, withoutPython);

    const script = join(fixtures, "python", "content.py");
    const printed = await succeed(interpreter, [script], scratch);

    expect(JSON.parse(printed)).toEqual({
      resources: expected.resources,
      functions: expected.functions.map(snakeCase).toSorted(),
      enums: expected.enums,
      types: {
        state: "pulumi.output.Output[str]",
        worker_count: "pulumi.output.Output[int]",
        database_url: "pulumi.output.Output[typing.Optional[str]]",
        coordinator_ha: "pulumi.output.Output[typing.Optional[bool]]",
      },
    });
  });
});

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
