import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { resourceNamed, stateSchema } from "../../build/engine/state.ts";
import { repository } from "../../build/repository.ts";
import { prepareWorld } from "../support/kept-world.ts";
import { platformStack, requestsOf } from "./platform.ts";
import { told } from "./support.ts";
import { reference, yamlProject } from "./yaml.ts";

/*
 * The fixture is the state of a real stack of the plugin of version 0.1.0, exported once with its
 * secrets in plain text and never made anew: users' states are as old. It has been updated in place and
 * refreshed, and its replica was grown by autoresize.
 */

const fixture = join(repository, "test", "fixtures", "kept-plugin-state.json");
const kept = stateSchema.parse(JSON.parse(readFileSync(fixture, "utf8")));

function program({
  quantity = 2,
  storage = 200,
  schedule = "0 3 * * *",
  value = "sk-kept-40d2b7a9",
} = {}) {
  const token = (name: string) => `formations:index:${name}`;
  return yamlProject({
    events: {
      type: token("Formation"),
      properties: {
        region: "eu-central-1",
        coordinatorTune: "t2.small",
        coordinatorDiskSize: 100,
        workerTune: "t2.small",
        workerCount: 2,
        workerDiskSize: 100,
      },
    },
    reports: {
      type: token("Replica"),
      properties: {
        clusterId: "rvf73a77ozfsvcttryebfrnlem",
        planId: "hobby-2",
        storage,
        maintenanceWindowStart: 3,
      },
    },
    web: {
      type: token("AppFormation"),
      properties: { app: "shop-dev", type: "web", size: "gp1", quantity, port: 9000 },
    },
    migration: {
      type: token("AppFormation"),
      properties: {
        app: "shop-dev",
        type: "migration",
        size: "gp1",
        quantity: 1,
        oneoff: true,
        options: {
          image: "registry.example.com/shop-migrations:1.4.0",
          env: { EVENTS_URL: reference("events.databaseUrl") },
        },
      },
      options: { dependsOn: [reference("web")] },
    },
    nightly: {
      type: token("AntflyBackupSchedule"),
      properties: { location: "s3://example-backups/kept", connection: "backups", schedule },
    },
    token: { type: token("AntflySecret"), properties: { key: "openai.api_key", value } },
  });
}

async function keptStack() {
  const stack = await platformStack("test", {
    program: "",
    files: { "Pulumi.yaml": await program() },
    package: "none",
    // The state was kept with this one.
    passphrase: "simulated",
  });
  await stack.workspace.importState(kept);
  prepareWorld(stack.platform, kept);
  const { antfly } = stack.platform;
  const now = antfly.clock.now();
  const stored = { value: "sk-kept-40d2b7a9", createdAt: now, updatedAt: now };
  antfly.secrets.set("openai.api_key", stored);
  return stack;
}

test("a kept state of the plugin previews and refreshes with no change", async () => {
  const { platform, workspace } = await keptStack();

  const preview = await workspace.preview();
  expect(preview.changes, told(preview)).toEqual({ same: 6 });
  expect(requestsOf(platform)).toEqual([]);
  const refreshed = await workspace.refresh();

  expect(refreshed.changes).toEqual({ same: 6 });
  expect(refreshed.steps.flatMap(({ diffKeys }) => diffKeys)).toEqual([]);
  expect((await workspace.preview()).changes).toEqual({ same: 6 });
});

test("a kept state of the plugin is updated in place and destroyed", async () => {
  const { platform, workspace } = await keptStack();
  const asked = { quantity: 3, storage: 300, schedule: "0 4 * * *", value: "sk-changed-1f07" };
  await workspace.writeFile("Pulumi.yaml", await program(asked));

  expect((await workspace.up()).changes).toEqual({ update: 4, same: 2 });
  expect(platform.akkeris.formation("shop-dev", "web")?.quantity).toBe(3);
  const { id = "" } = resourceNamed(kept, "reports");
  expect(platform.crunchyBridge.clusters.get(id)?.storage).toBe(300);
  expect(platform.antfly.secrets.get("openai.api_key")?.value).toBe(asked.value);

  expect((await workspace.destroy()).changes).toEqual({ delete: 6 });
  expect(platform.akkeris.formations("shop-dev")).toEqual([]);
  expect(platform.antfly.secrets.size).toBe(0);
});
