import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { repository } from "../build/repository.ts";

const entry = z.object({
  version: z.string().optional(),
  license: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  dev: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
  engines: z.unknown().optional(),
});

const schema = z.object({ packages: z.record(z.string(), entry) });

/** The packages of a lockfile. */
function packagesOf(file: string) {
  const lockfile = schema.parse(JSON.parse(readFileSync(join(repository, file), "utf8")));
  return Object.entries(lockfile.packages)
    .filter(([path]) => path !== "")
    .map(([path, facts]) => ({ path, name: path.replace(/^.*node_modules\//, ""), ...facts }));
}

const packages = packagesOf("package-lock.json");

/** What the documentation's site is made with; nothing of it is passed on. */
const ofSite = packagesOf("site/package-lock.json");

/** What Pulumi looks for in a package's manifest. */
const installed = z.object({
  pulumi: z.looseObject({ resource: z.unknown() }).partial().optional(),
});

/** Licences under which a dependency may be passed on with Apache-2.0 code. */
const permissive = new Set([
  ...["MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "BlueOak-1.0.0"],
  ...["Python-2.0", "CC0-1.0", "CC-BY-3.0", "(BSD-3-Clause AND Apache-2.0)"],
]);

/** What a manifest doesn't say, read in the package's LICENSE file. */
const readByHand = new Map([["@logdna/tail-file", "MIT"]]);

test("what users install has permissive licences", () => {
  const others = packages
    .filter(({ dev }) => !dev)
    .map(({ name, license }) => ({ name, license: readByHand.get(name) ?? license ?? "none" }))
    .filter(({ license }) => !permissive.has(license));
  expect(others).toEqual([]);
});

test("nothing that users install runs a script but protobufjs, which needs none to work", () => {
  const scripted = packages.filter(({ dev, hasInstallScript }) => !dev && hasInstallScript);
  expect(scripted.map(({ name }) => name)).toEqual(["protobufjs"]);
  const manifest = readFileSync(join(repository, "package.json"), "utf8");
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(manifest));
  const lifecycle = Object.keys(scripts).filter((name) =>
    /^(pre|post)?(install|prepare|pack|publish)(Only)?$/.test(name),
  );
  expect(lifecycle).toEqual(["prepare"]);
});

test("nothing that is installed has a Pulumi plugin, which Pulumi would download for a clone", () => {
  // As Pulumi looks for them: in every package.json below node_modules, when a folder is named as a plugin.
  const manifests = packages
    .map(({ path }) => join(repository, path, "package.json"))
    .filter((file) => existsSync(file));
  expect(manifests.length).toBeGreaterThan(100);
  const withPlugin = manifests.filter((file) => {
    const { pulumi } = installed.parse(JSON.parse(readFileSync(file, "utf8")));
    return pulumi?.resource === true;
  });
  expect(withPlugin).toEqual([]);
});

test("npm on an older Node.js than the package's own warns of nothing: `npm run format` sees to it", () => {
  expect([...packages, ...ofSite].filter(({ engines }) => engines)).toEqual([]);
});

test("the lockfiles name no registry, and pin the content of what is installed", () => {
  expect([...packages, ...ofSite].filter(({ resolved }) => resolved)).toEqual([]);
  expect(packages.filter(({ dev, integrity }) => !dev && !integrity)).toEqual([]);
  expect(ofSite.filter(({ integrity }) => !integrity)).toEqual([]);
});

test("the site's packages have licences that let anybody use them", () => {
  const free =
    /^(MIT|ISC|Apache-2\.0|BSD-.*|0BSD|BlueOak-1\.0\.0|CC0-1\.0|Python-2\.0|MPL-2\.0|LGPL-3\.0-or-later)$/;
  const others = ofSite.filter(({ license = "none" }) =>
    license.split(" AND ").some((one) => !free.test(one)),
  );
  expect(others.map(({ name, license }) => ({ name, license }))).toEqual([]);
});
