import { describe, expect, test } from "vitest";
import { call, list, web, withApp, worker } from "./testing.ts";

const item = `${list}/web`;

describe("PATCH", () => {
  test.each([
    ["missing fields", {}],
    ["a null port, command and healthcheck", { port: null, command: null, healthcheck: null }],
  ])("%s change nothing", async (_what, change) => {
    const simulator = await withApp();
    simulator.addFormation("foo", { command: "start", healthcheck: "/", port: 8080 });
    await call(simulator, "PATCH", item, change);
    expect(simulator.formation("foo", "web")).toMatchObject({
      ...{ command: "start", healthcheck: "/", port: 8080, size: "gp1", quantity: 1 },
    });
  });

  test('"" is stored as such', async () => {
    const simulator = await withApp();
    simulator.addFormation("foo", { command: "start", healthcheck: "/" });
    await call(simulator, "PATCH", list, [{ type: "web", command: "", healthcheck: "" }]);
    expect(simulator.formation("foo", "web")).toMatchObject({ command: "", healthcheck: "" });
  });

  test.each([
    ["remove-command", { "remove-command": true }, null],
    ["removeCommand, which is ignored", { removeCommand: true }, "start"],
    ["remove-command with other fields", { "remove-command": true, quantity: 2 }, null],
    ["remove-command with a command beside it", { "remove-command": true, command: "b" }, null],
  ])("%s leaves a web the command %3$s", async (_what, change, left) => {
    const simulator = await withApp();
    simulator.addFormation("foo", { command: "start" });
    await call(simulator, "PATCH", list, [{ type: "web", ...change }]);
    expect(simulator.formation("foo", "web")?.command).toBe(left);
  });

  test("remove-command does nothing to a worker", async () => {
    const simulator = await withApp();
    simulator.addFormation("foo", { type: "worker", command: "a" });
    const change = { type: "worker", command: "a", "remove-command": true };
    expect(await call(simulator, "PATCH", list, [change])).toMatchObject({ status: 200 });
    expect(simulator.formation("foo", "worker")?.command).toBe("a");
  });

  test("removeHealthcheck removes it, yet its answer still shows it", async () => {
    const simulator = await withApp();
    simulator.addFormation("foo", { healthcheck: "/" });
    const change = [{ type: "web", removeHealthcheck: true }];
    const { body } = await call(simulator, "PATCH", list, change);
    expect(body).toMatchObject([{ healthcheck: "/", needsRedeploy: true }]);
    expect((await call(simulator, "GET", item)).body.healthcheck).toBeNull();
  });

  test("a healthcheck beside removeHealthcheck wins", async () => {
    const simulator = await withApp();
    simulator.addFormation("foo", { healthcheck: "/" });
    const change = { type: "web", removeHealthcheck: true, healthcheck: "/up" };
    await call(simulator, "PATCH", list, [change]);
    expect(simulator.formation("foo", "web")?.healthcheck).toBe("/up");
  });

  test("a one-off without a command must send oneoff: true", async () => {
    const simulator = await withApp();
    simulator.addFormation("foo", { type: "job", oneoff: true, command: undefined });
    const bare = await call(simulator, "PATCH", list, [{ type: "job", size: "gp2" }]);
    const told = await call(simulator, "PATCH", list, [{ type: "job", size: "gp2", oneoff: true }]);
    expect([bare.status, told.status]).toEqual([422, 200]);
  });

  test("a type deleted and recreated is answered with the deleted row, for good", async () => {
    const simulator = await withApp();
    const { id } = simulator.addFormation("foo", { size: "gp3" });
    await call(simulator, "DELETE", item);
    const made = await call(simulator, "POST", list, web);
    const { body } = await call(simulator, "PATCH", item, { quantity: 2 });
    expect(body).toMatchObject({ id, size: "gp3", quantity: 2 });
    const read = await call(simulator, "GET", item);
    expect(read.body).toMatchObject({ id: made.body.id, size: "gp2", quantity: 2 });
  });

  test.each([
    ["the single PATCH of a quantity", "PATCH", item, { quantity: 2 }, 1],
    ["the single PATCH of nothing", "PATCH", item, {}, 1],
    ["the batch with a quantity", "PATCH", list, [{ type: "web", quantity: 2 }], 0],
    ["the batch with the size it has", "PATCH", list, [{ type: "web", size: "gp1" }], 1],
    ["the batch with the port it has", "PATCH", list, [{ type: "web", port: 9000 }], 1],
    [
      "the batch with the healthcheck it has",
      "PATCH",
      list,
      [{ type: "web", healthcheck: "/" }],
      1,
    ],
    ["the batch with the command it has", "PATCH", list, [{ type: "web", command: "start" }], 0],
    ["the batch with another command", "PATCH", list, [{ type: "web", command: "go" }], 1],
    ["DELETE", "DELETE", item, undefined, 1],
  ])("%s redeploys the app %4$i times", async (_what, method, path, sent, times) => {
    const simulator = await withApp();
    simulator.addFormation("foo", { command: "start", healthcheck: "/" });
    expect(await call(simulator, method, path, sent)).toMatchObject({ status: 200 });
    expect(simulator.redeploys("foo")).toBe(times);
  });

  test("quantity scales what runs, to zero too", async () => {
    const simulator = await withApp();
    simulator.addFormation("foo", { quantity: 3 });
    await call(simulator, "PATCH", list, [{ type: "web", quantity: 0 }]);
    expect(simulator.formation("foo", "web")?.quantity).toBe(0);
    expect(simulator.instances("foo", "web")).toBe(0);
  });

  test("the batch is checked whole: one invalid change keeps all from being applied", async () => {
    const simulator = await withApp();
    simulator.addFormation("foo");
    simulator.addFormation("foo", { type: "worker" });
    const changes = [
      { type: "web", quantity: 2 },
      { type: "worker", quantity: 2 },
    ];
    expect(await call(simulator, "PATCH", list, changes)).toMatchObject({ status: 422 });
    expect(simulator.formations("foo").map(({ quantity }) => quantity)).toEqual([1, 1]);
  });

  test("a missing type in the batch is a 409, while the others go on without a redeploy", async () => {
    const simulator = await withApp();
    simulator.addFormation("foo");
    const changes = [
      { type: "web", size: "gp2", quantity: 4 },
      { ...worker, quantity: 2 },
    ];
    const answer = await call(simulator, "PATCH", list, changes);
    expect(answer).toMatchObject({
      status: 409,
      text: "This application does not have any formations",
    });
    await simulator.settled();
    expect(simulator.formation("foo", "web")).toMatchObject({ size: "gp2", quantity: 4 });
    expect(simulator.instances("foo", "web")).toBe(4);
    expect(simulator.redeploys("foo")).toBe(0);
  });

  test("the single PATCH of a missing type is a 409", async () => {
    const simulator = await withApp();
    simulator.addFormation("foo");
    const answer = await call(simulator, "PATCH", `${list}/worker`, { command: "a" });
    expect(answer).toMatchObject({ status: 409, text: "The process of type web already exists." });
  });

  test("the single PATCH of a web that the app lacks makes one", async () => {
    const simulator = await withApp();
    expect(await call(simulator, "PATCH", item, { quantity: 2 })).toMatchObject({ status: 200 });
    expect(simulator.formation("foo", "web")).toMatchObject({ size: "gp1", quantity: 2 });
  });
});

describe("DELETE", () => {
  test("answers the table's raw rows", async () => {
    const simulator = await withApp();
    const { id } = simulator.addFormation("foo", { quantity: 2 });
    const { status, body } = await call(simulator, "DELETE", item);
    expect(status).toBe(200);
    expect(body).toEqual([
      {
        formation: id,
        app: simulator.apps.get("foo-default")?.id,
        ...{ created: expect.any(String), updated: expect.any(String) },
        ...{ type: "web", command: null, quantity: 2, port: 9000, size: "gp1", price: 2000 },
        ...{ deleted: true, healthcheck: null, oneoff: false, options: {} },
      },
    ]);
    expect(simulator.instances("foo", "web")).toBe(0);
  });

  test("of what was never there answers [], of what is gone the old rows", async () => {
    const simulator = await withApp();
    simulator.addFormation("foo");
    const never = await call(simulator, "DELETE", `${list}/worker`);
    await call(simulator, "DELETE", item);
    const again = await call(simulator, "DELETE", item);
    expect([never.status, never.body]).toEqual([200, []]);
    expect([again.status, again.body]).toMatchObject([200, [{ type: "web", deleted: true }]]);
  });
});

describe("maintenance", () => {
  test.each([
    ["POST", list, worker],
    ["PATCH", list, [{ type: "web" }]],
    ["PATCH", item, {}],
    ["DELETE", item, undefined],
  ])("%s %s is a 409, and changes nothing", async (method, path, sent) => {
    const simulator = await withApp();
    simulator.addFormation("foo");
    simulator.maintenance("foo", true);
    const answer = await call(simulator, method, path, sent);
    expect(answer.status).toBe(409);
    expect(answer.text).toMatch(/in maintenance mode\.$/);
    expect(await call(simulator, "GET", item)).toMatchObject({ status: 200 });
  });
});

describe("the region's failures", () => {
  test("POST is a 503 and keeps the row; nothing runs, and POST again conflicts", async () => {
    const simulator = await withApp();
    simulator.failRegion({ call: "create" });
    const answer = await call(simulator, "POST", list, web);
    expect(answer).toMatchObject({ status: 503, text: "Service Unavailable Error" });
    expect(simulator.instances("foo", "web")).toBe(0);
    expect(await call(simulator, "POST", list, web)).toMatchObject({ status: 409 });
  });

  test.each([
    ["the batch", list, [{ type: "web", quantity: 3 }], 503],
    ["the single PATCH", item, { quantity: 3 }, 500],
  ])("%s stores the change that the region lacks", async (_what, path, sent, status) => {
    const simulator = await withApp();
    simulator.addFormation("foo");
    simulator.failRegion({ call: "scale" });
    expect(await call(simulator, "PATCH", path, sent)).toMatchObject({ status });
    const { body } = await call(simulator, "GET", item);
    expect([body.quantity, simulator.instances("foo", "web")]).toEqual([3, 1]);
    await call(simulator, "PATCH", path, sent);
    expect(simulator.instances("foo", "web")).toBe(3);
  });

  test("DELETE is a 503 and the row is gone; repeated, the region's part goes too", async () => {
    const simulator = await withApp();
    simulator.addFormation("foo");
    simulator.failRegion({ call: "delete", app: "foo" });
    expect(await call(simulator, "DELETE", item)).toMatchObject({ status: 503 });
    expect(await call(simulator, "GET", item)).toMatchObject({ status: 404 });
    expect(simulator.instances("foo", "web")).toBe(1);
    expect(await call(simulator, "DELETE", item)).toMatchObject({ status: 200 });
    expect(simulator.instances("foo", "web")).toBe(0);
  });

  test("a failure before anything is stored is a 503 too", async () => {
    const simulator = await withApp();
    simulator.failRegion({ call: "sizes" });
    expect(await call(simulator, "POST", list, web)).toMatchObject({ status: 503 });
    expect(simulator.formations("foo")).toEqual([]);
  });

  test("waiting for resources is a 424 with a useless text", async () => {
    const simulator = await withApp();
    simulator.addFormation("foo");
    simulator.failRegion({ call: "size", waiting: true });
    const answer = await call(simulator, "PATCH", item, { size: "gp2" });
    expect(answer).toMatchObject({ status: 424, text: "[object Object]" });
  });

  test("one that never struck is a fault left", async () => {
    const simulator = await withApp();
    simulator.failRegion({ call: "port" });
    expect(simulator.faultsLeft()).toMatchObject([{ path: "region: port" }]);
    await call(simulator, "POST", list, web);
    await call(simulator, "PATCH", list, [{ type: "web", port: 8080 }]);
  });
});

describe("the world outside the API", () => {
  test("an autoscaler changes the row and what runs", async () => {
    const simulator = await withApp();
    simulator.addFormation("foo");
    simulator.scale("foo", "web", 5);
    expect((await call(simulator, "GET", item)).body.quantity).toBe(5);
    expect(simulator.instances("foo", "web")).toBe(5);
  });

  test("a type removed is a 404, an app removed too", async () => {
    const simulator = await withApp();
    simulator.addFormation("foo");
    simulator.remove("foo", "web");
    expect(await call(simulator, "GET", item)).toMatchObject({
      status: 404,
      text: "The specified formation web was not found.",
    });
    simulator.removeApp("foo");
    expect(await call(simulator, "GET", item)).toMatchObject({ status: 404 });
  });
});
