import { expect, test } from "vitest";
import type { Fault } from "../../simulators/kit/fault.ts";
import { formation, living, stackOf } from "./formation-support.ts";
import { told } from "./support.ts";

/** A look at one formation that ends the wait: it is neither repeated nor taken for gone. */
const brokenLook: Fault = {
  method: "GET",
  path: /\/formations\/\w+$/,
  kind: { type: "status", status: 403, body: { message: "Not today." } },
};

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
    // What a list that was behind hid at first would be there by now.
    ...again.map(() => "GET /formations/"),
  ]);
  expect(told(result)).toContain("in us-east-1 before retrying.");
});
