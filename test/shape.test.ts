import { existsSync, globSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { repository } from "../build/repository.ts";
import { functions, resources } from "../provider/index.ts";

/** Folders of provider/ that hold a file of this name, at this depth. */
function foldersWith(pattern: string): string[] {
  return globSync(pattern, { cwd: repository }).map((file) => dirname(file).replaceAll("\\", "/"));
}

const systems = foldersWith("provider/*/system.ts");
const folders = foldersWith("provider/*/*/resource.ts");

function has(folder: string, file: string): boolean {
  return existsSync(join(repository, folder, file));
}

async function exportsOf(file: string): Promise<unknown[]> {
  const module: object = await import(/* @vite-ignore */ join(repository, file));
  return Object.values(module);
}

describe.each(systems)("%s", (system) => {
  test("has the files that every system has", () => {
    const files = ["index", "system", "api", "endpoints", "hints", "functions"];
    expect(files.filter((name) => !has(system, `${name}.ts`))).toEqual([]);
  });

  test("has all its functions in the package", async () => {
    const exported = await exportsOf(`${system}/functions.ts`);
    const own = functions.filter((one) => one.system.name === basename(system));
    expect(own.length).toBeGreaterThan(0);
    expect(own.filter((one) => !exported.includes(one))).toEqual([]);
    const named = exported.filter((one) => typeof one === "object" && one && "invoke" in one);
    expect(named).toHaveLength(own.length);
  });
});

describe.each(folders)("%s", (folder) => {
  test("is a resource of the package, with the files that every resource has", async () => {
    const exported = await exportsOf(`${folder}/resource.ts`);
    const [definition, ...others] = resources.filter((one) => exported.includes(one));
    expect(definition?.system.name).toBe(basename(dirname(folder)));
    expect(others).toEqual([]);
    expect(["schema.ts", "plan.ts", "create.ts"].filter((name) => !has(folder, name))).toEqual([]);
    // What lives in the stack's state alone has nothing to read and write.
    expect(has(folder, "wire.ts")).toBe(definition?.find !== undefined);
    expect(has(folder, "list.ts")).toBe(definition?.listing !== undefined);
  });
});

test("every resource has a folder of its own", () => {
  expect(folders).toHaveLength(resources.length);
});
