import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { ensureEngine } from "../../build/engine/engine.ts";
import { ensureLanguageHost } from "../../build/engine/language-host.ts";
import { ensurePython } from "../../build/engine/python.ts";
import { repository } from "../../build/repository.ts";
import { startGoProxy } from "../distribution/go-proxy.ts";
import { startRegistry } from "../distribution/registry.ts";
import { succeed, writtenSdks } from "./sdks.ts";

/** What the tools of a language need on this machine, besides an engine. */
export interface Settings {
  /** Variables of the environment. */
  variables: Record<string, string>;
  /** Folders for PATH. */
  path: string[];
  /** The folder of the SDKs, for a language that needs one. */
  sdks?: string;
}

/** The settings of a language of docs/first-steps.md, so that its tools need no network. */
export const settingsOf = { TypeScript: npm, YAML: nothing, Python: pip, Go: go };

async function nothing(): Promise<Settings> {
  return { variables: {}, path: [] };
}

async function npm(): Promise<Settings> {
  const registry = await startRegistry({ forCompilers: true });
  onTestFinished(() => registry.close());
  return { variables: { npm_config_registry: registry.url }, path: [] };
}

/** pip finds what the SDK needs in the environment that was made once for this user, without an index. */
async function pip(): Promise<Settings> {
  const sdks = await writtenSdks();
  const python = await ensurePython(process.env);
  const where = ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"];
  const PYTHONPATH = (await succeed(python.interpreter, where, sdks)).trim();
  return {
    variables: { PYTHONPATH, PIP_NO_INDEX: "1", PIP_NO_BUILD_ISOLATION: "0" },
    path: await ensureLanguageHost("python", await ensureEngine(), process.env),
    sdks,
  };
}

/**
 * As the engine and its language hosts are built, so that what was compiled of them is used again; linked
 * without what only a debugger needs, which takes half of the time.
 */
const goSettings = {
  CGO_ENABLED: "0",
  GOFLAGS: "-buildvcs=false -tags=osusergo,grpcnotrace -ldflags=-w",
};

/** Go finds the modules that a test of the SDK is compiled with, and what was compiled of them. */
async function go(): Promise<Settings> {
  const sdks = await writtenSdks();
  const program = join(sdks, "..", "program");
  await cp(join(repository, "test", "fixtures", "sdks", "go"), program, { recursive: true });
  // From where this machine has its modules, unless they are in its cache already.
  await succeed("go", ["mod", "tidy"], program);
  const manifest = join(program, "go.mod");
  await askForVersions(join(sdks, "go", "go.mod"), await readFile(manifest, "utf8"));
  const [GOCACHE = "", GOMODCACHE = ""] = (
    await succeed("go", ["env", "GOCACHE", "GOMODCACHE"], program)
  ).split("\n");
  const proxy = await startGoProxy(manifest, GOMODCACHE);
  onTestFinished(() => proxy.close());
  return {
    variables: { ...goSettings, GOCACHE, GOMODCACHE, GOPROXY: proxy.url, GOSUMDB: "off" },
    path: await ensureLanguageHost("go", await ensureEngine(), process.env),
    sdks,
  };
}

/**
 * Has the SDK ask for the versions that the engine is built with, rather than for the oldest that will
 * do: those are compiled already.
 */
async function askForVersions(file: string, manifest: string): Promise<void> {
  const [head = ""] = (await readFile(file, "utf8")).split("require ");
  const requirements = manifest.slice(manifest.indexOf("require ("));
  await writeFile(
    file,
    head + requirements.replace(/^\t\S+\/pulumi-formations\/sdk\/go .*\n/m, ""),
  );
}
