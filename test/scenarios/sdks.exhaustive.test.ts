import { cp, mkdir, symlink } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { repository } from "../../build/repository.ts";
import { content, pythonWith, succeed, withoutGo, withoutPython, writtenSdks } from "./sdks.ts";

const fixtures = join(repository, "test", "fixtures", "sdks");
const expected = content();

/** Go's modules and packages are downloaded and compiled, the first time. */
const timeout = 600_000;

let sdks: string;

beforeAll(async () => {
  if (!withoutGo) sdks = await writtenSdks();
}, timeout);

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

  beforeAll(async () => {
    if (withoutGo) return;
    program = join(sdks, "..", "program");
    await cp(join(fixtures, "go"), program, { recursive: true });
  });

  test("compiles, every package of it", { timeout }, async ({ skip }) => {
    skip(withoutGo !== undefined, withoutGo);

    expect(await succeed("go", ["build", `${module}/...`], program, env)).toBe("");
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

  test("registers secrets as such, and the classes' types as aliases", { timeout }, async ({
    skip,
  }) => {
    skip(withoutGo !== undefined, withoutGo);

    const printed = await succeed("go", ["run", "."], program, env);

    const { resources, functions } = engineSchema.parse(JSON.parse(printed));
    expect(resources).toMatchObject({
      "pulumi:providers:formations": { secretInputs: ["citusToken"] },
      "formations:index:Formation": {
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
  const compiler = join(repository, "node_modules", "typescript", "bin", "tsc");
  let folder: string;

  beforeAll(async () => {
    if (withoutGo) return;
    folder = join(sdks, "nodejs");
    await linkModules(folder);
    // As npm runs it, where a compiler is on PATH.
    const programs = join(repository, "node_modules", ".bin");
    const env = { PATH: [programs, process.env.PATH].join(delimiter) };
    await succeed(process.execPath, [join("scripts", "postinstall.js")], folder, env);
  }, timeout);

  test("has the types that its programs count on", { timeout }, async ({ skip }) => {
    skip(withoutGo !== undefined, withoutGo);
    const program = join(sdks, "..", "nodejs-program");
    await cp(join(fixtures, "nodejs"), program, { recursive: true });
    await linkModules(program);
    await symlink(folder, join(program, "node_modules", "pulumi-formations-sdk"), "junction");

    const options = ["--noEmit", "--strict", "--skipLibCheck", "--types", "node"];
    const platform = ["--module", "nodenext", "--target", "es2022"];
    const args = [compiler, ...options, ...platform, "index.ts"];
    expect(await succeed(process.execPath, args, program)).toBe("");
  });

  test("has every resource, function and enum", { timeout }, async ({ skip }) => {
    skip(withoutGo !== undefined, withoutGo);
    const script = `const sdk = require("."); const { enums } = sdk.types;
      console.log(JSON.stringify({ names: Object.keys(sdk), enums }));`;

    const { names, enums } = z
      .object({
        names: z.array(z.string()),
        enums: z.record(z.string(), z.record(z.string(), z.unknown())),
      })
      .parse(JSON.parse(await succeed(process.execPath, ["--eval", script], folder)));

    expect(names).toEqual(expect.arrayContaining([...expected.resources, ...expected.functions]));
    const values = Object.entries(enums).map(([name, one]) => [name, Object.values(one)]);
    expect(Object.fromEntries(values)).toEqual(expected.enums);
  });
});

describe("the Python SDK", () => {
  test("is installed by pip and has every resource, function and enum", { timeout }, async ({
    skip,
  }) => {
    skip(withoutPython !== undefined, withoutPython);
    const python = await pythonWith(sdks);

    const script = join(fixtures, "python", "content.py");
    const printed = await succeed(python.interpreter, [script], sdks, python.env);

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

/** Lets a folder's programs find this clone's @pulumi/pulumi and types of Node.js. */
async function linkModules(folder: string): Promise<void> {
  await mkdir(join(folder, "node_modules"));
  for (const name of ["@pulumi", "@types"]) {
    const target = join(repository, "node_modules", name);
    await symlink(target, join(folder, "node_modules", name), "junction");
  }
}
