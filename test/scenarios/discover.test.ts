import { expect, test } from "vitest";
import type { ImportFile } from "../../cli/discover/output/import-file.ts";
import { smallFleet } from "../support/fleet.ts";
import { discover, fileOf, importAndDeclare } from "./discover-support.ts";
import { startStack } from "./stack.ts";
import { configOf, recover, told } from "./support.ts";
import { yamlStack } from "./yaml.ts";

test("plugin: what discover finds is imported without a request, and the preview of the generated program is empty", async () => {
  const fleet = await smallFleet();
  const { workspace } = await yamlStack({}, configOf(fleet.config));

  const done = await discover(workspace, fleet, "--import", "fleet.json");

  expect(done.code, done.stdout + done.stderr).toBe(0);
  fleet.forget();
  const file: ImportFile = JSON.parse(fileOf(workspace, "fleet.json"));
  await importAndDeclare(workspace, [file]);
  const preview = await workspace.preview();
  expect(preview.changes, told(preview)).toEqual({ same: 4 });
  expect(fleet.requests()).toBe(0);
  const state = JSON.stringify(await workspace.exportState());
  expect(state).not.toContain(fleet.secretValues["openai.api_key"]);
  expect(state).not.toContain("postgres://");
});

test("dynamic: one file adopts what discover finds into the program that it writes, without a request", async () => {
  const fleet = await smallFleet();
  const { workspace } = await startStack({}, { host: "dynamic", config: fleet.config });

  const done = await discover(
    workspace,
    fleet,
    "--typescript",
    "fleet.ts",
    "--adopt-file",
    "adopt.json",
  );

  expect(done.code, done.stdout + done.stderr).toBe(0);
  fleet.forget();
  await workspace.setProgram(fileOf(workspace, "fleet.ts"));
  await workspace.setConfig({
    "scenario:openaiApiKey": { secret: fleet.secretValues["openai.api_key"] ?? "" },
  });
  const adopted = await recover(workspace, "--yes", "--adopt-file", "adopt.json");
  expect(adopted.code, adopted.stdout + adopted.stderr).toBe(0);
  const preview = await workspace.preview();
  expect(preview.changes, told(preview)).toEqual({ same: 4 });
  expect(fleet.requests()).toBe(0);
  const state = JSON.stringify(await workspace.exportState());
  expect(state).not.toContain(fleet.secretValues["openai.api_key"]);
  expect(state).not.toContain("postgres://");
});
