import { rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeOnce, userCacheDirectory } from "../../build/engine/cache.ts";
import { runCommand, tail } from "../../build/engine/process.ts";
import { startStack } from "./stack.ts";
import { accessTo, startAkkeris } from "./world.ts";

/** The oldest SDK that the classes support (sdk/requirements.ts), and the day after its release. */
const oldest = { version: "3.150.0", before: "2026-04-12" };

/** Installs the SDK with what it depended on when it was released, once per user: 106 MB. */
async function oldestSdk(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const folder = join(userCacheDirectory(env), `pulumi-sdk-${oldest.version}`);
  await makeOnce(folder, async (temporary) => {
    const what = [`@pulumi/pulumi@${oldest.version}`, `--before=${oldest.before}`];
    const flags = [
      "--ignore-scripts",
      "--no-audit",
      "--no-save",
      "--omit=peer",
      "--loglevel=error",
    ];
    const args = ["install", ...what, ...flags, "--prefix", temporary];
    const result = await runCommand("npm", args, { cwd: temporary, env, timeoutMs: 5 * 60_000 });
    if (result.code !== 0) throw new Error(tail(result.stderr, 3));
  });
  return join(folder, "node_modules", "@pulumi", "pulumi");
}

test("a program with the oldest @pulumi/pulumi creates, updates, refreshes and deletes", async () => {
  const akkeris = await startAkkeris("shop-dev");
  const program = (quantity: number) => ({
    web: {
      type: "AppFormation",
      properties: { app: "shop-dev", type: "web", size: "gp1", quantity },
    },
  });
  const { workspace, declare } = await startStack(program(1), {
    host: "dynamic",
    config: accessTo(akkeris),
  });
  const place = join(workspace.project, "node_modules", "@pulumi", "pulumi");
  await rm(place);
  await symlink(await oldestSdk(), place, "junction");

  expect((await workspace.up()).changes).toEqual({ create: 1 });
  await declare(program(3));
  expect((await workspace.up()).changes).toEqual({ update: 1 });
  expect(akkeris.formation("shop-dev", "web")?.quantity).toBe(3);
  expect((await workspace.refresh()).changes).toEqual({ same: 1 });
  expect((await workspace.preview()).changes).toEqual({ same: 1 });
  expect((await workspace.destroy()).changes).toEqual({ delete: 1 });
});
