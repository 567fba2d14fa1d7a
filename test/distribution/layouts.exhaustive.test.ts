import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { compiledClone, packedPackage } from "../../build/engine/package.ts";
import { type DeploymentState, resourceNamed } from "../../build/engine/state.ts";
import { createWorkspace, type Workspace } from "../../build/engine/workspace.ts";
import { repository } from "../../build/repository.ts";
import { providerText } from "../../sdk/provider-text.ts";
import { AkkerisSimulator } from "../../simulators/akkeris.ts";
import { configOf, told } from "../scenarios/support.ts";
import { accessTo, startAkkeris } from "../scenarios/world.ts";
import { type Registry, startRegistry } from "./registry.ts";

/*
 * Where package managers put the package, and in which kinds of modules programs import it: the state
 * must have the same short reference to its code everywhere, and nothing of the machine.
 */

/** A resource of the program. */
const web = (name: string, quantity: number) =>
  `new AppFormation("${name}", { app: "shop-${name}", type: "web", size: "gp1", quantity: ${quantity} });`;
const first = [web("kept", 1), web("scaled", 1), web("gone", 1)].join("\n");
const second = [web("kept", 1), web("scaled", 2), web("made", 1)].join("\n");
const commonJs = `const { AppFormation } = require("pulumi-formations");\n${second}\n`;
const esm = `import { AppFormation } from "pulumi-formations";\n${second}\n`;

const installed = join(repository, "node_modules");
const dependencies = Object.keys(
  z
    .object({ dependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(repository, "package.json"), "utf8"))).dependencies,
);
/** Of the program itself, for `tsc`. */
const direct = ["@pulumi/pulumi", "typescript", "@types/node"];

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, "junction");
}

function linkEach(names: readonly string[], modules: string): void {
  for (const name of names) link(join(installed, name), join(modules, name));
}

/** How a package manager lays out `node_modules`, for a program in a folder. */
type Layout = (project: string, packed: string) => void;

/** The package and its dependencies side by side. */
const hoisted: Layout = (project, packed) => {
  const modules = join(project, "node_modules");
  linkEach([...new Set([...direct, ...dependencies])], modules);
  cpSync(packed, join(modules, "pulumi-formations"), { recursive: true });
};

/** A store in which each package sees its own dependencies only; the program sees links into it. */
function isolated(store: string): Layout {
  return (project, packed) => {
    const modules = join(project, "node_modules");
    const own = join(modules, store, "node_modules");
    linkEach(dependencies, own);
    cpSync(packed, join(own, "pulumi-formations"), { recursive: true });
    link(join(own, "pulumi-formations"), join(modules, "pulumi-formations"));
    linkEach(direct, modules);
  };
}

const layouts: Record<string, Layout> = {
  "hoisted, as npm and Yarn do": hoisted,
  "at the root of npm workspaces": (project, packed) => hoisted(dirname(project), packed),
  "isolated in pnpm's store": isolated(".pnpm/pulumi-formations@0.1.0_zod@4"),
  "isolated in the store of npm and Yarn": isolated(".store/pulumi-formations@0.1.0-4f5c6a"),
  "linked, as a workspace's own package": (project) => {
    linkEach(direct, join(project, "node_modules"));
    link(repository, join(project, "node_modules", "pulumi-formations"));
  },
};

/** What another layout's run of the first program left. */
let left: DeploymentState;
/** For what several tests use. */
let scratch: string;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "formations-layouts-"));
  const akkeris = new AkkerisSimulator();
  await akkeris.start();
  for (const name of ["kept", "scaled", "gone"]) akkeris.addApp(`shop-${name}`);
  const program = `import { AppFormation } from "pulumi-formations";\n${first}`;
  const workspace = await createWorkspace({ program, config: configOf(accessTo(akkeris)) });
  await workspace.up();
  left = await workspace.exportState();
  await workspace.dispose();
  await akkeris.close();
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A stack that has run in another layout, in a folder with these files. */
async function start(files: Record<string, string>, layout: Layout = hoisted) {
  const akkeris = await startAkkeris("shop-made");
  for (const name of ["kept", "scaled", "gone"]) {
    akkeris.addApp(`shop-${name}`);
    akkeris.addFormation(`shop-${name}`, { type: "web", size: "gp1", quantity: 1 });
  }
  await compiledClone();
  const config = configOf(accessTo(akkeris));
  const workspace = await createWorkspace({ program: "", config, package: "none" });
  onTestFinished(() => workspace.dispose());
  await workspace.importState(left);
  rmSync(join(workspace.project, "node_modules"), { recursive: true });
  layout(workspace.project, await packedPackage());
  for (const [path, text] of Object.entries(files)) await workspace.writeFile(path, text);
  return workspace;
}

/** Creates, keeps, updates and deletes in one run, and looks at what is in the state then. */
async function expectPlainState(workspace: Workspace): Promise<void> {
  expect((await workspace.up()).changes).toEqual({ create: 1, same: 1, update: 1, delete: 1 });
  const state = await workspace.exportState();
  for (const name of ["kept", "scaled", "made"]) {
    const { inputs, outputs } = resourceNamed(state, name);
    expect(inputs?.__provider).toBe(providerText("app-formation"));
    expect(outputs?.__provider).toBe(providerText("app-formation"));
    for (const folder of [dirname(workspace.project), repository]) {
      expect(JSON.stringify([inputs, outputs])).not.toContain(folder);
    }
  }
}

test.each(Object.entries(layouts))("a package that is %s", async (_, layout) => {
  await expectPlainState(await start({ "index.js": commonJs }, layout));
});

const module = JSON.stringify({ name: "scenario", main: "index.js", type: "module" });

test("an ES module", async () => {
  await expectPlainState(await start({ "index.js": esm, "package.json": module }));
});

const kinds = ["commonjs", "module"] as const;

describe("TypeScript that tsc builds", () => {
  let folder: string;

  /** Both kinds in one run. */
  beforeAll(async () => {
    folder = join(scratch, "tsc");
    linkEach([...new Set([...direct, ...dependencies])], join(folder, "node_modules"));
    link(await packedPackage(), join(folder, "node_modules", "pulumi-formations"));
    for (const type of kinds) {
      mkdirSync(join(folder, "src", type), { recursive: true });
      writeFileSync(join(folder, "src", type, "index.ts"), esm);
      writeFileSync(join(folder, "src", type, "package.json"), JSON.stringify({ type }));
    }
    const compilerOptions = {
      ...{ module: "nodenext", target: "es2022", strict: true },
      ...{ outDir: "dist", rootDir: "src" },
    };
    const settings = { compilerOptions, include: ["src"] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
    const compiler = join(installed, "typescript", "bin", "tsc");
    const built = spawnSync(process.execPath, [compiler], { cwd: folder });
    expect(String(built.stdout)).toBe("");
  });

  test.each(kinds)("as %s", async (type) => {
    const built = readFileSync(join(folder, "dist", type, "index.js"), "utf8");
    const program = JSON.stringify({ name: "scenario", main: "dist/index.js", type });
    await expectPlainState(await start({ "dist/index.js": built, "package.json": program }));
  });
});

test("TypeScript that Pulumi runs", async () => {
  const runtime = { name: "nodejs", options: { typescript: true } };
  await expectPlainState(
    await start({
      "index.ts": esm,
      "package.json": JSON.stringify({ name: "scenario", main: "index.ts" }),
      "tsconfig.json": JSON.stringify({
        compilerOptions: { module: "nodenext", target: "es2022", strict: true },
        files: ["index.ts"],
      }),
      "Pulumi.yaml": JSON.stringify({ name: "scenario", runtime }),
    }),
  );
});

/** Bundles the program, with all that is not external. */
async function bundle(workspace: Workspace, external: string[]): Promise<void> {
  await workspace.writeFile("src/index.js", commonJs);
  await build({
    absWorkingDir: workspace.project,
    entryPoints: ["src/index.js"],
    outfile: join(workspace.project, "index.js"),
    bundle: true,
    platform: "node",
    external,
    logLevel: "silent",
  });
}

test("a bundle that leaves the package external", async () => {
  const workspace = await start({});
  await bundle(workspace, ["@pulumi/pulumi", "pulumi-formations"]);
  await expectPlainState(workspace);
});

test("a bundle with the package in it, which is installed too", async () => {
  const workspace = await start({});
  await bundle(workspace, ["@pulumi/pulumi"]);
  await expectPlainState(workspace);
});

test("a bundle with the package in it and none installed says that it must be external", async () => {
  const workspace = await start({});
  await bundle(workspace, ["@pulumi/pulumi"]);
  rmSync(join(workspace.project, "node_modules", "pulumi-formations"), { recursive: true });

  const preview = await workspace.preview({ expectFailure: true });

  expect(told(preview)).toContain(
    "Leave the package external (esbuild: `--external:pulumi-formations",
  );
  expect(preview.stdout + preview.stderr).not.toMatch(/^\s+at /m);
});

/** A package manager, and how it installs from a registry into a folder that is empty otherwise. */
interface Manager {
  /** Its script in node_modules. Default: npm's own command, which comes with Node.js. */
  script?: string;
  args(registry: string, cache: string): string[];
  files?(registry: string): Record<string, string>;
}

const yarnSettings = (registry: string) =>
  [
    "nodeLinker: node-modules",
    `npmRegistryServer: "${registry}"`,
    "unsafeHttpWhitelist: [127.0.0.1]",
    "enableGlobalCache: false",
    "enableTelemetry: false",
    "enableScripts: false",
    // Where CI is set, Yarn would refuse to write the lockfile, which is new here.
    "enableImmutableInstalls: false",
  ].join("\n");

const npm: Manager = {
  args: (registry, cache) => [
    "install",
    "--ignore-scripts",
    "--no-audit",
    "--prefer-offline",
    "--registry",
    registry,
    "--cache",
    cache,
  ],
};

const managers: Record<string, Manager> = {
  npm,
  "npm, isolated": {
    args: (...places) => [...npm.args(...places), "--install-strategy=linked"],
  },
  pnpm: {
    script: "pnpm/bin/pnpm.cjs",
    args: (registry, cache) => [
      "install",
      "--ignore-scripts",
      `--registry=${registry}`,
      `--store-dir=${cache}`,
    ],
  },
  "Yarn classic": {
    script: "yarn/bin/yarn.js",
    args: (registry, cache) => [
      "install",
      "--ignore-scripts",
      "--registry",
      registry,
      "--cache-folder",
      cache,
    ],
  },
  "Yarn berry": {
    script: "@yarnpkg/cli-dist/bin/yarn.js",
    args: () => ["install"],
    files: (registry) => ({ ".yarnrc.yml": yarnSettings(registry), "yarn.lock": "" }),
  },
};

const manifest = {
  name: "scenario",
  version: "1.0.0",
  main: "index.js",
  dependencies: Object.fromEntries(
    ["pulumi-formations", "@pulumi/pulumi"].map((name) => [name, "*"]),
  ),
};

let registry: Registry;

beforeAll(async () => {
  registry = await startRegistry();
});

afterAll(() => registry?.close());

/** Installs in a folder. */
async function install({ script, args, files }: Manager, folder: string): Promise<void> {
  for (const [path, text] of Object.entries(files?.(registry.url) ?? {})) {
    writeFileSync(join(folder, path), text);
  }
  // npm, which installs several times, takes packages from its cache then.
  const own = args(registry.url, join(scratch, basename(script ?? "npm")));
  const [command, all] = script
    ? [process.execPath, [join(repository, "node_modules", script), ...own]]
    : ["npm", own];
  const child = spawn(command, all, {
    cwd: folder,
    env: { ...process.env, HOME: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (bytes: Buffer) => {
      output += bytes;
    });
  }
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${script ?? command} failed: ${output}`);
}

test.each(Object.entries(managers))("a package that is installed by %s", async (_, manager) => {
  const files = { "index.js": commonJs, "package.json": JSON.stringify(manifest) };
  const workspace = await start(files, () => {});
  await install(manager, workspace.project);
  expect(existsSync(join(workspace.project, "node_modules", "pulumi-formations"))).toBe(true);
  await expectPlainState(workspace);
});

test("a package that is installed by npm for a workspace", async () => {
  const files = { "index.js": commonJs, "package.json": JSON.stringify(manifest) };
  const workspace = await start(files, () => {});
  const root = dirname(workspace.project);
  const shared = { name: "root", private: true, workspaces: ["project"] };
  writeFileSync(join(root, "package.json"), JSON.stringify(shared));
  await install(npm, root);
  expect(existsSync(join(root, "node_modules", "pulumi-formations"))).toBe(true);
  expect(existsSync(join(workspace.project, "node_modules"))).toBe(false);
  await expectPlainState(workspace);
});
