import { expect, test } from "vitest";
import { args, living } from "./formation-support.ts";
import { configOf, told } from "./support.ts";
import { accessTo, startCitus } from "./world.ts";
import { yamlStack } from "./yaml.ts";

const type = "formations:index:Formation";

async function stack(properties: object) {
  const citus = await startCitus();
  const declared = { it: { type, properties: { ...args, ...properties } } };
  return { citus, ...(await yamlStack(declared, configOf(accessTo(citus)))) };
}

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

  expect(told(refused)).toMatch(
    /(it|twin) in this program already manages formation "events" in us-east-1; /,
  );
  expect(living(citus).name).toBe("events");
});
