import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { resourceNamed, stateSchema } from "../../build/engine/state.ts";
import type { Workspace } from "../../build/engine/workspace.ts";
import { repository } from "../../build/repository.ts";
import type { Platform } from "../../simulators/platform.ts";
import { prepareWorld } from "../support/kept-world.ts";
import { platformStack, requestsOf } from "./platform.ts";

/*
 * The fixture is the state of a real stack of version 0.1.0, exported once (without the positions of
 * its sources) and never made anew: users' states are as old. It has been updated in place, refreshed,
 * and its replica was grown by autoresize, so that each of the hidden marks is in it. What fails here
 * would fail on users: a module that moved, a mark that is not understood any more.
 */

const fixture = join(repository, "test", "fixtures", "kept-state");
const kept = stateSchema.parse(JSON.parse(readFileSync(join(fixture, "state.json"), "utf8")));

async function keptStack(): Promise<{ platform: Platform; workspace: Workspace }> {
  const stack = await platformStack("kept", {
    program: { folder: join(fixture, "project") },
    passphrase: "kept",
  });
  await stack.workspace.importState(kept);
  prepareWorld(stack.platform, await stack.workspace.exportState({ showSecrets: true }));
  return stack;
}

test("a kept state previews and refreshes with no change", async () => {
  const { platform, workspace } = await keptStack();

  expect((await workspace.preview()).changes).toEqual({ same: 5 });
  expect(requestsOf(platform)).toEqual([]);
  const refreshed = await workspace.refresh();

  expect(refreshed.changes).toEqual({ same: 5 });
  expect(refreshed.steps.flatMap(({ diffKeys }) => diffKeys)).toEqual([]);
  expect((await workspace.preview()).changes).toEqual({ same: 5 });
});

test("a kept state is updated in place, as the program of today asks", async () => {
  const { platform, workspace } = await keptStack();
  await workspace.setConfig({
    "kept:webQuantity": "3",
    "kept:storage": "300",
    "kept:schedule": "0 4 * * *",
  });

  const { changes } = await workspace.up();

  expect(changes).toEqual({ update: 3, same: 2 });
  expect(platform.akkeris.formation("shop-dev", "web")?.quantity).toBe(3);
  const { id = "" } = resourceNamed(kept, "reports");
  expect(platform.crunchyBridge.clusters.get(id)?.storage).toBe(300);
  expect((await workspace.preview()).changes).toEqual({ same: 5 });
});

test("a kept state is destroyed by the modules that it names", async () => {
  const { platform, workspace } = await keptStack();

  const { changes } = await workspace.destroy();

  expect(changes).toEqual({ delete: 5 });
  const deletions = requestsOf(platform).filter((request) => request.includes(" DELETE "));
  expect(deletions.sort()).toEqual([
    "Akkeris DELETE /apps/shop-dev/formation/migration",
    "Akkeris DELETE /apps/shop-dev/formation/web",
    `Citus Cloud DELETE /api/v1/formations/${resourceNamed(kept, "events").id}`,
    `Crunchy Bridge DELETE /clusters/${resourceNamed(kept, "reports").id}`,
  ]);
  expect([...platform.citus.formations.values()].map(({ state }) => state)).toEqual(["archived"]);
  expect(platform.akkeris.formations("shop-dev")).toEqual([]);
});
