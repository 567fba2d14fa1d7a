import { expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import { args, formation, living, programOf, stackOf, urnOf } from "./formation-support.ts";
import { opsOf, told } from "./support.ts";

const urn = urnOf("it");

test("a name that the program doesn't give is the same in each run, kept, and another after a replacement", async () => {
  const { citus, workspace, declare, sent } = await stackOf(formation());

  const previewed = await workspace.preview();
  await workspace.up();
  const { name } = living(citus);
  expect(name).toMatch(/^it-[0-9a-f]{7}$/);
  expect(previewed.steps[0]?.newInputs.name).toBe(name);
  sent();

  await declare(formation({ workerCount: "2", workerDiskSize: "512" }));
  expect((await workspace.up()).changes).toEqual({ same: 1 });
  await declare(formation({}, { aliases: [urn] }, "orders"));
  expect((await workspace.up()).changes).toEqual({ same: 1 });
  expect(sent()).toEqual([]);
  const renamed = resourceNamed(await workspace.exportState(), "orders");
  expect(renamed).toMatchObject({ inputs: { name }, outputs: { name } });

  await declare(formation({ workerCount: 3 }, {}, "orders"));
  await workspace.up();
  const { name: second } = living(citus);
  await declare(formation({ workerCount: 4 }, {}, "orders"));
  await workspace.up();
  const { name: third } = living(citus);
  expect([second, third]).toEqual(Array(2).fill(expect.stringMatching(/^orders-[0-9a-f]{7}$/)));
  expect(third).not.toBe(second);
});

test("a name that turns out to be none is made as where none is given, and kept", async () => {
  const open = `name: pulumi.output(undefined as string | undefined)`;
  const program = (workerCount: number, name = open) =>
    `new Formation("it", { ...${JSON.stringify({ ...args, workerCount })}, ${name} });`;
  const { citus, workspace, declare } = await programOf(program(2, ""));
  await workspace.up();
  const { id, name } = living(citus);

  await declare(program(2));
  expect((await workspace.up()).changes).toEqual({ same: 1 });
  expect(resourceNamed(await workspace.exportState(), "it")).toMatchObject({
    id,
    inputs: { name },
  });

  await declare(program(3));
  await workspace.up();
  expect(living(citus).name).toMatch(/^it-[0-9a-f]{7}$/);
  expect(living(citus).name).not.toBe(name);
});

test("an explicit name is kept by a replacement, new first, and by its removal from the program", async () => {
  const { citus, workspace, declare, sent } = await stackOf(formation({ name: "events" }));
  await workspace.up();
  const { id: old } = living(citus);
  await declare(formation({ name: "events", workerCount: 3 }));
  sent();

  // As a user runs it: the preview is another process than the update that creates.
  const replaced = await workspace.up({ withPreview: true });
  expect(opsOf(replaced)).toEqual(["create-replacement it", "replace it", "delete-replaced it"]);
  const { id, name } = living(citus);
  expect(name).toBe("events");
  expect(sent()).toEqual([
    "GET /formations/",
    "POST /formations/",
    `GET /formations/${id}`,
    `DELETE /formations/${old}`,
    `GET /formations/${old}`,
  ]);

  await declare(formation({ workerCount: 3 }));
  expect((await workspace.up()).changes).toEqual({ same: 1 });
  expect(sent()).toEqual([]);
  expect(resourceNamed(await workspace.exportState(), "it").outputs?.name).toBe("events");
});

test("a replacement without a change is refused, and carried out with deleteBeforeReplace", async () => {
  const { citus, workspace, declare, sent } = await stackOf(formation());
  await workspace.up();
  const { id } = living(citus);
  sent();

  const refused = await workspace.up({ args: ["--replace", urn], expectFailure: true });
  expect(told(refused)).toContain(`formation "${living(citus).name}" in us-east-1 already exists`);
  expect(told(refused)).toContain(id);
  expect(told(refused)).toContain("set `deleteBeforeReplace`");
  expect(sent()).toEqual(["GET /formations/", `GET /formations/${id}`]);
  expect(resourceNamed(await workspace.exportState(), "it").id).toBe(id);

  await declare(formation({}, { deleteBeforeReplace: true }));
  const replaced = await workspace.up({ args: ["--replace", urn] });
  expect(opsOf(replaced)).toEqual(["delete-replaced it", "replace it", "create-replacement it"]);
  expect(living(citus).id).not.toBe(id);
});

test("a replacement without a change creates the new one first where two may have the name", async () => {
  const { citus, workspace } = await stackOf(formation({ allowDuplicateName: true }));
  await workspace.up();
  const { id, name } = living(citus);

  const replaced = await workspace.up({ args: ["--replace", urn] });

  expect(opsOf(replaced)).toEqual(["create-replacement it", "replace it", "delete-replaced it"]);
  expect(living(citus).name).toBe(name);
  expect(living(citus).id).not.toBe(id);
  expect((await workspace.preview()).changes).toEqual({ same: 1 });
});

test("a formation of that name which isn't this resource is refused, unless both are wanted", async () => {
  const { citus, workspace, declare, sent } = await stackOf(formation({ name: "events" }));
  const { id } = citus.addFormation({ name: "events" });
  // Of another region, so in nobody's way.
  citus.addFormation({ name: "events", region: "eu-west-1" });

  const refused = await workspace.up({ expectFailure: true });
  expect(told(refused)).toContain(`formation "events" in us-east-1 already exists (ID ${id}`);
  expect(told(refused)).toContain(
    "adopt it: `npx -p pulumi-formations formations recover --yes --adopt",
  );
  expect(told(refused)).toContain("set allowDuplicateName if you want both");
  expect(sent()).toEqual(["GET /formations/", `GET /formations/${id}`]);

  await declare(formation({ name: "events", allowDuplicateName: true }));
  await workspace.up();
  expect(citus.count("POST")).toBe(1);
  expect(citus.formations.size).toBe(3);
});
