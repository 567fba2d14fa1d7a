import { realpathSync } from "node:fs";
import { join } from "node:path";
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

/** The npm packages of a project in TypeScript or JavaScript: installed, once, and new enough. */
export function checkPackages({ folder, uses }: Project): Check[] {
  const names = uses.flatMap(({ npm }) => npm ?? []);
  const missing = names.filter((name) => copyFor(name, folder) === undefined);
  if (missing.length > 0) {
    return [
      checks.problem(
        "packages",
        `package.json names ${missing.join(" and ")}, which node_modules does not have.`,
        `Run \`npm install\` in ${folder}.`,
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
      `Keep one: ask for the same version everywhere, and run \`npm dedupe\`.`,
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
  const copies = [own, theirs].filter((one) => one !== undefined);
  const old = copies.find(({ version }) => isSdkTooOld(version));
  if (old) {
    return [
      checks.problem(
        "sdk",
        `${name} is ${old.version} (${old.folder}); the TypeScript classes need ${oldestSdk} or newer.`,
        `Run \`npm install ${name}@latest\` in ${folder}.`,
      ),
    ];
  }
  if (new Set(copies.map((one) => one.folder)).size < 2) return [];
  return [
    checks.warning(
      "sdk",
      `The program and the TypeScript classes have an ${name} each: ${copies.map(shown).join(", ")}.`,
      `Run \`npm install ${name}@latest && npm dedupe\` in ${folder}.`,
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
  const places = roots.flatMap((root) => [
    join(root, name),
    ...packagesIn(root).map((one) => join(root, one, "node_modules", name)),
  ]);
  const copies = places.flatMap((place) => copyAt(place) ?? []);
  return [...new Map([first, ...copies].map((one) => [one.folder, one])).values()];
}

function packagesIn(root: string): string[] {
  return namesIn(root).flatMap((name) =>
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
