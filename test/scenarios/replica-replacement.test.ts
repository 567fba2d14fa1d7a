import { expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import { reading, replica, stackOf } from "./replica-support.ts";
import { opsOf, told } from "./support.ts";

const newFirst = ["create-replacement it", "replace it", "delete-replaced it"];

test("a protected replica is neither replaced nor destroyed until an up of its own has unprotected it", async () => {
  const { bridge, workspace, declare, sent, living } = await stackOf(
    replica({ isProtected: true }),
  );
  await workspace.up();
  const { id: old } = living();
  sent();

  await declare(replica({ regionId: "us-west-2" }));
  const refused = await workspace.preview({ expectFailure: true });
  expect(told(refused)).toContain(`Replica ${old}: refused.`);
  expect(told(refused)).toContain("set isProtected to false in a separate `pulumi up` first");
  expect(sent()).toEqual([]);

  const kept = await workspace.destroy({ expectFailure: true });
  expect(told(kept)).toMatch(
    /returned 400: The cluster is protected: set is_protected to false first \(request ID [a-z2-7]{26}\)\./,
  );
  expect(told(kept)).toContain(
    `Replica ${old} is protected: set isProtected to false and run \`pulumi up --target '**it'\``,
  );
  expect(sent()).toEqual([`DELETE ${old}`]);
  expect(resourceNamed(await workspace.exportState(), "it").id).toBe(old);

  await declare(replica());
  await workspace.up();
  expect(sent()).toEqual([...reading(old), `PATCH ${old}`]);
  await declare(replica({ regionId: "us-west-2" }));
  expect(opsOf(await workspace.up())).toEqual(newFirst);
  expect(bridge.destroyed.has(old)).toBe(true);
  expect(living().region_id).toBe("us-west-2");
});

test("a destroy that a protected replica stopped half-way is finished with the target that the error names", async () => {
  const other = replica({ name: "other" }, {}, "other");
  const { bridge, workspace, declare, sent, living } = await stackOf({
    ...replica({ isProtected: true, name: "reports" }, {}, "reports"),
    ...other,
  });
  await workspace.up();
  await workspace.destroy({ expectFailure: true, args: ["--continue-on-error"] });
  expect(living().name).toBe("reports");
  sent();

  await declare({ ...replica({ isProtected: false, name: "reports" }, {}, "reports"), ...other });
  const up = await workspace.up({ args: ["--target", "**reports"] });
  expect(opsOf(up)).toEqual(["update reports"]);
  expect(sent().filter((line) => !line.startsWith("GET"))).toEqual([`PATCH ${living().id}`]);

  await workspace.destroy();
  expect([...bridge.clusters.values()].filter(({ state }) => state === "ready")).toHaveLength(1);
});
