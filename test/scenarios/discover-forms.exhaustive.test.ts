import { expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import type { ImportFile } from "../../cli/discover/output/import-file.ts";
import { environmentVariable } from "../../provider/resource/config.ts";
import { formations } from "../engine/formations.ts";
import { addAppFormation, emptyFleet, smallFleet } from "../support/fleet.ts";
import { discover, fileOf, importAndDeclare, importFile, runImport } from "./discover-support.ts";
import { configOf, told } from "./support.ts";
import { reference, yamlProject, yamlStack } from "./yaml.ts";

test("the form for older engines: they read each resource, and a secret's value is stored once more", async () => {
  const fleet = await smallFleet();
  const { workspace } = await yamlStack({}, configOf(fleet.config));
  const done = await discover(workspace, fleet, "--import", "fleet.json", "--read");
  expect(done.code, done.stdout + done.stderr).toBe(0);
  fleet.forget();

  await importAndDeclare(workspace, [JSON.parse(fileOf(workspace, "fleet.json"))]);

  expect(fleet.citus.count("GET")).toBeGreaterThan(0);
  const preview = await workspace.preview();
  expect(preview.changes, told(preview)).toEqual({ same: 3, update: 1 });
  const changed = preview.steps.filter(({ op }) => op === "update").map(({ name }) => name);
  expect(changed).toEqual(["openai.api_key"]);
});

test("another account comes into the stack with an explicit provider: declared by the file, later the stack's own", async () => {
  const own = await emptyFleet();
  const other = await emptyFleet();
  other.akkeris.token = "another-account-5e1f";
  other.akkeris.addApp("shop-eu");
  addAppFormation(other, "shop-eu", { type: "worker", command: "node worker.js" });
  const { workspace } = await yamlStack({}, configOf(own.config));
  const access = {
    [environmentVariable("akkerisUrl")]: other.akkeris.url,
    [environmentVariable("akkerisToken")]: other.akkeris.token,
  };
  const there = { project: workspace.project, env: { ...workspace.env, ...access } };
  const args = ["--system", "akkeris", "--provider", "eu", "--import", "import.json"];

  const done = await formations(there, "discover", ...args);
  expect(done.code, done.stdout + done.stderr).toBe(0);
  expect(done.stdout).toContain("pulumi import --file import.json --generate-code=false");
  const first: ImportFile = JSON.parse(fileOf(workspace, "import.json"));
  const imported = await runImport(workspace, "--generate-code=false", "--protect=false");
  expect(imported.code, imported.stdout + imported.stderr).toBe(0);
  const account = {
    type: "pulumi:providers:formations",
    properties: {
      akkerisUrl: other.akkeris.url,
      akkerisToken: { "fn::secret": other.akkeris.token },
    },
  };
  const [, worker] = first.resources;
  if (!worker) throw new Error("there is a worker");
  const { type, logicalName, inputs = {} } = worker;
  const options = { provider: reference("eu") };
  const program = { eu: account, [logicalName]: { type, properties: inputs, options } };
  await workspace.writeFile("Pulumi.yaml", await yamlProject(program));
  const preview = await workspace.preview();

  expect(preview.changes, told(preview)).toEqual({ same: 1 });
  const state = await workspace.exportState();
  expect(resourceNamed(state, "shop-eu-worker").provider).toContain("::eu::");
  expect(JSON.stringify(state)).not.toContain(other.akkeris.token);
  expect(own.akkeris.requests).toEqual([]);

  // The stack has the provider now: its account is found, and the engine writes the program.
  addAppFormation(other, "shop-eu", { type: "cron", command: "node cron.js" });
  const again = ["--stack", "test", "--system", "akkeris", "--import", "more.json"];
  const more = await formations(workspace, "discover", ...again);
  expect(more.code, more.stdout + more.stderr).toBe(0);
  const file: ImportFile = JSON.parse(fileOf(workspace, "more.json"));
  expect(Object.keys(file.nameTable ?? {})).toEqual(["eu"]);
  const { resources } = await importFile(workspace, file);
  expect(resources).toMatchObject({ shopEuCron: { options: { provider: reference("eu") } } });
  await workspace.writeFile("Pulumi.yaml", await yamlProject({ ...program, ...resources }));
  const next = await workspace.preview();
  expect(next.changes, told(next)).toEqual({ same: 2 });
});
