import { expect, test } from "vitest";
import type { ImportFile } from "../../cli/discover/output/import-file.ts";
import { type Fleet, largeFleet } from "../support/fleet.ts";
import {
  discover,
  fileOf,
  importAndDeclare,
  killedImport,
  programOf,
  runImport,
} from "./discover-support.ts";
import { startStack } from "./stack.ts";
import { configOf, recover, told } from "./support.ts";
import { yamlProject, yamlStack } from "./yaml.ts";

const all = 12 + 8 + 40 + 6;

/** The requests of a discovery: one list and 12 details, teams and a page, apps and a list each, secrets. */
const leastRequests = 1 + 12 + (1 + 1) + (1 + 9) + 1;

/** The file that a discovery of a fleet writes, with the fewest requests. */
async function discovered(workspace: Parameters<typeof discover>[0], fleet: Fleet) {
  fleet.forget();
  const done = await discover(workspace, fleet, "--import", "fleet.json");
  expect(done.code, done.stdout + done.stderr).toBe(0);
  expect(fleet.requests()).toBe(leastRequests);
  fleet.forget();
  const file: ImportFile = JSON.parse(fileOf(workspace, "fleet.json"));
  expect(file.resources).toHaveLength(all);
  return file;
}

test("plugin: a fleet is imported without a request; preview and up are empty, and a refresh sees no drift", async () => {
  const fleet = await largeFleet();
  const { workspace } = await yamlStack({}, configOf(fleet.config));
  const file = await discovered(workspace, fleet);

  await importAndDeclare(workspace, [file]);
  const preview = await workspace.preview();
  const up = await workspace.up();

  expect(preview.changes, told(preview)).toEqual({ same: all });
  expect(up.changes, told(up)).toEqual({ same: all });
  expect(fleet.requests()).toBe(0);
  const refresh = await workspace.refresh();
  console.log(
    JSON.stringify(
      refresh.steps
        .filter(({ op }) => op !== "same")
        .map(({ name, op, diffKeys, oldOutputs, newOutputs }) => ({
          name,
          op,
          diffKeys,
          oldOutputs,
          newOutputs,
        })),
      undefined,
      1,
    ),
  );
  expect(refresh.changes, told(refresh)).toEqual({ same: all });
  expect((await workspace.preview()).changes).toEqual({ same: all });
});

test("plugin: an import that is killed in the middle is run again: nothing twice, nothing lost", async () => {
  const fleet = await largeFleet();
  const { workspace } = await yamlStack({}, configOf(fleet.config));
  const file = await discovered(workspace, fleet);

  expect(await killedImport(workspace, file)).toBe(true);

  const cancelled = await workspace.pulumi(["cancel", "--yes"]);
  expect(cancelled.code, cancelled.stderr).toBe(0);
  const kept = (await workspace.exportState()).deployment.resources.length;
  console.log("kept", kept);
  await importAndDeclare(workspace, [file]);
  const preview = await workspace.preview();
  expect(preview.changes, told(preview)).toEqual({ same: all });
  expect(fleet.requests()).toBe(0);
});

test("plugin: an existing program is completed with the IDs of what exists", async () => {
  const fleet = await largeFleet();
  const { workspace } = await yamlStack({}, configOf(fleet.config));
  const { resources } = programOf(await discovered(workspace, fleet));
  await workspace.writeFile("Pulumi.yaml", await yamlProject(resources));
  const listed = await workspace.preview({ args: ["--import-file", "import.json"] });
  expect(listed.changes, told(listed)).toEqual({ create: all });
  fleet.forget();

  const done = await discover(workspace, fleet, "--complete", "import.json");

  expect(done.code, done.stdout + done.stderr).toBe(0);
  expect(done.stdout).toContain(`import.json: ${all} IDs are filled in.`);
  expect(fleet.requests()).toBe(leastRequests);
  fleet.forget();
  const imported = await runImport(workspace, "--generate-code=false", "--protect=false");
  expect(imported.code, imported.stdout + imported.stderr).toBe(0);
  const preview = await workspace.preview();
  expect(preview.changes, told(preview)).toEqual({ same: all });
  expect(fleet.requests()).toBe(0);
});

test("dynamic: a fleet is adopted from one file without a request, into the program that discover writes", async () => {
  const fleet = await largeFleet();
  const { workspace } = await startStack({}, { host: "dynamic", config: fleet.config });
  fleet.forget();
  const files = ["--typescript", "fleet.ts", "--adopt-file", "adopt.json"];
  const done = await discover(workspace, fleet, ...files);
  expect(done.code, done.stdout + done.stderr).toBe(0);
  expect(fleet.requests()).toBe(leastRequests);
  fleet.forget();
  await workspace.setProgram(fileOf(workspace, "fleet.ts"));
  const secrets = [...done.stdout.matchAll(/config set --secret (\S+)/g)].map(
    ([, key = ""]) => key,
  );
  const values = Object.values(fleet.secretValues);
  expect(secrets).toHaveLength(values.length);
  const keys = Object.keys(fleet.secretValues).toSorted();
  await workspace.setConfig(
    Object.fromEntries(
      secrets
        .toSorted()
        .map((key, at) => [
          `scenario:${key}`,
          { secret: fleet.secretValues[keys[at] ?? ""] ?? "" },
        ]),
    ),
  );

  const adopted = await recover(workspace, "--yes", "--adopt-file", "adopt.json");

  expect(adopted.code, adopted.stdout + adopted.stderr).toBe(0);
  const preview = await workspace.preview();
  expect(preview.changes, told(preview)).toEqual({ same: all });
  expect((await workspace.up()).changes).toEqual({ same: all });
  expect(fleet.requests()).toBe(0);
  const refresh = await workspace.refresh();
  expect(refresh.changes, told(refresh)).toEqual({ same: all });
});
