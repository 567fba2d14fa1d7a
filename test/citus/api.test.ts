import { describe, expect, test } from "vitest";
import type { CitusApi } from "../../provider/citus/api.ts";
import type { NewFormation } from "../../provider/citus/endpoints.ts";
import { citus } from "../../provider/citus/system.ts";
import * as errors from "../../provider/http/errors.ts";
import { withoutSecrets } from "../../provider/process/redact.ts";
import { ConfigurationError, ResourceFailed } from "../../provider/resource/errors.ts";
import { failure } from "../support/failure.ts";
import { connected, item, list } from "./world.ts";

const orders: NewFormation = {
  name: "orders",
  region: "us-east-1",
  tune_attributes: {
    coordinator_tune: "t2.small",
    worker_tune: "t2.small",
    worker_count: "2",
    coordinator_disk_size: "100",
    worker_disk_size: "100",
  },
};

/** Each of the four calls, on a formation of the simulator's. */
const calls: Record<string, (api: CitusApi, id: string) => Promise<unknown>> = {
  create: (api) => api.create(orders, {}),
  list: (api) => api.list({}),
  get: (api, id) => api.get(id, {}),
  destroy: (api, id) => api.destroy(id, {}),
};

const everyCall = Object.keys(calls);

/** Makes one of the calls after what the test orders of the simulator. */
async function calling(
  call: string,
  order: (world: Awaited<ReturnType<typeof connected>>) => void | Promise<void>,
) {
  const world = await connected();
  const { id } = world.simulator.addFormation({ name: "kept" });
  await order(world);
  const run = calls[call] ?? expect.fail(`no call ${call}`);
  return { ...world, result: run(world.api, id) };
}

describe("create", () => {
  test("posts the formation as it is, with the token, and answers the ID", async () => {
    const { api, simulator } = await connected();
    const id = await api.create(orders, {});
    expect([...simulator.formations.keys()]).toEqual([id]);
    expect(simulator.requests).toMatchObject([
      {
        method: "POST",
        path: list,
        headers: {
          authorization: `Token ${simulator.token}`,
          "content-type": "application/json",
        },
        body: orders,
      },
    ]);
  });
});

test("list answers all formations, archived ones among them", async () => {
  const { api, simulator } = await connected();
  const one = simulator.addFormation({ name: "one" });
  const other = simulator.addFormation({ name: "other", region: "eu-west-1", state: "archived" });
  expect(await api.list({})).toEqual(
    [one, other].map(({ id, name, region, created_at }) => ({ id, name, region, created_at })),
  );
});

describe("get", () => {
  test("answers counts and disks as numbers, however they are spelled", async () => {
    const { api, simulator } = await connected();
    const { id, database_url } = simulator.addFormation({ name: "orders" });
    expect(await api.get(id, {})).toEqual({
      id,
      name: "orders",
      region: "us-east-1",
      created_at: expect.stringMatching(/Z$/),
      state: "steady",
      tune_attributes: {
        is_mx: false,
        is_zfs: false,
        coordinator_tune: "t2.small",
        coordinator_disk_size: 100,
        coordinator_ha: false,
        worker_tune: "t2.small",
        worker_count: 2,
        worker_disk_size: 100,
        worker_ha: false,
      },
      database_url,
    });
  });

  test.each([
    ["a state that nobody knows", { state: "levitating" }, { state: "levitating" }],
    ["no database yet", { state: "creating" }, { database_url: undefined }],
    ["an archiving one", { state: "archiving" }, { state: "archiving" }],
  ])("answers a formation with %s", async (_, partial, expected) => {
    const { api, simulator } = await connected();
    const { id } = simulator.addFormation(partial);
    expect(await api.get(id, {})).toMatchObject(expected);
  });

  test("answers a formation with tunes, sizes and counts that the page does not know", async () => {
    const { api, simulator } = await connected();
    const tune = { worker_tune: "x9.huge", worker_count: 400, worker_disk_size: "4096" };
    const { id } = simulator.addFormation({ region: "moon-1", tune_attributes: tune });
    expect(await api.get(id, {})).toMatchObject({
      region: "moon-1",
      tune_attributes: { worker_tune: "x9.huge", worker_count: 400, worker_disk_size: 4096 },
    });
  });

  test("answers a formation of which only what is used is told", async () => {
    const { api, simulator } = await connected();
    const { id, name, region, created_at, tune_attributes } = simulator.addFormation();
    const { is_mx, is_zfs, worker_ha, coordinator_ha, ...tune } = tune_attributes;
    const body = { id, name, region, created_at, state: "steady", tune_attributes: tune, more: 1 };
    simulator.order({ kind: { type: "status", status: 200, body } });
    const seen = await api.get(id, {});
    expect(seen?.tune_attributes).toMatchObject({ worker_ha: false, coordinator_ha: false });
    expect(seen?.tune_attributes?.is_mx).toBeUndefined();
    expect(seen?.database_url).toBeUndefined();
  });

  test("keeps an odd ID in its own segment of the path", async () => {
    const { api, simulator } = await connected();
    expect(await api.get("a/b?c", {})).toBeUndefined();
    expect(simulator.requests.map(({ path }) => path)).toEqual([item("a/b?c")]);
  });
});

describe("a formation is gone", () => {
  test.each([
    ["that the list does not have", {}],
    ["that is archived, and still answered", { state: "archived" }],
  ])("%s: get answers nothing, destroy has nothing to do", async (_, partial) => {
    const { api, simulator } = await connected();
    const formation = simulator.addFormation(partial);
    const id = "state" in partial ? formation.id : "0123456789abcdef0123456789a";
    expect(await api.get(id, {})).toBeUndefined();
    expect(await api.destroy(id, {})).toBeUndefined();
  });

  test.each([
    ["404 in the API's words", { status: 404, body: { message: "Formation not found." } }],
    ["404 in plain words", { status: 404, body: "not found" }],
    ["410", { status: 410 }],
  ])("by %s: get answers nothing, destroy has nothing to do", async (_, answer) => {
    const { api, simulator } = await connected();
    const { id } = simulator.addFormation();
    simulator.order({ times: 2, kind: { type: "status", ...answer } });
    expect(await api.get(id, {})).toBeUndefined();
    expect(await api.destroy(id, {})).toBeUndefined();
  });
});

test("destroy sends one DELETE, which archives", async () => {
  const { api, simulator } = await connected();
  const { id } = simulator.addFormation();
  await api.destroy(id, {});
  expect(simulator.requests).toMatchObject([{ method: "DELETE", path: item(id) }]);
  expect(simulator.formations.get(id)?.state).toBe("archiving");
});

test("destroy that the server answers without success is an error", async () => {
  const { result } = await calling("destroy", ({ simulator }) =>
    simulator.order({ kind: { type: "status", status: 200, body: { success: false } } }),
  );
  expect((await failure(result, ResourceFailed)).message).toContain("did not destroy formation");
});

test.each([
  ["another body", { type: "status", status: 200, body: { status: "ok" } }],
  ["no body", { type: "empty" }],
] as const)("destroy that is answered with %s has been asked for", async (_, kind) => {
  const { api, simulator } = await connected();
  const { id } = simulator.addFormation();
  simulator.order({ kind });
  expect(await api.destroy(id, {})).toBeUndefined();
});

test("a time that cannot be read is not said", async () => {
  const { api, simulator } = await connected();
  const body = { ...simulator.addFormation(), created_at: "yesterday" };
  simulator.order({ kind: { type: "status", status: 200, body } });
  expect(await api.get(body.id, {})).toMatchObject({ id: body.id, created_at: undefined });
});

describe.each(everyCall)("never gone, but an error of %s:", (call) => {
  test.each([
    ["404 with a web page, since the URL is wrong", { type: "html", status: 404 }, errors.NotFound],
    ["404 with nothing", { type: "empty", status: 404 }, errors.NotFound],
    [
      "401",
      { type: "status", status: 401, body: { message: "Invalid token." } },
      errors.Unauthorized,
    ],
    ["403", { type: "status", status: 403, body: { message: "Not yours." } }, errors.Forbidden],
    ["422", { type: "status", status: 422, body: { message: "No." } }, errors.Refused],
    ["a web page", { type: "html" }, errors.BadAnswer],
    ["a redirect", { type: "redirect", location: "https://elsewhere.example/" }, errors.BadAnswer],
  ] as const)("%s", async (_, kind, type) => {
    const { result, simulator } = await calling(call, ({ simulator }) => simulator.order({ kind }));
    await failure<errors.HttpError>(result, type);
    expect(simulator.requests).toHaveLength(1);
  });

  test.each([
    ["500 with a raw text", { type: "status", status: 500, body: "Boom" }, errors.ServerFailure],
    ["JSON that is cut off", { type: "cutJson" }, errors.BadAnswer],
    ["an answer that breaks off", { type: "truncated" }, errors.NoAnswer],
    ["an answer without a body", { type: "empty" }, errors.BadAnswer],
    ["a connection that is reset", { type: "reset", apply: false }, errors.NoAnswer],
  ] as const)("%s, again and again", async (_, kind, type) => {
    const { result, simulator } = await calling(call, ({ simulator }) =>
      simulator.order({ kind, times: 10 }),
    );
    const isDone = call === "destroy" && ["cutJson", "empty"].includes(kind.type);
    // Of a deletion only the status counts; whether it is destroyed is seen by reading it.
    if (isDone) return expect(await result).toBeUndefined();
    const error = await failure<errors.HttpError>(result, type);
    expect(error.mayHaveTakenEffect).toBe(call === "create" || call === "destroy");
    // What may have created is not sent again before somebody has looked.
    expect(simulator.requests.length).toBe(call === "create" ? 1 : 5);
  });

  test("a token that is not accepted, told with key and variable, and without the token", async () => {
    const { result, simulator } = await calling(call, ({ simulator }) => {
      simulator.token = "another one";
    });
    const error = await failure(result, errors.Unauthorized);
    expect(error.message).toContain("Invalid token.");
    expect(error.message).toContain("formations:citusToken (or FORMATIONS_CITUS_TOKEN)");
    expect(error.message).toContain("`pulumi up` picks it up");
    expect(error.message).not.toContain("citus-token");
    expect(simulator.requests).toHaveLength(1);
  });

  test("a token that is a word of our own sentences leaves them readable", async () => {
    const { simulator } = await connected();
    // Not a word of a title: the process masks it from here on.
    const config = { citusUrl: simulator.url, citusToken: "revoked" };
    const { api } = await connected({ config });
    const run = calls[call] ?? expect.fail(`no call ${call}`);
    const { message } = await failure(run(api, "kept"), errors.Unauthorized);
    expect(withoutSecrets(message)).toContain("was rejected: it is wrong, expired or revoked.");
    expect(withoutSecrets("The token revoked")).toBe("The token [secret]");
  });

  test.each([
    ["for as long as the server asked for, and no longer", { "retry-after": "7" }, 7_000],
    ["for a while where the server does not say how long", {}, 500],
  ])("not 429: it waits %s", async (_, headers, least) => {
    const { result, simulator, clock } = await calling(call, ({ simulator }) =>
      simulator.order({ kind: { type: "status", status: 429, headers } }),
    );
    await result;
    expect(simulator.requests.map(({ status }) => status)).toEqual([429, expect.any(Number)]);
    const waited = clock.sleeps.reduce((a, b) => a + b, 0);
    expect(waited).toBeGreaterThanOrEqual(least);
    expect(waited).toBeLessThan(least + 1_500);
  });
});

describe("a URL that is not the API's is named", () => {
  const named = "Check that formations:citusUrl (or FORMATIONS_CITUS_URL) points to the API.";
  test.each([
    ["a web page", { type: "html" }],
    ["404 with a web page", { type: "html", status: 404 }],
    ["404 with nothing", { type: "empty", status: 404 }],
    ["a redirect", { type: "redirect", location: "https://elsewhere.example/" }],
  ] as const)("where it answers with %s", async (_, kind) => {
    const { result } = await calling("list", ({ simulator }) => simulator.order({ kind }));
    expect((await failure(result, errors.HttpError)).message).toContain(named);
  });

  test("where nobody answers", async () => {
    const { result } = await calling("list", ({ simulator }) => simulator.refuse());
    expect((await failure(result, errors.NoAnswer)).message).toContain(named);
  });

  test("but not where the time was over before anybody was asked", async () => {
    const { api } = await connected();
    const { message } = await failure(api.list({ deadline: 0 }), errors.NoAnswer);
    expect(message).not.toContain(named);
  });

  test("whole, with the path that it lacks", async () => {
    const { simulator } = await connected();
    const { origin } = new URL(simulator.url);
    simulator.order({ kind: { type: "html", status: 404 } });
    const { api } = await connected({ config: { citusUrl: origin } });
    const { message } = await failure(api.list({}), errors.NotFound);
    expect(message).toContain(`GET ${origin}/formations/ returned 404 with an HTML page`);
    expect(message).toContain(
      `${named} It usually ends in /api/v1; the default is https://console.citusdata.com/api/v1.`,
    );
  });

  test.each([
    ["ftp://citus.example", named],
    ["citus", named],
    [
      "citus.example/api",
      'URL "citus.example/api" has no scheme (did you mean https://citus.example/api?)',
    ],
    ["citus.example:8443", "did you mean https://citus.example:8443?"],
    ["http://citus.example", "set formations:allowHttp (or FORMATIONS_ALLOW_HTTP) to true"],
  ])("where it is %s", async (url, expected) => {
    const { api } = await connected({ config: { citusUrl: url } });
    expect((await failure(api.list({}), errors.InvalidUrl)).message).toContain(expected);
  });

  test("but not where it may be a token", async () => {
    const token = `eyJ${"a".repeat(40)}.eyJ${"b".repeat(80)}.${"c".repeat(43)}`;
    const { api } = await connected({ config: { citusUrl: token } });
    expect((await failure(api.list({}), errors.InvalidUrl)).message).not.toContain("eyJ");
  });

  test.each([
    ["a refusal", { type: "status", status: 403 }],
    ["a failure", { type: "status", status: 501 }],
    ["JSON of another form", { type: "status", status: 200, body: {} }],
    ["404 in the API's words", { type: "status", status: 404, body: { message: "No." } }],
  ] as const)("but not where it answers with %s", async (_, kind) => {
    const { result } = await calling("list", ({ simulator }) => simulator.order({ kind }));
    expect((await failure(result, errors.HttpError)).message).not.toContain("citusUrl");
  });
});

describe("five requests per minute", () => {
  test("are kept by waiting, so that the server refuses none", async () => {
    const { api, simulator, clock } = await connected();
    const start = clock.now();
    const onWait: string[] = [];
    await Promise.all(
      Array.from({ length: 12 }, () => api.list({ onWait: (text) => onWait.push(text) })),
    );
    expect(simulator.requests.map(({ status }) => status)).toEqual(Array(12).fill(200));
    expect(clock.now() - start).toBeGreaterThan(120_000);
    expect(onWait[0]).toMatch(/^Citus Cloud allows 5 requests per minute; waiting/);
  });

  test("are more for an account that may send more", async () => {
    const config = { citusRequestsPerMinute: "60" };
    const { api, clock } = await connected({ requestsPerMinute: 60, config });
    await Promise.all(Array.from({ length: 12 }, () => api.list({})));
    expect(api.requestsPerMinute).toBe(60);
    expect(clock.sleeps).toEqual([]);
  });
});

describe("without a token", () => {
  test("nothing is connected, and key and variable are named", async () => {
    const error = await failure(
      connected({ config: { citusToken: undefined } }),
      ConfigurationError,
    );
    expect(error.message).toBe(
      "Citus Cloud: the API token is missing. Set it with `pulumi config set --secret formations:citusToken` " +
        "or in the environment variable FORMATIONS_CITUS_TOKEN.",
    );
  });

  test.each(["0", "2.5", "many"])("nor with %s requests per minute", async (value) => {
    const config = { citusRequestsPerMinute: value };
    const error = await failure(connected({ config }), ConfigurationError);
    expect(error.message).toContain("formations:citusRequestsPerMinute");
  });
});

test("the API is where Citus Cloud has it, unless the stack says otherwise", () => {
  const { citusUrl, citusRequestsPerMinute } = citus.config.parse({});
  expect(citusUrl).toBe("https://console.citusdata.com/api/v1");
  expect(citusRequestsPerMinute).toBe(5);
});
