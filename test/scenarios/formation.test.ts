import { expect, test } from "vitest";
import { CitusSimulator } from "../simulators/citus.ts";
import { running } from "../simulators/kit/testing.ts";
import { scenario } from "./support.ts";

const args = {
  name: "events",
  region: "us-east-1",
  coordinatorTune: "t2.small",
  coordinatorDiskSize: 100,
  workerTune: "t2.small",
  workerCount: 2,
  workerDiskSize: 100,
};

async function formation(wanted: object = args, options?: string) {
  const citus = await running(
    new CitusSimulator({ speed: 2000, requestsPerMinute: Number.POSITIVE_INFINITY }),
  );
  const config = {
    "formations:citusUrl": citus.url,
    "formations:citusToken": { secret: citus.token },
    "formations:citusRequestsPerMinute": "600",
  };
  return { citus, ...(await scenario("Formation", { ...wanted }, config, options)) };
}

test("a formation is created, kept, refreshed and destroyed", async () => {
  const { citus, workspace } = await formation();

  const preview = await workspace.preview();
  expect(preview.changes).toEqual({ create: 1 });
  expect(citus.requests).toEqual([]);

  await workspace.up();
  expect(citus.count("GET", /formations\/$/)).toBe(1);
  expect(citus.count("POST")).toBe(1);
  const [created] = citus.formations.values();
  expect(created).toMatchObject({ name: "events", region: "us-east-1" });

  citus.clearRequests();
  const again = await workspace.up();
  expect(again.changes).toEqual({ same: 1 });
  expect(citus.requests).toEqual([]);

  const refreshed = await workspace.refresh();
  expect(refreshed.changes).toEqual({ same: 1 });
  expect(citus.requests).toHaveLength(1);

  citus.clearRequests();
  await workspace.destroy();
  expect(citus.count("DELETE")).toBe(1);
});
