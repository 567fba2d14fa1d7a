import { rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { installFromNpm } from "../support/npm-archive.ts";
import { startStack } from "./stack.ts";
import { accessTo, startAkkeris } from "./world.ts";

/** The oldest SDK that the classes support (sdk/requirements.ts), with what it depended on at its release. */
const oldest = ["@pulumi/pulumi@3.150.0", "2026-04-12"] as const;

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
  const modules = await installFromNpm(...oldest);
  await symlink(join(modules, "@pulumi", "pulumi"), place, "junction");

  expect((await workspace.up()).changes).toEqual({ create: 1 });
  await declare(program(3));
  expect((await workspace.up()).changes).toEqual({ update: 1 });
  expect(akkeris.formation("shop-dev", "web")?.quantity).toBe(3);
  expect((await workspace.refresh()).changes).toEqual({ same: 1 });
  expect((await workspace.preview()).changes).toEqual({ same: 1 });
  expect((await workspace.destroy()).changes).toEqual({ delete: 1 });
});
