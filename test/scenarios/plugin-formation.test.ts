import { expect, test } from "vitest";
import { resourceNamed } from "../engine/state.ts";
import { CitusSimulator } from "../simulators/citus.ts";
import { running } from "../simulators/kit/testing.ts";
import { args, living } from "./formation-support.ts";
import { opsOf, told } from "./support.ts";
import { reference, yamlStack } from "./yaml.ts";

const type = "formations:index:Formation";

async function stack(properties = {}) {
  const citus = await running(
    new CitusSimulator({ speed: 5000, requestsPerMinute: Number.POSITIVE_INFINITY }),
  );
  const config = {
    "formations:citusUrl": citus.url,
    "formations:citusToken": { secret: citus.token },
    "formations:citusRequestsPerMinute": "6000",
  };
  const declared = { it: { type, properties: { ...args, ...properties } } };
  return { citus, ...(await yamlStack(declared, config, { url: reference("it.databaseUrl") })) };
}

test("a YAML program creates, keeps, refreshes, imports and destroys a formation", async () => {
  const { citus, workspace, declare } = await stack();

  const preview = await workspace.preview();
  expect(preview.changes).toEqual({ create: 1 });
  expect(citus.requests).toEqual([]);

  await workspace.up();
  const { id, name, database_url } = living(citus);
  const { password } = new URL(database_url);
  const state = await workspace.exportState();
  expect(JSON.stringify(state)).not.toContain(password);
  expect(JSON.stringify(state)).not.toContain(citus.token);
  expect(resourceNamed(state, "it")).toMatchObject({ id, type, inputs: { ...args, name } });

  const again = await workspace.preview();
  expect(again.changes).toEqual({ same: 1 });
  expect(told(again)).toBe("");
  const refreshed = await workspace.refresh();
  expect(refreshed.changes).toEqual({ same: 1 });

  await declare({ it: { type, properties: { ...args, workerCount: 4 } } });
  const changed = await workspace.preview();
  expect(opsOf(changed)).toEqual(["create-replacement it", "replace it", "delete-replaced it"]);
  expect(changed.steps[0]?.detailedDiff).toEqual({ workerCount: "update-replace" });
  expect(told(changed)).toContain("warning: workerCount: the new formation starts EMPTY");
  await workspace.up();
  const replacement = living(citus);
  expect(replacement.id).not.toBe(id);

  await workspace.pulumi(["state", "delete", "--all", "--yes"]);
  const imported = await workspace.pulumi([
    "import",
    type,
    "it",
    replacement.id,
    "--yes",
    "--protect=false",
    "--generate-code=false",
  ]);
  expect(imported.code, imported.stdout + imported.stderr).toBe(0);
  const afterImport = await workspace.preview();
  expect(afterImport.changes, told(afterImport)).toEqual({ same: 1 });

  await workspace.destroy();
  expect(citus.formations.get(replacement.id)?.state).toBe("archived");
});

test("a predecessor that could not be deleted is in no way of the next replacement of its name", async () => {
  const named = (workerCount: number) => ({
    it: { type, properties: { ...args, name: "events", workerCount } },
  });
  const { citus, workspace, declare } = await stack({ name: "events" });
  await workspace.up();
  await declare(named(3));
  citus.order({ method: "DELETE", kind: { type: "status", status: 403 } });
  await workspace.up({ expectFailure: true });

  await declare(named(4));
  const replaced = await workspace.up();

  expect(replaced.changes, told(replaced)).toEqual({ replace: 1 });
  expect(living(citus).tune_attributes.worker_count).toBe(4);
  expect(citus.formations.size).toBe(3);
});

test("of two formations of one name in one program one is created", async () => {
  const properties = { name: "events" };
  const { citus, workspace, declare } = await stack(properties);
  const twin = { type, properties: { ...args, ...properties } };
  await declare({ it: twin, twin });

  const refused = await workspace.up({ expectFailure: true, args: ["--continue-on-error"] });

  expect(told(refused)).toContain('This run creates another formation "events" in us-east-1');
  expect(living(citus).name).toBe("events");
});
