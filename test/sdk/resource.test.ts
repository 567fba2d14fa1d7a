import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { repository } from "../../build/repository.ts";
import { resources } from "../../provider/index.ts";
import type { Values } from "../../provider/resource/values.ts";
import { fileName } from "../../sdk/generator/resource-class.ts";
import { providerText } from "../../sdk/provider-text.ts";
import { type Description, FormationsResource } from "../../sdk/resource.ts";

const description: Description = {
  type: "Server",
  module: "server",
  properties: ["note"],
  secretInputs: ["note"],
  secretOutputs: ["note"],
};

class Server extends FormationsResource {
  constructor(name: string, args: object, opts?: pulumi.CustomResourceOptions) {
    super(description, name, args, opts);
  }
}

/** What the engine is asked to register. */
let registered: { name: string; inputs: Values }[];

beforeEach(async () => {
  registered = [];
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => {
      registered.push({ name, inputs });
      return { id: `${name}-id`, state: inputs };
    },
    call: ({ inputs }) => inputs,
  });
});

async function declared(opts?: pulumi.CustomResourceOptions, args: object = { note: "hunter2" }) {
  const server = new Server("it", args, opts);
  await new Promise((resolve) => server.urn.apply(resolve));
  const found = registered.find(({ name }) => name === "it");
  if (!found) throw new Error("nothing was registered");
  return found;
}

test("a class tells the host the resource's URN and options, under a hidden key", async () => {
  const options = { customTimeouts: { create: "5m" }, replaceOnChanges: ["note"] };
  const { inputs } = await declared(options);
  expect(inputs.__call).toEqual({
    urn: "urn:pulumi:stack::project::pulumi-nodejs:dynamic/formations:Server::it",
    create: "5m",
    replaceOnChanges: ["note"],
  });
});

test("a resource of a component has its parent's types in the URN, and does not depend on it", async () => {
  const parent = new pulumi.ComponentResource("shop:index:Platform", "shop");
  const { inputs } = await declared({ parent });
  expect(inputs.__call).toMatchObject({
    urn: "urn:pulumi:stack::project::shop:index:Platform$pulumi-nodejs:dynamic/formations:Server::it",
  });
});

test("what is only read has no such key, since no check takes it out", async () => {
  const { inputs } = await declared({ id: "it-id" }, {});
  expect(Object.keys(inputs)).not.toContain("__call");
});

const stateSchema = z.object({
  deployment: z.object({
    resources: z.array(
      z.object({ type: z.string(), inputs: z.record(z.string(), z.unknown()).optional() }),
    ),
  }),
});

test("the provider in a state is, byte for byte, the one that earlier versions have written", () => {
  const file = join(repository, "test", "fixtures", "kept-state", "state.json");
  const { deployment } = stateSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  const kept = new Map(
    deployment.resources
      .filter(({ inputs }) => inputs?.__provider)
      .map(({ type, inputs }) => [type.split(":").at(-1) ?? "", inputs?.__provider]),
  );
  expect(kept.size).toBeGreaterThan(3);
  for (const [name, text] of kept) expect(text).toBe(providerText(fileName(name)));
});

test.each(resources.map(({ name }) => name))(
  "the provider of %s is what Pulumi makes of the module of an installed package",
  async (name) => {
    const module = fileName(name);
    const text = providerText(module);
    const exported: { handler?: unknown } = {};
    const required: string[] = [];
    new Function("exports", "require", text)(exported, (path: string) => {
      required.push(path);
      return "the module";
    });
    expect(required).toEqual([`pulumi-formations/bin/sdk/dynamic/${module}.js`]);
    expect((exported.handler as () => unknown)()).toBe("the module");
  },
);

const sources = new Set(globSync("{provider,sdk}/**/*.ts", { cwd: repository }));

/** What a source file loads as soon as it is loaded itself: types and late requires are left out. */
function loadedBy(file: string): string[] {
  const text = readFileSync(join(repository, file), "utf8");
  const imports = text.matchAll(
    /^(?:(?:import|export)\s+(?!type\b)([^;]*?)(?:from |require\()|import )"([^"]+)"/gm,
  );
  return [...imports]
    .filter(([, names = ""]) => !/^\{(?:\s*type \w+,?)+\s*\}\s*$/.test(names))
    .map(([, , path = ""]) => (path.startsWith(".") ? fileAt(join(dirname(file), path)) : path));
}

function fileAt(path: string): string {
  const names = [`${path}.ts`, join(path, "index.ts")].map(normalize);
  return names.find((name) => sources.has(name)) ?? path;
}

test("a program that imports the classes loads neither zod nor a system", () => {
  const loaded = new Set(["sdk/index.ts"]);
  for (const file of loaded) {
    if (sources.has(file)) for (const each of loadedBy(file)) loaded.add(each);
  }
  expect(loaded).toContain("provider/resource/names.ts");
  expect(loaded).toContain("sdk/requirements.ts");
  const packages = [...loaded].filter((one) => !sources.has(one));
  expect(packages.filter((one) => !one.startsWith("node:"))).toEqual(["@pulumi/pulumi"]);
  expect([...loaded].filter((file) => /^provider\/[a-z]+\/index/.test(file))).toEqual([]);
});
