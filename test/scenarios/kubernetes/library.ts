import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeOnce, userCacheDirectory } from "../../../build/engine/cache.ts";
import { runDirectoryVariable } from "../../../build/engine/environment.ts";
import { repository } from "../../../build/repository.ts";
import { unpackFromNpm } from "../../support/npm-archive.ts";

/** The version of `@pulumi/kubernetes` that the examples run with. */
export const libraryVersion = "4.34.2";

const archive = {
  spec: `@pulumi/kubernetes@${libraryVersion}`,
  sha512:
    "OcIe8OUwivkEngmjinrmke54INbJ0L6u/CWm8mLh6F7pmIDXyHGTM8PzcZsg5QbSm24HnNUHLl2tEUoOBxDo3w==",
};

/** What only its charts, paths and YAML files use: it loads them at its start. */
const unused = ["glob", "shell-quote"];

/**
 * The library `@pulumi/kubernetes`, loaded once per user (24 MB), and laid out once per test run beside
 * this clone's `@pulumi/pulumi`. The clone does not depend on it: otherwise, if somebody named the clone as a
 * plugin, Pulumi would download the plugin for Kubernetes too.
 *
 * @returns its folder
 * @throws Error with npm's words if it can't be loaded
 */
export async function kubernetesLibrary(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const loaded = join(userCacheDirectory(env), `pulumi-kubernetes-${libraryVersion}`);
  await makeOnce(loaded, (temporary) => unpackFromNpm(archive, temporary, env));
  const shared = join(env[runDirectoryVariable] ?? tmpdir(), `kubernetes-${libraryVersion}`);
  const scope = join("node_modules", "@pulumi");
  await makeOnce(shared, async (temporary) => {
    await cp(loaded, join(temporary, scope, "kubernetes"), { recursive: true });
    const sdk = join(scope, "pulumi");
    await symlink(join(repository, sdk), join(temporary, sdk), "junction");
    for (const name of unused) {
      const folder = join(temporary, "node_modules", name);
      await mkdir(folder);
      await writeFile(join(folder, "index.js"), "");
    }
  });
  return join(shared, scope, "kubernetes");
}
