import { isDeepStrictEqual } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { type DeploymentState, logicalName } from "../../build/engine/state.ts";
import { createWorkspace } from "../../build/engine/workspace.ts";
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
import { configOf, recover, told } from "./support.ts";
import { yamlProject, yamlStack } from "./yaml.ts";

const all = 12 + 8 + 40 + 6;

/** A discovery: a list and 12 details; teams and a page; apps and a list each; the version and the secrets. */
const leastRequests = 1 + 12 + (1 + 1) + (1 + 9) + (1 + 1);

/** The outputs that a state has, by the resources' names. */
function outputsOf({ deployment }: DeploymentState): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    deployment.resources.map(({ urn, outputs = {} }) => [logicalName(urn), outputs]),
  );
}

/** The outputs that differ in any resource. */
function differing(
  before: ReturnType<typeof outputsOf>,
  after: ReturnType<typeof outputsOf>,
): Set<string> {
  const all = Object.entries(after).flatMap(([name, outputs]) => {
    const known = before[name] ?? {};
    const keys = Object.keys({ ...known, ...outputs });
    return keys.filter((key) => !isDeepStrictEqual(known[key], outputs[key]));
  });
  return new Set(all);
}

/** The requests, for a failure's message. */
function sent({ systems }: Fleet): string {
  return systems
    .flatMap(({ requests }) => requests.map(({ method, path }) => `${method} ${path}`))
    .join("\n");
}

/** The file that a discovery of a fleet writes, with the fewest requests. */
async function discovered(workspace: Parameters<typeof discover>[0], fleet: Fleet) {
  fleet.forget();
  const done = await discover(workspace, fleet, "--import", "fleet.json");
  expect(done.code, done.stdout + done.stderr).toBe(0);
  expect(fleet.requests(), sent(fleet)).toBe(leastRequests);
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
  const before = outputsOf(await workspace.exportState({ showSecrets: true }));
  const refresh = await workspace.refresh();
  expect(refresh.changes, told(refresh)).toEqual({ same: all });
  const after = outputsOf(await workspace.exportState({ showSecrets: true }));
  // The list's nested form of a replica has no host.
  expect(differing(before, after)).toEqual(new Set(["host"]));
  expect((await workspace.preview()).changes).toEqual({ same: all });
});

test("plugin: an import that is killed in the middle is run again: nothing twice, nothing lost", async () => {
  const fleet = await largeFleet();
  const { workspace } = await yamlStack({}, configOf(fleet.config));
  const file = await discovered(workspace, fleet);

  expect(await killedImport(workspace, file)).toBe(true);

  const cancel = () => workspace.pulumi(["cancel", "--yes"]);
  if (/\bEOF\b/.test((await cancel()).stderr)) {
    // The kill truncated the small file beside the state.
    await recover(workspace, "--yes", "--no-preview");
    expect((await cancel()).code).toBe(0);
  }
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
  const config = configOf(fleet.config);
  // The compiler checks the program.
  const workspace = await createWorkspace({ program: "", config, form: "checked" });
  onTestFinished(() => workspace.dispose());
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
