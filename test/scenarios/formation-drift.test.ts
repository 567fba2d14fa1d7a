import { expect, test } from "vitest";
import { resourceNamed } from "../engine/state.ts";
import { formation, living, stackOf } from "./formation-support.ts";
import { opsOf, told } from "./support.ts";

test("resized in the console it is kept, can be adopted, and a change on from there replaces", async () => {
  const { citus, workspace, declare, sent } = await stackOf(formation());
  await workspace.up();
  const { id, name } = living(citus);
  citus.resize(id, { worker_count: 4, worker_disk_size: "1024" });

  await workspace.refresh();
  const it = resourceNamed(await workspace.exportState(), "it");
  expect(it.outputs).toMatchObject({ workerCount: 4, workerDiskSize: 1024 });

  const preview = await workspace.preview();
  expect(preview.changes).toEqual({ same: 1 });
  expect(told(preview)).toContain(
    "workerCount is 4 on the server but 2 in the program, which only a replacement could undo. It is kept: put 4 into the program.",
  );
  expect(told(preview)).toContain("put 1024 into the program");
  sent();
  await workspace.up();
  expect(sent()).toEqual([]);

  await declare(formation({ workerCount: 4, workerDiskSize: 1024 }));
  const adopted = await workspace.up();
  expect(adopted.changes).toEqual({ same: 1 });
  expect(told(adopted)).toBe("");
  await workspace.refresh();
  expect((await workspace.preview()).changes).toEqual({ same: 1 });
  sent();

  // The first size again, and so the first deterministic name: its predecessor still has it.
  await declare(formation());
  const back = await workspace.up();
  expect(opsOf(back)).toEqual(["create-replacement it", "replace it", "delete-replaced it"]);
  expect(back.steps[0]?.replaceKeys.toSorted()).toEqual(["workerCount", "workerDiskSize"]);
  expect(living(citus)).toMatchObject({ name, tune_attributes: { worker_count: 2 } });
  expect(citus.formations.get(id)?.state).toBe("archived");
});

test("ignoreChanges holds on a drifted property, and on what the program then says of it", async () => {
  const options = `{ ignoreChanges: ["workerCount"] }`;
  const { citus, workspace, declare, sent } = await stackOf(formation({}, options));
  await workspace.up();
  citus.resize(living(citus).id, { worker_count: 4 });
  await workspace.refresh();
  sent();

  expect((await workspace.preview()).changes).toEqual({ same: 1 });
  await declare(formation({ workerCount: 7 }, options));
  expect((await workspace.up()).changes).toEqual({ same: 1 });
  expect(sent()).toEqual([]);
});

test.each([
  ["answered as archived", true],
  ["answered 404", false],
])(
  "archived outside of the program and %s, it is created again; destroy succeeds",
  async (...row) => {
    const [, answersArchived] = row;
    const { citus, workspace, sent } = await stackOf(formation());
    citus.answersArchived = answersArchived;
    await workspace.up();
    const { id, name } = living(citus);
    citus.archive(id);
    sent();

    const refreshed = await workspace.refresh();
    expect(opsOf(refreshed)).toEqual(["delete it"]);
    expect(sent()).toEqual([`GET /formations/${id}`]);

    await workspace.up();
    const { id: again } = living(citus);
    expect(living(citus).name).toBe(name);
    expect(sent()).toEqual([
      "GET /formations/",
      // The list may hold archived ones: what it is can only be seen on its own page.
      `GET /formations/${id}`,
      "POST /formations/",
      `GET /formations/${again}`,
    ]);

    citus.archive(again);
    const destroyed = await workspace.destroy();
    expect(destroyed.changes).toEqual({ delete: 1 });
    expect(citus.count("DELETE")).toBe(1);
  },
);
