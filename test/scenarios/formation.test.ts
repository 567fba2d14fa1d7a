import { expect, test } from "vitest";
import { resourceNamed } from "../engine/state.ts";
import { args, formation, living, stackOf } from "./formation-support.ts";
import { opsOf, told } from "./support.ts";

test("a formation is created, kept, refreshed and destroyed", async () => {
  const { citus, workspace, sent } = await stackOf(formation());

  const preview = await workspace.preview();
  expect(preview.changes).toEqual({ create: 1 });
  expect(sent()).toEqual([]);

  await workspace.up();
  const { id, name } = living(citus);
  expect(citus.requests[1]?.body).toEqual({
    name,
    region: "us-east-1",
    tune_attributes: {
      coordinator_tune: "r5.large",
      coordinator_disk_size: "512",
      coordinator_ha: false,
      worker_tune: "r5.large",
      worker_count: "2",
      worker_disk_size: "512",
      worker_ha: false,
    },
  });
  expect(sent()).toEqual(["GET /formations/", "POST /formations/", `GET /formations/${id}`]);

  const again = await workspace.up();
  expect(again.changes).toEqual({ same: 1 });
  expect(sent()).toEqual([]);

  const refreshed = await workspace.refresh();
  expect(refreshed.changes).toEqual({ same: 1 });
  expect(citus.requests).toHaveLength(1);
  expect(sent()).toEqual([`GET /formations/${id}`]);

  citus.archivingSeconds = Number.POSITIVE_INFINITY;
  citus.onAnswer = () => {
    if (citus.count("GET") === 2) citus.archive(id);
  };
  await workspace.destroy();
  expect(citus.count("GET")).toBe(3);
  expect(sent()).toEqual([`DELETE /formations/${id}`, `GET /formations/${id}`]);
});

test("its state has inputs and outputs, the password as ciphertext, and a provider of 500 bytes at most", async () => {
  const { citus, workspace } = await stackOf(formation());
  await workspace.up();
  const { id, name, database_url } = living(citus);
  const { password } = new URL(database_url);

  const state = await workspace.exportState();
  const shown = resourceNamed(await workspace.exportState({ showSecrets: true }), "it");

  const it = resourceNamed(state, "it");
  expect(it).toMatchObject({ id, inputs: { ...args, name } });
  expect(it.outputs).toMatchObject({
    ...args,
    name,
    coordinatorHa: false,
    workerHa: false,
    state: "steady",
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    isMx: false,
    isZfs: false,
    databaseUrl: { ciphertext: expect.any(String) },
  });
  expect(JSON.stringify(shown.outputs?.databaseUrl)).toContain(password);
  for (const secret of [password, citus.token]) expect(JSON.stringify(state)).not.toContain(secret);
  expect(String(it.inputs?.__provider).length).toBeLessThanOrEqual(500);
});

test("what only a creation reads, another spelling, and removed options change nothing", async () => {
  const { workspace, declare, sent } = await stackOf(
    formation({ name: "events", coordinatorHa: true }),
  );
  await workspace.up();
  sent();
  await declare(
    formation({
      coordinatorDiskSize: "512",
      workerCount: "2",
      workerDiskSize: "512",
      workerHa: "false",
      allowDuplicateName: true,
    }),
  );

  const result = await workspace.up();

  expect(result.changes).toEqual({ same: 1 });
  expect(told(result)).toBe("");
  expect(sent()).toEqual([]);
});

test("every input that changes in the program replaces, new first, and warns that it starts empty", async () => {
  const { citus, workspace, declare, sent } = await stackOf(formation());
  await workspace.up();
  const { id: old } = living(citus);
  sent();
  const change = {
    name: "events",
    region: "eu-west-1",
    coordinatorTune: "r5.xlarge",
    coordinatorDiskSize: 1024,
    coordinatorHa: true,
    workerTune: "c5.xlarge",
    workerCount: 4,
    workerDiskSize: 2048,
    workerHa: true,
  };
  await declare(formation(change));

  const preview = await workspace.preview();
  expect(opsOf(preview)).toEqual(["create-replacement it", "replace it", "delete-replaced it"]);
  expect(preview.steps[0]?.replaceKeys.toSorted()).toEqual(Object.keys(change).toSorted());
  for (const property of Object.keys(change)) {
    expect(told(preview)).toContain(`${property}: the new formation starts EMPTY`);
  }
  expect(sent()).toEqual([]);

  let atDeletion: string[] = [];
  citus.onAnswer = ({ method }) => {
    if (method !== "DELETE") return;
    atDeletion = [...citus.formations.values()].map(({ name, state }) => `${name} ${state}`);
  };
  await workspace.up();
  const { id } = living(citus);
  expect(sent()).toEqual([
    "GET /formations/",
    "POST /formations/",
    `GET /formations/${id}`,
    `DELETE /formations/${old}`,
    `GET /formations/${old}`,
  ]);
  expect(atDeletion).toContain("events steady");
  expect(living(citus)).toMatchObject({
    name: "events",
    region: "eu-west-1",
    tune_attributes: { coordinator_ha: true, worker_tune: "c5.xlarge", worker_disk_size: "2048" },
  });

  expect((await workspace.preview()).changes).toEqual({ same: 1 });
});

test("a replace-only input that is not known yet fails no preview, and is an undecided replacement", async () => {
  const copy = `
    export const copy = new Formation("copy", {
      ...${JSON.stringify(args)},
      region: it.databaseUrl.apply((url) => url ? "us-west-2" : "us-east-1"),
      workerDiskSize: it.createdAt.apply(() => 1024),
    });`;
  const { citus, workspace, declare, sent } = await stackOf(formation() + copy);

  const before = await workspace.preview();
  expect(before.changes).toEqual({ create: 2 });
  await workspace.up();
  const kept = [...citus.formations.values()].find(({ region }) => region === "us-west-2");
  expect(kept).toMatchObject({ tune_attributes: { worker_disk_size: "1024" } });
  sent();
  await declare(formation({ workerCount: 3 }) + copy);

  const preview = await workspace.preview();
  expect(preview.changes).toEqual({ replace: 2 });
  const undecided = preview.steps.find(({ name, op }) => name === "copy" && op === "replace");
  expect(undecided?.replaceKeys.toSorted()).toEqual(["region", "workerDiskSize"]);
  expect(told(preview)).toContain("region: replace: undecided until the value is known");

  const decided = await workspace.up();
  expect(decided.changes).toEqual({ replace: 1, same: 1 });
  expect(sent().filter((line) => line.includes(kept?.id ?? "none"))).toEqual([]);
});
