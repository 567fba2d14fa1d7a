import { expect, test } from "vitest";
import { resourceNamed } from "../engine/state.ts";
import type { Fault } from "../simulators/kit/fault.ts";
import { formation, living, stackOf } from "./formation-support.ts";
import { opsOf, told } from "./support.ts";

/** A look at one formation that ends the wait: it is neither repeated nor taken for gone. */
const brokenLook: Fault = {
  method: "GET",
  path: /\/formations\/\w+$/,
  kind: { type: "status", status: 403, body: { message: "Not today." } },
};

test("a creation that failed while waiting stays in the state, through a refresh, until it is ready", async () => {
  const { citus, workspace, sent } = await stackOf(formation());
  citus.order(brokenLook);

  const failed = await workspace.up({ expectFailure: true });
  const { id } = living(citus);
  expect(told(failed)).toContain(`GET /api/v1/formations/${id} answered 403: Not today.`);
  const partial = resourceNamed(await workspace.exportState(), "it");
  expect(partial).toMatchObject({
    id,
    initErrors: [expect.stringContaining("Not today.")],
    inputs: { workerCount: 2, __provider: expect.any(String) },
  });
  citus.setState(id, "converging");
  expect(opsOf(await workspace.preview())).toEqual(["update it"]);

  await workspace.refresh();
  const preview = await workspace.preview();
  expect(opsOf(preview)).toEqual(["update it"]);
  expect(told(preview)).toContain('goes on waiting until it is ready (state "converging")');
  sent();

  const update = workspace.up();
  await expect.poll(() => citus.count("GET"), { timeout: 60_000 }).toBeGreaterThan(2);
  citus.setState(id, "steady");
  expect(opsOf(await update)).toEqual(["update it"]);
  expect(sent()).toEqual([`GET /formations/${id}`]);
  const ready = resourceNamed(await workspace.exportState(), "it");
  expect(ready).toMatchObject({ id, outputs: { state: "steady" } });
  expect(ready.initErrors).toBeUndefined();

  expect((await workspace.up()).changes).toEqual({ same: 1 });
  expect(sent()).toEqual([]);
});

test("a refresh that finds a failed creation ready ends it", async () => {
  const { citus, workspace } = await stackOf(formation());
  citus.order(brokenLook);
  await workspace.up({ expectFailure: true });
  citus.setState(living(citus).id, "ready");

  await workspace.refresh();

  expect((await workspace.preview()).changes).toEqual({ same: 1 });
});

test("what was created and is gone before it was ready fails, and a refresh lets it be created again", async () => {
  const { citus, workspace } = await stackOf(formation());
  citus.order(brokenLook);
  await workspace.up({ expectFailure: true });
  citus.archive(living(citus).id);

  const failed = await workspace.up({ expectFailure: true });
  expect(told(failed)).toContain("it is gone");
  expect(told(failed)).toContain("pulumi refresh");

  await workspace.refresh();
  await workspace.up();
  expect(living(citus).state).toBe("steady");
});

test("a replacement that is not ready leaves the old formation alone", async () => {
  const { citus, workspace, declare, sent } = await stackOf(formation());
  await workspace.up();
  const { id: old } = living(citus);
  await declare(formation({ workerCount: 3 }));
  citus.order({ ...brokenLook, times: 2 });

  await workspace.up({ expectFailure: true });
  await workspace.up({ expectFailure: true });
  expect(citus.count("DELETE")).toBe(0);
  expect(citus.formations.get(old)?.state).toBe("steady");
  sent();

  await workspace.up();
  const { id } = living(citus);
  expect(sent()).toEqual([
    `GET /formations/${id}`,
    `DELETE /formations/${old}`,
    `GET /formations/${old}`,
  ]);
});

test.each<[string, Fault["kind"], string[]]>([
  ["the answer to a creation is lost: the list shows it", { type: "reset", apply: true }, []],
  ["the answer to a creation is cut off: the list shows it", { type: "cutJson" }, []],
  [
    "a creation fails without effect: the list doesn't show it, so it is sent again",
    { type: "status", status: 500, body: "Oh no" },
    ["POST /formations/"],
  ],
])("%s", async (_what, kind, again) => {
  const { citus, workspace, sent } = await stackOf(formation());
  citus.order({ method: "POST", kind });

  const result = await workspace.up();

  const { id } = living(citus);
  expect(citus.formations.size).toBe(1);
  expect(sent()).toEqual([
    "GET /formations/",
    "POST /formations/",
    "GET /formations/",
    ...again,
    `GET /formations/${id}`,
  ]);
  expect(told(result)).toContain("Looking for it in the list before it is sent again.");
});
