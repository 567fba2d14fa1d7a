import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { AkkerisApi } from "../../provider/akkeris/api.ts";
import type { HttpClient } from "../../provider/http/client.ts";
import { HttpError, RequestCancelled, Unauthorized } from "../../provider/http/errors.ts";
import { InstantClock } from "../support/clock.ts";
import { failure } from "../support/failure.ts";
import { takeRequests } from "../support/requests.ts";
import { item, list, world } from "./world.ts";

const app = "foo-default";
const ten = ["web", ..."abcdefghi"];
const getList = `GET ${list}`;
const get = (type: string) => `GET ${item(type)}`;

/** An app that has these types, each with a quantity of its own. */
async function appWith(types: readonly string[]) {
  const here = await world();
  for (const [index, type] of types.entries()) {
    here.simulator.addFormation(app, { type, quantity: index + 1 });
  }
  const read = (type: string) => here.api.get(app, type, here.options);
  return { ...here, read, readAll: () => Promise.all(types.map(read)) };
}

/** An API whose server answers when it is told to, with every type. */
async function heldUp() {
  const sent: string[] = [];
  const { promise, resolve: answer } = Promise.withResolvers<void>();
  const client: HttpClient = {
    async send({ operation, answer: schema }, params) {
      sent.push(operation);
      await promise;
      const rows = ten.map((type) => ({ type, quantity: 1 }));
      const one = rows.find(({ type }) => Reflect.get(Object(params), "type") === type);
      return schema.parse(one ?? rows);
    },
    close: async () => {},
  };
  const clock = new InstantClock();
  const options = { signal: new AbortController().signal };
  return { api: new AkkerisApi(client, clock), options, sent, answer };
}

/** Lets everything happen that needs no response. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
}

describe("reads of one app", () => {
  test("that come together are one list, and each has its own formation", async () => {
    const { readAll, sent } = await appWith(ten);
    const seen = await readAll();
    expect(seen.map((one) => [one?.type, one?.quantity])).toEqual(
      ten.map((type, index) => [type, index + 1]),
    );
    expect(sent()).toEqual([getList]);
  });

  test("that come while one is under way are one list, and no older than they are", async () => {
    const { read, sent, simulator } = await appWith(ten);
    let later: Promise<unknown> | undefined;
    simulator.onAnswer = ({ path }) => {
      if (path !== item("web")) return;
      for (const type of ten) simulator.scale(app, type, 9);
      later = Promise.all(ten.slice(1).map(read));
    };
    await read("web");
    const seen = await later;
    expect(seen).toMatchObject(ten.slice(1).map((type) => ({ type, quantity: 9 })));
    expect(sent()).toEqual([get("web"), getList]);
  });

  test("that come one after another while one is under way are one list", async () => {
    const { api, options, sent, answer } = await heldUp();
    const web = api.get(app, "web", options);
    await turns();
    const later: Promise<unknown>[] = [];
    for (const type of ["a", "b", "c"]) {
      later.push(api.get(app, type, options));
      await turns();
    }
    expect(sent).toEqual(["read formation"]);
    answer();
    expect(await web).toMatchObject({ type: "web" });
    expect(await Promise.all(later)).toMatchObject([{ type: "a" }, { type: "b" }, { type: "c" }]);
    expect(sent).toEqual(["read formation", "list formations"]);
  });

  test("that come while a list is under way have the next one", async () => {
    const { read, sent, simulator } = await appWith(ten);
    let later: Promise<unknown> | undefined;
    simulator.onAnswer = ({ path }) => {
      if (path !== list || later) return;
      for (const type of ten) simulator.scale(app, type, 9);
      later = Promise.all(ten.slice(5).map(read));
    };
    await Promise.all(ten.slice(0, 5).map(read));
    expect(await later).toMatchObject(ten.slice(5).map((type) => ({ type, quantity: 9 })));
    expect(sent()).toEqual([getList, getList]);
  });

  test("are a request each for an app of which one formation is known", async () => {
    const { read, sent, clock } = await appWith(["web"]);
    await read("web");
    await read("web");
    expect(sent()).toEqual([get("web"), get("web")]);
    expect(clock.sleeps).toEqual([]);
  });

  test("of two apps go apart", async () => {
    const { read, api, options, sent, simulator } = await appWith(["web"]);
    simulator.addApp("bar-default");
    simulator.addFormation("bar-default");
    await Promise.all([read("web"), api.get("bar-default", "web", options)]);
    expect(sent().sort()).toEqual(["GET /apps/bar-default/formation/web", get("web")]);
  });
});

describe("what a list does not answer", () => {
  test("is that a type is missing: it is read alone", async () => {
    const { read, sent } = await appWith(["web", "a"]);
    const [seen, other, none] = await Promise.all(["web", "a", "none"].map(read));
    expect([seen, other]).toMatchObject([{ type: "web" }, { type: "a" }]);
    expect(none).toBeUndefined();
    expect(sent()).toEqual([getList, get("none")]);
  });

  test("is which of two rows of one type is meant", async () => {
    const { read, sent, simulator } = await appWith(["web", "a"]);
    simulator.addFormation(app, { type: "a", quantity: 7 });
    expect(await Promise.all(["web", "a"].map(read))).toMatchObject([
      { type: "web" },
      { type: "a", quantity: 2 },
    ]);
    expect(sent()).toEqual([getList, get("a")]);
  });

  test.each([
    ["a row has no type", [{ id: "1", quantity: 5 }]],
    ["a row is not a formation", [{ type: "a" }, "what"]],
    ["the list is not a list", { a: 1 }],
  ])("is a type, where %s", async (_, body) => {
    const { read, sent, simulator } = await appWith(["web", "a"]);
    simulator.order({ path: list, kind: { type: "status", status: 200, body } });
    expect(await Promise.all(["web", "a"].map(read))).toMatchObject([
      { type: "web", quantity: 1 },
      { type: "a", quantity: 2 },
    ]);
    expect(sent().sort()).toEqual([getList, get("a"), get("web")]);
  });
});

test("an app that is gone is one request, however many formations are read", async () => {
  const { readAll, sent, simulator } = await appWith(ten);
  simulator.removeApp(app);
  expect(await readAll()).toEqual(ten.map(() => undefined));
  expect(sent()).toEqual([getList]);
});

describe("a list that fails", () => {
  test.each([500, 503, 401, 404])(
    "with %i fails for nobody whose own read succeeds",
    async (status) => {
      const { readAll, sent, simulator } = await appWith(["web", "a"]);
      simulator.order({ path: list, kind: { type: "status", status } });
      expect(await readAll()).toMatchObject([{ type: "web" }, { type: "a" }]);
      expect(sent().sort()).toEqual([getList, get("a"), get("web")]);
    },
  );

  test("gives each call an error of its own, as its own read has it", async () => {
    const { read, simulator } = await appWith(["web", "a"]);
    simulator.order({ kind: { type: "status", status: 401 }, times: 3 });
    const errors = ["web", "a"].map((type) => failure(read(type), Unauthorized));
    const [first, second] = await Promise.all(errors);
    expect(first).not.toBe(second);
    for (const [error, type] of [[first, "web"] as const, [second, "a"] as const]) {
      expect(error?.message).toMatch(/could not read formation/);
      expect(error?.message).toContain(item(type));
      expect(error?.message).toContain("formations:akkerisToken");
    }
  });
});

test("a call that is cancelled ends at once, and the others have what they asked for", async () => {
  const { api, options, simulator } = await appWith(["web", "a", "b"]);
  simulator.latency = 50;
  const aborter = new AbortController();
  const cancelled = failure(api.get(app, "web", { signal: aborter.signal }), RequestCancelled);
  const others = Promise.all(["a", "b"].map((type) => api.get(app, type, options)));
  aborter.abort(new Error("enough"));
  await cancelled;
  expect(await others).toMatchObject([{ type: "a" }, { type: "b" }]);
});

test("a call with little time waits for no other", async () => {
  const { api, clock, options, read, simulator } = await appWith(["web", "a", "b"]);
  const hurried = { ...options, deadline: clock.now() + 10_000 };
  await Promise.all([read("web"), read("a"), api.get(app, "b", hurried)]);
  expect(takeRequests(simulator).sort()).toEqual([getList, get("b")]);
});

test("a call whose deadline has passed fails for that reason", async () => {
  const { api, clock, options, read } = await appWith(["web", "a"]);
  const late = { ...options, deadline: clock.now() - 1 };
  const error = failure(api.get(app, "a", late), HttpError);
  await read("web");
  expect((await error).outOfTime).toBe(true);
});
