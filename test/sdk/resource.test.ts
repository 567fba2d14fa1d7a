import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test, vi } from "vitest";
import { repository } from "../../build/repository.ts";
import { packState } from "../../sdk/dynamic/marks.ts";
import { FormationsResource } from "../../sdk/resource.ts";
import { made } from "../resource/made-up-resource.ts";

const { options } = vi.hoisted(() => ({ options: [] as { additionalSecretOutputs: string[] }[] }));

vi.mock("@pulumi/pulumi", () => ({
  secret: (value: unknown) => value,
  dynamic: {
    Resource: class {
      constructor(_provider: unknown, _name: string, _props: object, opts: never) {
        options.push(opts);
      }
    },
  },
}));

class Server extends FormationsResource {}

test("a class keeps the dynamic host's copy of what the program asked as a secret", () => {
  const kept = packState(
    made({}),
    { properties: { note: "another" }, marks: {} },
    { properties: { note: "hunter2" }, marks: {} },
  );
  const copies = Object.keys(kept).filter((key) => JSON.stringify(kept[key]).includes("hunter2"));
  const description = {
    type: "Server",
    properties: ["note"],
    secretInputs: ["note"],
    secretOutputs: ["note"],
  };

  new Server({} as never, description, "it", { note: "hunter2" });

  expect(copies).toHaveLength(1);
  expect(options.at(-1)?.additionalSecretOutputs).toEqual(["note", ...copies]);
});

const sources = new Set(globSync("{provider,sdk}/**/*.ts", { cwd: repository }));

/** What a source file loads as soon as it is loaded itself: types and late requires are left out. */
function loadedBy(file: string): string[] {
  const text = readFileSync(join(repository, file), "utf8");
  const imports = text.matchAll(
    /^(?:import|export)\s+(?!type\b)([^;]*?)(?:from |require\()"([^"]+)"/gm,
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
  const packages = [...loaded].filter((one) => !sources.has(one));
  expect(packages.sort()).toEqual(["@pulumi/pulumi", "node:crypto", "node:util"]);
  expect([...loaded].filter((file) => /^provider\/[a-z]+\/index/.test(file))).toEqual([]);
});
