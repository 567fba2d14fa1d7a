import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";
import { z } from "zod";

/** Whose syntax `start.js` keeps to, so that a Node.js that is too old for a plugin can say so. */
const anyNode = "node10";

/** What Pulumi's dynamic provider process has loaded already when it loads the classes' service. */
const ofThePrograms = ["@pulumi/pulumi", "@grpc/grpc-js", "google-protobuf"];

const packageSchema = z.object({ version: z.string(), license: z.string() });

const manifestSchema = z.object({
  version: z.string(),
  engines: z.object({ node: z.string().regex(/^>=\d+\.\d+$/) }),
});

/** The plugins, each with the folder of its sources and that of its bundle within `bin`. */
const plugins = [
  { sources: "provider/plugin", folder: "plugin" },
  { sources: "cli/converter", folder: "converter" },
];

/**
 * What every program and every dynamic provider process loads first, within `sdk/`. Read file by file, the
 * classes take four times as long.
 */
const entriesOfClasses = ["index", "dynamic/host"];

/** What the package has beside the simulators, so that their bundle needs it not. */
const ofThePackage = ["zod"];

/**
 * Bundles the plugins, each into a folder of its own, the classes and their service, the command with its
 * library, and the simulators that it loads. In `bin/command` it is bundled whole, for archives.
 *
 * @param root - the clone's root.
 * @param bin - where the folders go.
 * @throws Error with esbuild's messages when the sources don't compile.
 */
export async function bundleAll(root: string, bin: string): Promise<void> {
  for (const { sources, folder } of plugins) {
    await bundleStart(root, `${sources}/start.ts`, join(bin, folder), "./main");
    await bundle(root, `${sources}/main.ts`, join(bin, folder), { plugins: [onlyPools] });
  }
  await bundleClasses(root, join(bin, "sdk"));
  const service = { external: ofThePrograms, plugins: [onlyPools] };
  await bundle(root, "sdk/dynamic/service.ts", join(bin, "sdk", "dynamic"), service);
  await bundleCommand(root, join(bin, "cli"));
  await bundle(root, "simulators/index.ts", join(bin, "simulators"), { external: ofThePackage });
  await bundleStart(root, "cli/main.ts", join(bin, "command"), "./program");
  await bundle(root, "cli/program.ts", join(bin, "command"));
}

/** How all are bundled. */
function common(root: string, folder: string) {
  return {
    absWorkingDir: resolve(root),
    outdir: resolve(folder),
    bundle: true,
    minify: true,
    platform: "node",
    logLevel: "silent",
  } as const;
}

/** Bundles what an executable runs on any Node.js, and what loads the rest. */
async function bundleStart(
  root: string,
  file: string,
  folder: string,
  loaded: string,
): Promise<void> {
  const rest = { entryPoints: [file], target: anyNode, external: [loaded] };
  await build({ ...common(root, folder), ...rest });
}

/**
 * Bundles what the classes load first, to be read: their names are in the stack traces of programs, and their
 * places in states.
 */
async function bundleClasses(root: string, folder: string): Promise<void> {
  await build({
    ...common(root, folder),
    entryPoints: entriesOfClasses.map((entry) => `sdk/${entry}.ts`),
    outbase: "sdk",
    minify: false,
    // One that is too old has to be able to say so.
    target: anyNode,
    external: ofThePrograms,
    plugins: [laterApart],
  });
}

/** Leaves apart what is loaded by `require` inside a function, when it is first called. */
const laterApart: Plugin = {
  name: "later-apart",
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.{1,2}\// }, ({ path, kind }) =>
      kind === "require-call" ? { path, external: true } : undefined,
    );
  },
};

/**
 * Bundles a file into one that needs no other but the external packages. Beside it lie the licences of the
 * packages whose code is in it.
 */
async function bundle(
  root: string,
  file: string,
  folder: string,
  { external = [], plugins = [] }: { external?: string[]; plugins?: Plugin[] } = {},
): Promise<void> {
  const { version, engines } = manifestSchema.parse(readJson(join(root, "package.json")));
  const { metafile } = await build({
    ...common(root, folder),
    entryPoints: [file],
    target: engines.node.replace(">=", "node"),
    metafile: true,
    define: { bundledVersion: JSON.stringify(version) },
    external,
    plugins: [leaveOut, ...plugins],
  });
  writeFileSync(join(folder, "third-party-licenses.txt"), licences(root, packagesOf(metafile)));
}

/**
 * Puts commander into the command's compiled program. It has only modules of the newer kind, and to load
 * those from CommonJS takes half as long as Node.js' own start.
 */
async function bundleCommand(root: string, folder: string): Promise<void> {
  const { metafile } = await build({
    ...common(root, folder),
    entryPoints: ["cli/program.ts"],
    format: "cjs",
    supported: { "dynamic-import": false },
    metafile: true,
    plugins: [packagesOnly],
  });
  writeFileSync(join(folder, "third-party-licenses.txt"), licences(root, packagesOf(metafile)));
}

/** Leaves the project's own files where they are. */
const packagesOnly: Plugin = {
  name: "packages-only",
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.{1,2}\// }, ({ path, kind, importer }) =>
      kind === "entry-point" || importer.includes("node_modules")
        ? undefined
        : { path, external: true },
    );
  },
};

/**
 * A fifth of the code would never run: zod's languages other than English, and the loader of .proto
 * files, which the gRPC library has for a diagnostic service that no plugin serves.
 */
const leaveOut: Plugin = {
  name: "leave-out",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /\/locales\/index\.(c?js)$|^@grpc\/proto-loader$/ }, ({ path }) => ({
      path,
      namespace: "left-out",
    }));
    onLoad({ filter: /./, namespace: "left-out" }, () => ({ contents: "" }));
  },
};

/**
 * Of undici, the provider uses these alone (provider/http/pool.ts). The whole of it has a browser's fetch,
 * caches and sockets too, which take most of the time that a process needs to load it.
 */
const pools: Readonly<Record<string, string>> = {
  Agent: "agent",
  EnvHttpProxyAgent: "env-http-proxy-agent",
  Pool: "pool",
};

const onlyPools: Plugin = {
  name: "only-pools",
  setup: ({ onResolve, onLoad, initialOptions }) => {
    onResolve({ filter: /^undici$/ }, ({ path }) => ({ path, namespace: "only-pools" }));
    onLoad({ filter: /./, namespace: "only-pools" }, () => ({
      contents: Object.entries(pools)
        .map(([name, file]) => `exports.${name} = require("undici/lib/dispatcher/${file}");`)
        .join("\n"),
      resolveDir: initialOptions.absWorkingDir,
    }));
  },
};

/** The npm packages whose code is in a bundle. */
function packagesOf({ inputs }: Metafile): string[] {
  const names = Object.keys(inputs).flatMap(
    (path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  );
  return [...new Set(names)].sort();
}

function licences(root: string, packages: readonly string[]): string {
  return packages
    .map((name) => {
      const folder = join(root, "node_modules", name);
      const { version, license } = packageSchema.parse(readJson(join(folder, "package.json")));
      const files = globSync("{LICENSE,LICENCE,license,licence}*", { cwd: folder }).sort();
      const texts = files.map((file) => readFileSync(join(folder, file), "utf8").trim());
      return [`${name} ${version} (${license})`, ...texts].join("\n\n");
    })
    .join(`\n\n${"-".repeat(80)}\n\n`);
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
