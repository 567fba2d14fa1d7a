import { expect, test } from "vitest";
import type { Workspace } from "../../build/engine/workspace.ts";
import { platformStack, requestsOf } from "./platform.ts";

/** The text by which the state refers to a resource's provider, of each of the program's resources. */
async function providers(workspace: Workspace): Promise<string[]> {
  const { deployment } = await workspace.exportState();
  const resources = deployment.resources.filter(({ type }) => type.includes("dynamic/formations:"));
  return resources.map(({ outputs = {} }) => String(outputs.__provider));
}

test("an installed package is referred to in at most 500 bytes a resource", async () => {
  const { workspace } = await platformStack("dev", { package: "packed" });

  await workspace.up();

  const texts = await providers(workspace);
  expect(texts).toHaveLength(6);
  expect(texts.filter((text) => Buffer.byteLength(text) > 500)).toEqual([]);
  expect(texts.filter((text) => !text.includes("pulumi-formations/bin/sdk/dynamic/"))).toEqual([]);
});

test("a linked package is referred to in the same way, and creates, updates, keeps and destroys", async () => {
  const { platform, workspace } = await platformStack("dev", { package: "linked" });

  expect((await workspace.up()).changes).toEqual({ create: 6 });
  const texts = await providers(workspace);
  expect(texts.filter((text) => !text.includes("pulumi-formations/bin/sdk/dynamic/"))).toEqual([]);
  expect(texts.filter((text) => Buffer.byteLength(text) > 500)).toEqual([]);

  await workspace.setConfig({ "platform:app": appWith(3) });
  expect((await workspace.up()).changes).toEqual({ update: 1, same: 5 });
  expect(platform.akkeris.formation("shop-dev", "web")?.quantity).toBe(3);

  requestsOf(platform);
  expect((await workspace.up()).changes).toEqual({ same: 6 });
  expect(requestsOf(platform)).toEqual([]);

  expect((await workspace.refresh()).changes).toEqual({ same: 6 });
  expect((await workspace.destroy()).changes).toEqual({ delete: 6 });
  expect(platform.akkeris.formations("shop-dev")).toEqual([]);
});

/** The example's app with that many instances of `web`. */
function appWith(webQuantity: number): string {
  const app = { name: "shop-dev", size: "gp1", webQuantity, workerQuantity: 1, autoscaled: false };
  return JSON.stringify(app);
}
