import { describe, expect, test } from "vitest";
import {
  createFormation,
  deleteFormation,
  listFormations,
  listSizes,
  readFormation,
  updateFormations,
} from "../../provider/akkeris/endpoints.ts";
import { hints } from "../../provider/akkeris/hints.ts";
import { createHttpClient } from "../../provider/http/client.ts";
import { HttpError } from "../../provider/http/errors.ts";
import { systemClock } from "../../provider/process/clock.ts";
import type { AkkerisSimulator } from "../../simulators/akkeris.ts";
import { failure } from "../support/failure.ts";
import { connectTo, item, list, world } from "./world.ts";

const app = "foo-default";
const options = { signal: new AbortController().signal };

/** A client as the system makes it, for the endpoints themselves. */
function clientOf(simulator: AkkerisSimulator) {
  return createHttpClient({
    system: "Akkeris",
    baseUrl: simulator.url,
    headers: { authorization: `Bearer ${simulator.token}` },
    secrets: [simulator.token],
    hints,
    clock: systemClock,
  });
}

/** The error that a call ends with. */
const failureOf = (call: Promise<unknown>) => failure(call, HttpError);

describe("the endpoints", () => {
  test("create a formation", async () => {
    const { simulator } = await world();
    const formation = { type: "web", size: "gp2", quantity: 1, healthcheck: "/health" };
    const made = await clientOf(simulator).send(createFormation, { app, formation });
    expect(made).toMatchObject({ ...formation, port: 9000, command: null });
    expect(simulator.requests).toMatchObject([
      { method: "POST", path: list, body: formation, status: 201 },
    ]);
  });

  test("read a formation", async () => {
    const { simulator } = await world();
    const { id } = simulator.addFormation(app, { quantity: 2 });
    const seen = await clientOf(simulator).send(readFormation, { app, type: "web" });
    expect(seen).toMatchObject({ id, type: "web", quantity: 2, size: "gp1", port: 9000 });
    expect(simulator.requests).toMatchObject([{ method: "GET", path: item("web"), query: {} }]);
  });

  test("list formations, those of other types without port", async () => {
    const { simulator } = await world();
    simulator.addFormation(app);
    simulator.addFormation(app, { type: "worker" });
    const seen = await clientOf(simulator).send(listFormations, { app });
    expect(seen).toMatchObject([
      { type: "web", port: 9000 },
      { type: "worker", port: null, command: "run worker" },
    ]);
  });

  test("list sizes, deprecated ones and prices too", async () => {
    const { simulator } = await world();
    const sizes = await clientOf(simulator).send(listSizes, undefined);
    expect(sizes.map(({ name }) => name)).toEqual(simulator.sizes.map(({ name }) => name));
    expect(sizes).toContainEqual(expect.objectContaining({ name: "scout", deprecated: true }));
  });

  test("update formations in a batch", async () => {
    const { simulator } = await world();
    simulator.addFormation(app);
    simulator.addFormation(app, { type: "worker" });
    const changes = [
      { type: "web", quantity: 3 },
      { type: "worker", quantity: 2, command: "run worker" },
    ];
    await clientOf(simulator).send(updateFormations, { app, changes });
    expect(simulator.requests).toMatchObject([{ method: "PATCH", path: list, body: changes }]);
    expect(simulator.instances(app, "web")).toBe(3);
    expect(simulator.instances(app, "worker")).toBe(2);
    expect(simulator.redeploys(app)).toBe(0);
  });

  test("clear a command and a healthcheck by flags of their own", async () => {
    const { simulator } = await world();
    simulator.addFormation(app, { command: "node web.js", healthcheck: "/health" });
    const changes = [{ type: "web", "remove-command": true, removeHealthcheck: true }] as const;
    await clientOf(simulator).send(updateFormations, { app, changes });
    expect(simulator.formation(app, "web")).toMatchObject({ command: null, healthcheck: null });
  });

  test("delete a formation", async () => {
    const { simulator } = await world();
    simulator.addFormation(app);
    await clientOf(simulator).send(deleteFormation, { app, type: "web" });
    expect(simulator.formations(app)).toEqual([]);
  });
});

describe("what is gone", () => {
  test("is undefined to read: a type, an app", async () => {
    const { api } = await world();
    expect(await api.get(app, "worker", options)).toBeUndefined();
    expect(await api.get("none-default", "web", options)).toBeUndefined();
  });

  test("is success to delete: a type, an app", async () => {
    const { api } = await world();
    await api.delete(app, "worker", options);
    await api.delete("none-default", "web", options);
  });

  test.each([
    ["an empty 404", { type: "status", status: 404 } as const],
    ["a 404 with a page", { type: "html", status: 404 } as const],
    ["401", { type: "status", status: 401 } as const],
    ["403", { type: "status", status: 403, body: "This operation is not allowed." } as const],
  ])("is not what %s says", async (_, kind) => {
    const { api, simulator } = await world();
    simulator.order({ kind, times: 2 });
    await failureOf(api.get(app, "web", options));
    await failureOf(api.delete(app, "web", options));
  });

  test("is an error to list: the app", async () => {
    const { api } = await world();
    const error = await failureOf(api.list("none-default", options));
    expect(error.message).toMatch(/specified application none-default does not exist.*Check `app`/);
  });
});

describe("an error names what to do", () => {
  test.each([
    [
      401,
      undefined,
      "GET",
      /formations:akkerisToken \(or FORMATIONS_AKKERIS_TOKEN\).*`pulumi up` picks it up/,
    ],
    [
      404,
      undefined,
      "GET",
      /this response is probably another server.s. Check formations:akkerisUrl \(or FORMATIONS_AKKERIS_URL\)/,
    ],
    [
      409,
      "An apps formation can be changed or created while its been placed in maintenance mode.",
      "PATCH",
      /in maintenance mode, in which its formations cannot be changed/,
    ],
    [
      409,
      "This application does not have any formations",
      "PATCH",
      /Run `pulumi refresh`; the next `pulumi up` then creates it/,
    ],
    [
      422,
      "The payload size was not recognized.",
      "PATCH",
      /`getAppSizes` lists the available sizes/,
    ],
    [424, "[object Object]", "PATCH", /Try again in five minutes/],
    [503, "Service Unavailable Error", "PATCH", /next `pulumi up` sends it again/],
  ])("for %i %s", async (status, body, method, hint) => {
    const { simulator } = await world();
    simulator.addFormation(app);
    simulator.order({ kind: { type: "status", status, body } });
    const client = clientOf(simulator);
    const call =
      method === "GET"
        ? client.send(readFormation, { app, type: "web" })
        : client.send(updateFormations, { app, changes: [] });
    const error = await failureOf(call);
    expect(error.message).toMatch(hint);
    if (body) expect(error.message).toContain(body.replace(/\.$/, ""));
    expect(error.message).not.toContain(simulator.token);
  });

  test("for a JWT that may not delete", async () => {
    const { api, simulator } = await world({ refusesBearerDelete: true });
    simulator.addFormation(app);
    const error = await failureOf(api.delete(app, "web", options));
    expect(error.message).toMatch(
      /A JWT cannot delete formations.*akkerisAuthScheme|akkerisAuthScheme.*A JWT cannot delete/,
    );
    expect(simulator.formations(app)).toHaveLength(1);
  });

  test.each([
    ["a page", { type: "html" } as const],
    ["a redirect", { type: "redirect", location: "https://example.com/login" } as const],
  ])("for %s in place of an answer", async (_, kind) => {
    const { api, simulator } = await world();
    simulator.order({ kind });
    const error = await failureOf(api.get(app, "web", options));
    expect(error.message).toMatch(/Check that formations:akkerisUrl .* points to the API\./);
  });
});

test("a time that cannot be read is not said", async () => {
  const { api, simulator } = await world();
  const body = { ...simulator.addFormation(app), created_at: "yesterday" };
  simulator.order({ kind: { type: "status", status: 200, body } });
  expect(await api.get(app, "web", options)).toMatchObject({ type: "web", created_at: undefined });
});

describe("the credential goes", () => {
  test.each([
    ["as Bearer by default", {}, (token: string) => `Bearer ${token}`],
    ["bare with an empty scheme", { akkerisAuthScheme: "" }, (token: string) => token],
    ["with another scheme", { akkerisAuthScheme: "Token" }, (token: string) => `Token ${token}`],
  ])("%s", async (_, config, expected) => {
    const { simulator } = await world();
    const api = connectTo(simulator, config);
    await api.sizes(options).catch(() => undefined);
    expect(simulator.requests[0]?.headers.authorization).toBe(expected(simulator.token));
  });

  test("with the scheme that it brings along", async () => {
    const { simulator } = await world();
    const akkerisToken = `Bearer ${simulator.token}`;
    await connectTo(simulator, { akkerisToken, akkerisAuthScheme: "Token" }).sizes(options);
    expect(simulator.requests[0]?.headers.authorization).toBe(akkerisToken);
  });

  test("nowhere, if there is none: the key and the variable are named", async () => {
    const { simulator } = await world();
    expect(() => connectTo(simulator, { akkerisToken: "  " })).toThrow(
      /pulumi config set --secret formations:akkerisToken.*FORMATIONS_AKKERIS_TOKEN/,
    );
  });

  test("into no error, not even without its scheme", async () => {
    const { simulator } = await world();
    const secret = "s3cr3t-0f-4-controller";
    const api = connectTo(simulator, { akkerisToken: `Basic ${secret}` });
    simulator.order({ kind: { type: "status", status: 403, body: `no ${secret} here` } });
    const error = await failureOf(api.sizes(options));
    expect(error.message).toContain("no [secret] here");
  });
});

test("an environment's values are masked where the server repeats them", async () => {
  const { api, simulator } = await world();
  const body = "Invalid env value: hunter2-hunter2";
  simulator.order({ kind: { type: "status", status: 422, body } });
  const env = { PASSWORD: "hunter2-hunter2" };
  const formation = { type: "job", size: "gp1", quantity: 1, oneoff: true, options: { env } };
  const error = await failureOf(api.create(app, formation, options));
  expect(error.message).toContain("Invalid env value: [secret]");
});

test("sizes that are unlike today's are read", async () => {
  const { api, simulator } = await world();
  const body = [
    { name: "gpu", price: null, stacks: 3 },
    { name: "x", resources: {} },
  ];
  simulator.order({ kind: { type: "status", status: 200, body } });
  expect(await api.sizes(options)).toMatchObject([{ name: "gpu" }, { name: "x" }]);
});
