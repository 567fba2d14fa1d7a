import { expect, test } from "vitest";
import type { Values } from "../../provider/resource/values.ts";
import { formation, stackOf, urnOf } from "./formation-support.ts";
import type { Program } from "./lifecycle/program.ts";
import { opsOf, told } from "./support.ts";

/** Three formations. */
function three(change: Values): Program {
  const programs = ["one", "two", "three"].map((name) => formation({ ...change, name }, {}, name));
  return Object.assign({}, ...programs);
}

test("creations that start together share one list; a target leaves the others alone", async () => {
  const { citus, workspace, declare, sent } = await stackOf(three({}));
  // On a busy machine the engine takes its time from one to the next.
  citus.latency = 300;

  await workspace.up();
  expect(citus.count("GET", /\/formations\/$/)).toBe(1);
  expect(citus.count("POST")).toBe(3);
  citus.latency = 0;
  const before = [...citus.formations.values()].map(({ id, name }) => ({ id, name }));
  const two = before.find(({ name }) => name === "two");
  sent();

  await declare(three({ workerCount: 5 }));
  const targeted = await workspace.up({ args: ["--target", urnOf("two")] });

  expect(opsOf(targeted)).toEqual(["create-replacement two", "replace two", "delete-replaced two"]);
  expect(citus.count("DELETE")).toBe(1);
  expect(citus.formations.get(two?.id ?? "")?.state).toBe("archived");
  const untouched = before.filter(({ name }) => name !== "two");
  for (const { id } of untouched) expect(citus.formations.get(id)?.state).toBe("steady");
});

test("protect keeps a formation from replacement and destruction, before anything is sent", async () => {
  const { workspace, declare, sent } = await stackOf(formation({}, { protect: true }));
  await workspace.up();
  sent();

  const destroyed = await workspace.destroy({ expectFailure: true });
  expect(told(destroyed)).toContain("protected");
  await declare(formation({ workerCount: 3 }, { protect: true }));
  const replaced = await workspace.up({ expectFailure: true });
  expect(told(replaced)).toContain("marked for protection");
  expect(sent()).toEqual([]);
});

test("retainOnDelete leaves the formation to its owner, removed from the program or replaced", async () => {
  const retained = { retainOnDelete: true };
  const { citus, workspace, declare } = await stackOf(formation({}, retained));
  await workspace.up();

  await declare(formation({ workerCount: 3 }, retained));
  await workspace.up();
  await declare({});
  expect((await workspace.up()).changes).toEqual({ delete: 1 });

  expect(citus.count("DELETE")).toBe(0);
  expect([...citus.formations.values()].map(({ state }) => state)).toEqual(["steady", "steady"]);
});
