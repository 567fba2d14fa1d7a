import { existsSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { isSdkTooOld, oldestSdk } from "../../../provider/process/sdk-version";
import { upwards } from "../../stack/project";
import { manifestIn, namesIn } from "../files";
import { type Check, section } from "../model";
import type { Project } from "../project";

const checks = section("Project");

/** A copy of an npm package. */
interface Copy {
  folder: string;
  version: string;
}

/** The commands of a package manager that the cures name. */
interface Manager {
  install: string;
  add: string;
  dedupe: string;
}

/** By the lock file that each of them writes; npm is the one of all others. */
const managers: Readonly<Record<string, Manager>> = {
  "pnpm-lock.yaml": { install: "pnpm install", add: "pnpm add", dedupe: "pnpm dedupe" },
  "yarn.lock": { install: "yarn install", add: "yarn add", dedupe: "yarn dedupe" },
  "bun.lock": { install: "bun install", add: "bun add", dedupe: "bun install" },
  "bun.lockb": { install: "bun install", add: "bun add", dedupe: "bun install" },
};
const npm: Manager = { install: "npm install", add: "npm install", dedupe: "npm dedupe" };

/** The package manager of a project, or of the workspace that it is in. */
function managerOf(folder: string): Manager {
  const file = nearest(folder, [...Object.keys(managers), "package-lock.json"]);
  return managers[basename(file ?? "")] ?? npm;
}

/** The nearest file of some names, in the folder or in those that it is in. */
function nearest(folder: string, names: readonly string[]): string | undefined {
  const files = upwards(folder).flatMap((one) => names.map((name) => join(one, name)));
  return files.find((file) => existsSync(file));
}

/** The npm packages of a project in TypeScript or JavaScript: installed, once, and new enough. */
export function checkPackages({ folder, uses }: Project): Check[] {
  const names = uses.flatMap(({ npm }) => npm ?? []);
  const missing = names.filter((name) => copyFor(name, folder) === undefined);
  const { install } = managerOf(folder);
  if (missing.length > 0) {
    const pnp = nearest(folder, [".pnp.cjs"]);
    if (pnp !== undefined) {
      const why = `Yarn keeps the packages in what ${pnp} says, which is not read here.`;
      return [checks.skipped("packages", why)];
    }
    return [
      checks.problem(
        "packages",
        `package.json names ${missing.join(" and ")}, which node_modules does not have.`,
        `Run \`${install}\` in ${folder}.`,
      ),
    ];
  }
  const found = [...names.flatMap((name) => twice(name, folder)), ...twoHosts(names)];
  if (names.includes("pulumi-formations")) found.push(...checkSdk(folder));
  if (found.length > 0) return found;
  const listed = names.map((name) => `${name} ${copyFor(name, folder)?.version}`);
  return [checks.ok("packages", `${listed.join(", ")}: installed once.`)];
}

/** The version of the SDK in a project's `node_modules` that asks for the plugin; undefined: there is none. */
export function versionOf({ folder, uses }: Project): string | undefined {
  const npm = uses.find(({ host }) => host === "plugin")?.npm;
  return npm === undefined ? undefined : copyFor(npm, folder)?.version;
}

/** A second copy has classes of its own, and the state refers to one of the two. */
function twice(name: string, folder: string): Check[] {
  const copies = copiesOf(name, folder);
  if (copies.length < 2) return [];
  return [
    checks.problem(
      "packages",
      `The project has ${copies.length} copies of ${name}: ${copies.map(shown).join(", ")}.`,
      `Keep one: ask for the same version everywhere, and run \`${managerOf(folder).dedupe}\`.`,
    ),
  ];
}

function twoHosts(names: readonly string[]): Check[] {
  if (names.length < 2) return [];
  return [
    checks.warning(
      "packages",
      `The project depends on ${names.join(" and ")}: Pulumi's dynamic provider serves the resources of the first, the plugin those of the other.`,
      "Keep one of them; `formations help moving-hosts` says how to move a stack.",
    ),
  ];
}

/** `@pulumi/pulumi`: that of the program, and that of the classes where it is another. */
function checkSdk(folder: string): Check[] {
  const name = "@pulumi/pulumi";
  const classes = copyFor("pulumi-formations", folder);
  const own = copyFor(name, folder);
  const theirs = classes && copyFor(name, realpathSync(classes.folder));
  const { add, dedupe } = managerOf(folder);
  const copies = [own, theirs].filter((one) => one !== undefined);
  const old = copies.find(({ version }) => isSdkTooOld(version));
  if (old) {
    return [
      checks.problem(
        "sdk",
        `${name} is ${old.version} (${old.folder}); the TypeScript classes need ${oldestSdk} or newer.`,
        `Run \`${add} ${name}@latest\` in ${folder}.`,
      ),
    ];
  }
  if (new Set(copies.map((one) => one.folder)).size < 2) return [];
  return [
    checks.warning(
      "sdk",
      `The program and the TypeScript classes have an ${name} each: ${copies.map(shown).join(", ")}.`,
      `Run \`${add} ${name}@latest && ${dedupe}\` in ${folder}.`,
    ),
  ];
}

/** The copy that a module in a folder gets. */
function copyFor(name: string, folder: string): Copy | undefined {
  for (const one of upwards(folder)) {
    const found = copyAt(join(one, "node_modules", name));
    if (found) return found;
  }
  return undefined;
}

/** All copies in the project's `node_modules` and in those of its direct packages. */
function copiesOf(name: string, folder: string): Copy[] {
  const first = copyFor(name, folder);
  if (!first) return [];
  const roots = upwards(folder).map((one) => join(one, "node_modules"));
  // What a direct package gets: pnpm has it beside the place to which a link leads.
  const direct = roots.flatMap((root) => packagesIn(root).map((one) => join(root, one)));
  const users = direct.filter((one) => existsSync(one)).map((one) => realpathSync(one));
  const copies = [
    ...roots.flatMap((root) => copyAt(join(root, name)) ?? []),
    ...users.flatMap((user) => copyFor(name, user) ?? []),
  ];
  return [...new Map([first, ...copies].map((one) => [one.folder, one])).values()];
}

function packagesIn(root: string): string[] {
  const packages = namesIn(root).filter((name) => !name.startsWith("."));
  return packages.flatMap((name) =>
    name.startsWith("@") ? namesIn(join(root, name)).map((one) => join(name, one)) : [name],
  );
}

/** Where it really is: links to one folder are one copy. */
function copyAt(place: string): Copy | undefined {
  const manifest = manifestIn(place);
  if (!manifest) return undefined;
  return { folder: realpathSync(place), version: manifest.version ?? "without a version" };
}

function shown({ version, folder }: Copy): string {
  return `${version} (${folder})`;
}
