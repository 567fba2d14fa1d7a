import { describe, expect, test } from "vitest";
import { call, list, web, withApp, worker } from "./testing.ts";

describe("answers", () => {
  test("errors are raw strings sent as application/json", async () => {
    const simulator = await withApp();
    const answer = await call(simulator, "GET", "/apps/none-default/formation");
    expect(answer).toMatchObject({ status: 404, type: "application/json" });
    expect(answer.text).toBe("The specified application none-default does not exist.");
    expect(() => JSON.parse(answer.text)).toThrow(SyntaxError);
  });

  test.each([
    ["a trailing slash", "GET", `${list}/`],
    ["a query", "GET", `${list}?limit=1`],
    ["an unknown path", "GET", "/formations"],
    ["an unknown method", "PUT", list],
    ["a character that routes don't have", "GET", `${list}/a%20b`],
  ])("%s is an unmatched route: 404, empty, and unexpected", async (_what, method, path) => {
    const simulator = await withApp();
    expect(await call(simulator, method, path)).toMatchObject({
      status: 404,
      type: null,
      text: "",
    });
    expect(simulator.unexpected.splice(0)).toHaveLength(1);
  });

  test.each([
    ["no credential", "", 1],
    ["another token", "Bearer nonsense", 0],
  ])("%s is a 401, empty", async (_what, authorization, unexpected) => {
    const simulator = await withApp();
    const headers: Record<string, string> = authorization === "" ? {} : { authorization };
    const response = await fetch(`${simulator.url}${list}`, { headers });
    expect([response.status, await response.text()]).toEqual([401, ""]);
    expect(simulator.unexpected.splice(0)).toHaveLength(unexpected);
  });

  test("a controller's own key goes bare, and deletes where Bearer may not", async () => {
    const simulator = await withApp();
    simulator.refusesBearerDelete = true;
    simulator.addFormation("foo", { type: "web" });
    expect(await call(simulator, "DELETE", `${list}/web`)).toMatchObject({ status: 401 });
    const bare = { authorization: simulator.token };
    const answer = await call(simulator, "DELETE", `${list}/web`, undefined, bare);
    expect(answer.status).toBe(200);
  });

  test("app.name differs by call: POST foo-default, GET foo, PATCH none", async () => {
    const simulator = await withApp();
    const made = await call(simulator, "POST", list, web);
    const read = await call(simulator, "GET", `${list}/web`);
    const changed = await call(simulator, "PATCH", `${list}/web`, { quantity: 2 });
    const names = [made, read, changed].map(({ body }) => body.app.name);
    expect(names).toEqual(["foo-default", "foo", undefined]);
  });

  test("oneoff and options are never told", async () => {
    const simulator = await withApp();
    const oneoff = { ...worker, oneoff: true, options: { env: { A: "b" } } };
    const { body } = await call(simulator, "POST", list, oneoff);
    expect(Object.keys(body)).toEqual([
      ...["app", "command", "created_at", "id", "quantity", "size", "type", "port"],
      ...["healthcheck", "updated_at"],
    ]);
  });

  test("apps are listed by name and then by space, the last one first, with names as paths have them", async () => {
    const simulator = await withApp("compliance=prod");
    for (const name of ["shop-dev", "shop-prod", "bar-dev"]) simulator.addApp(name);
    const { body } = await call(simulator, "GET", "/apps");
    expect(body.map((app: { name: string }) => app.name)).toEqual([
      "bar-dev",
      "foo-default",
      "shop-prod",
      "shop-dev",
    ]);
    expect(body[1]).toMatchObject({
      id: simulator.apps.get("foo-default")?.id,
      key: "foo-default",
      simple_name: "foo",
      space: { name: "default", compliance: "compliance=prod" },
      archived_at: body[1].created_at,
      formation: [],
      maintenance: false,
    });
  });

  test("sizes are listed with resources, price, deprecation and description", async () => {
    const simulator = await withApp();
    const { body } = await call(simulator, "GET", "/sizes");
    expect(body).toContainEqual({
      stacks: ["ds1"],
      name: "gp2",
      resources: { requests: { memory: "512Mi" }, limits: { memory: "512Mi" } },
      price: 40,
      deprecated: false,
      description: expect.any(String),
    });
  });
});

describe("validation", () => {
  const [least, many] = ["The number of instances must be between 0 and 32.", "a".repeat(1025)];

  test.each([
    ["a type with capitals within", "PATCH", { type: "Web", quantity: 1 }, 422, /^The type spec/],
    ["a quantity over 32", "POST", { ...web, quantity: 33 }, 422, least],
    ["a quantity as text", "POST", { ...web, quantity: "1" }, 422, least],
    ["a null quantity on PATCH", "PATCH", { type: "web", quantity: null }, 422, least],
    ["a null size on PATCH", "PATCH", { type: "web", size: null }, 422, /size was not recognized/],
    ["a size in capitals", "POST", { ...web, size: "GP2" }, 422, /size was not recognized/],
    ["a port below 1024", "POST", { ...web, port: 80 }, 422, /^The specified port is invalid/],
    ["a port on a worker", "POST", { ...worker, port: 9000 }, 422, /^A port was specified for/],
    ["a healthcheck on a worker", "POST", { ...worker, healthcheck: "/" }, 422, /^A healthcheck/],
    ["removeHealthcheck on a worker", "POST", { ...worker, removeHealthcheck: true }, 422, /^Can/],
    ["a worker without a command", "POST", { type: "worker" }, 422, /^A run command must/],
    ["a PATCH that doesn't resend it", "PATCH", { type: "worker", quantity: 2 }, 422, /^A run/],
    ["a one-off web", "POST", { ...web, oneoff: true }, 422, /^A web formation cannot be/],
    [
      "an image without a tag",
      "POST",
      { ...worker, oneoff: true, options: { image: "a" } },
      422,
      /tag/,
    ],
    ["an empty env", "POST", { ...worker, oneoff: true, options: { env: {} } }, 422, /^The env/],
    [
      "an env of numbers",
      "POST",
      { ...worker, oneoff: true, options: { env: { A: 1 } } },
      422,
      /env/,
    ],
    ["no type", "POST", { size: "gp2" }, 500, "Internal Server Error"],
    ["a type over 128 characters", "POST", { ...worker, type: "a".repeat(129) }, 500, /^Internal/],
    ["a command over 1024 characters", "POST", { ...web, command: many }, 500, /^Internal/],
    ["null options", "POST", { ...worker, options: null }, 500, /^Internal/],
    ["null oneoff", "POST", { ...worker, oneoff: null }, 500, /^Internal/],
    ["no JSON", "POST", "{", 400, /^SyntaxError/],
    ["a PATCH that is no array", "PATCH", "{}", 422, /not an array/],
  ])("%s", async (_what, method, sent, status, text) => {
    const simulator = await withApp();
    if (method === "PATCH") {
      simulator.addFormation("foo", { type: "web" });
      simulator.addFormation("foo", { type: "worker" });
    }
    const body = method === "PATCH" && typeof sent === "object" ? [sent] : sent;
    const answer = await call(simulator, method, list, body);
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(text);
  });

  test.each([
    ["options unchecked without oneoff", { ...worker, options: { image: "a" } }],
    ["an unknown key", { ...web, colour: "red" }],
    ["an odd healthcheck", { ...web, healthcheck: "not a path" }],
    ["a type to be trimmed and lowered", { ...web, type: " WEB " }],
  ])("%s passes", async (_what, sent) => {
    const simulator = await withApp();
    expect(await call(simulator, "POST", list, sent)).toMatchObject({ status: 201 });
  });
});

describe("POST", () => {
  test("defaults to gp1, quantity 1 and, for a web, port 9000", async () => {
    const simulator = await withApp();
    const { status, body } = await call(simulator, "POST", list, { type: "web" });
    expect(status).toBe(201);
    expect(body).toMatchObject({ size: "gp1", quantity: 1, port: 9000, command: null });
  });

  test.each([
    [0, 1],
    [3, 3],
  ])("quantity %i: the row says %i, and one instance runs", async (asked, stored) => {
    const simulator = await withApp();
    await call(simulator, "POST", list, { ...web, quantity: asked });
    const { body } = await call(simulator, "GET", `${list}/web`);
    expect([body.quantity, simulator.instances("foo-default", "web")]).toEqual([stored, 1]);
  });

  test("PORT is not written by POST, only by PATCH of the port", async () => {
    const simulator = await withApp();
    await call(simulator, "POST", list, { ...web, port: 8080 });
    expect(simulator.configVars("foo")).toEqual({});
    await call(simulator, "PATCH", list, [{ type: "web", port: 8080 }]);
    expect(simulator.configVars("foo")).toEqual({ PORT: "8080" });
  });

  test("an existing type is a 409", async () => {
    const simulator = await withApp();
    simulator.addFormation("foo", { type: "web" });
    const answer = await call(simulator, "POST", list, web);
    expect(answer).toMatchObject({ status: 409, text: "The process of type web already exists." });
  });

  test("a worker without a web makes one: row 0, one instance, and a later POST conflicts", async () => {
    const simulator = await withApp();
    await call(simulator, "POST", list, worker);
    const row = simulator.formation("foo", "web");
    expect(row).toMatchObject({ quantity: 0, size: "gp1", command: null });
    expect(simulator.instances("foo", "web")).toBe(1);
    expect(await call(simulator, "POST", list, web)).toMatchObject({ status: 409 });
  });

  test("concurrent POSTs of a type make duplicate rows", async () => {
    const simulator = await withApp();
    simulator.writeDelay = 50;
    const answers = await Promise.all([1, 2, 3].map(() => call(simulator, "POST", list, web)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    const { body } = await call(simulator, "GET", list);
    expect(body).toHaveLength(3);
  });

  test("a compliance space appends -prod, and refuses a size that has it", async () => {
    const simulator = await withApp("compliance=prod");
    const { body } = await call(simulator, "POST", list, web);
    expect(body.size).toBe("gp2-prod");
    const again = await call(simulator, "PATCH", list, [{ type: "web", size: "gp2-prod" }]);
    expect(again.status).toBe(422);
  });

  test("a one-off runs no instance", async () => {
    const simulator = await withApp();
    await call(simulator, "POST", list, { ...worker, oneoff: true, command: undefined });
    expect(simulator.instances("foo", "worker")).toBe(0);
  });

  test("redeploys the app", async () => {
    const simulator = await withApp();
    await call(simulator, "POST", list, web);
    expect(simulator.redeploys("foo")).toBe(1);
  });
});
