import { describe, expect, test } from "vitest";
import { SimulatedClock } from "../../simulators/kit/clock.ts";
import type { FaultKind } from "../../simulators/kit/fault.ts";
import { RateWindow } from "../../simulators/kit/rate.ts";
import type { Route, SimAnswer } from "../../simulators/kit/route.ts";
import { Simulator } from "../../simulators/kit/simulator.ts";
import { running } from "./kit/testing.ts";

/** Keeps notes: the smallest API that has state, a credential and a path with a parameter. */
class NoteSimulator extends Simulator {
  readonly notes = new Map<string, unknown>();

  constructor(speed = 1) {
    super({ speed }, "note-token");
  }

  protected routes(): Route[] {
    const path = "/notes/:id";
    return [
      { method: "GET", path: "/health", isPublic: true, handler: () => ({ status: 204 }) },
      {
        method: "PUT",
        path,
        handler: ({ params, body }) => {
          this.notes.set(params.id ?? "", body);
          return { status: 200, body: { id: params.id, stored: true } };
        },
      },
      {
        method: "GET",
        path,
        handler: ({ params }) => ({ status: 200, body: { note: this.notes.get(params.id ?? "") } }),
      },
    ];
  }

  protected authorize(request: { headers: Record<string, string> }): SimAnswer | undefined {
    return request.headers.authorization === this.token ? undefined : { status: 401 };
  }

  protected notFound(): SimAnswer {
    return { status: 404 };
  }
}

function call(simulator: Simulator, method: string, path: string, init: RequestInit = {}) {
  return fetch(`${simulator.url}${path}`, {
    method,
    headers: { authorization: simulator.token },
    redirect: "manual",
    ...init,
  });
}

function put(simulator: Simulator, init: RequestInit = {}) {
  return call(simulator, "PUT", "/notes/a", { body: '{"text":"x"}', ...init });
}

describe("the simulated clock", () => {
  test("advance jumps by exactly what is asked", () => {
    const clock = new SimulatedClock(0);
    const before = clock.now();
    clock.advance(300_000);
    expect(clock.now() - before).toBe(300_000);
  });

  test("speed makes simulated time pass faster", async () => {
    const clock = new SimulatedClock(10_000);
    const before = clock.now();
    await clock.sleep(50_000);
    expect(clock.now() - before).toBeGreaterThanOrEqual(40_000);
  });

  test("a wait ends when the clock is advanced past it, and not before", async () => {
    const clock = new SimulatedClock(0);
    let ended = false;
    const wait = clock.sleep(1000).then(() => {
      ended = true;
    });
    clock.advance(999);
    await Promise.resolve();
    expect(ended).toBe(false);
    clock.advance(1);
    await wait;
    expect(ended).toBe(true);
  });
});

describe("requests", () => {
  test("are recorded with method, decoded path, query, headers, body and status", async () => {
    const simulator = await running(new NoteSimulator());
    await call(simulator, "PUT", "/notes/a%2Fb%20c?x=1", { body: '{"n":1}' });
    expect(simulator.requests).toMatchObject([
      {
        method: "PUT",
        path: "/notes/a/b c",
        query: { x: "1" },
        headers: { authorization: "note-token" },
        body: { n: 1 },
        status: 200,
        listener: "api",
      },
    ]);
  });

  test("an encoded slash stays within its path segment", async () => {
    const simulator = await running(new NoteSimulator());
    await call(simulator, "PUT", "/notes/a%2Fb", { body: "1" });
    expect([...simulator.notes.keys()]).toEqual(["a/b"]);
  });

  test("a body that is no JSON is recorded as its text", async () => {
    const simulator = await running(new NoteSimulator());
    await call(simulator, "PUT", "/notes/a", { body: "{cut" });
    expect(simulator.requests[0]?.body).toBe("{cut");
  });

  test("are counted by method and path", async () => {
    const simulator = await running(new NoteSimulator());
    await put(simulator);
    await call(simulator, "GET", "/notes/a");
    await call(simulator, "GET", "/notes/b");
    expect([
      simulator.count(),
      simulator.count("GET"),
      simulator.count("GET", "/notes/a"),
      simulator.count(undefined, /^\/notes\/a$/g),
    ]).toEqual([3, 2, 1, 2]);
  });

  test("an unknown route is the API's 404 and is noted as unexpected", async () => {
    const simulator = await running(new NoteSimulator());
    const answer = await call(simulator, "GET", "/notes/a/");
    expect(answer.status).toBe(404);
    expect(simulator.unexpected.splice(0)).toEqual(["GET /notes/a/: no such route"]);
  });

  test("only public routes pass without the credential", async () => {
    const simulator = await running(new NoteSimulator());
    const statuses = [];
    for (const path of ["/health", "/notes/a"]) {
      statuses.push((await call(simulator, "GET", path, { headers: {} })).status);
    }
    expect(statuses).toEqual([204, 401]);
  });

  test("latency delays the answer, not the effect", async () => {
    const simulator = await running(new NoteSimulator());
    simulator.latency = 1_000_000;
    const answer = put(simulator);
    await expect.poll(() => simulator.notes.size, { interval: 1 }).toBe(1);
    expect(simulator.requests[0]?.status).toBe("dropped");
    await Promise.all([expect(answer).rejects.toThrow("fetch failed"), simulator.close()]);
  });

  test("a latency over, the answer comes", async () => {
    const simulator = await running(new NoteSimulator());
    simulator.latency = 10;
    const before = performance.now();
    expect((await put(simulator)).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(8);
  });

  test("a restart keeps the port and the world", async () => {
    const simulator = await running(new NoteSimulator());
    await put(simulator);
    const { url } = simulator;
    await simulator.close();
    await expect(put(simulator)).rejects.toThrow("fetch failed");
    await simulator.start();
    expect(simulator.url).toBe(url);
    expect((await call(simulator, "GET", "/notes/a")).status).toBe(200);
  });

  test("one that refuses is not there until it is started again, on the same port", async () => {
    const simulator = await running(new NoteSimulator());
    const { url } = simulator;
    await simulator.refuse();
    await expect(put(simulator)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
    await simulator.start();
    expect(simulator.url).toBe(url);
    expect((await put(simulator)).status).toBe(200);
  });

  test("a departure is answered whole, and what comes next is refused", async () => {
    const simulator = await running(new NoteSimulator());
    simulator.order({ kind: { type: "departure" } });
    expect(await (await put(simulator)).json()).toEqual({ id: "a", stored: true });
    const refused = await call(simulator, "GET", "/notes/a").catch((error: Error) => error.cause);
    expect(refused).toMatchObject({ code: "ECONNREFUSED" });
    await simulator.start();
    expect((await call(simulator, "GET", "/notes/a")).status).toBe(200);
  });
});

describe("faults", () => {
  const outcomes: [string, FaultKind, { status: number | "dropped"; isStored: boolean }][] = [
    ["status", { type: "status", status: 503 }, { status: 503, isStored: false }],
    [
      "status, applied",
      { type: "status", status: 503, apply: true },
      { status: 503, isStored: true },
    ],
    ["html", { type: "html" }, { status: 200, isStored: false }],
    ["empty", { type: "empty" }, { status: 200, isStored: true }],
    ["redirect", { type: "redirect", location: "/x" }, { status: 302, isStored: false }],
    ["cutJson", { type: "cutJson" }, { status: 200, isStored: true }],
    ["truncated", { type: "truncated" }, { status: 200, isStored: true }],
    ["slowBody", { type: "slowBody", bytesPerSecond: 2000 }, { status: 200, isStored: true }],
    ["endlessBody", { type: "endlessBody" }, { status: 200, isStored: true }],
    ["reset", { type: "reset", apply: false }, { status: "dropped", isStored: false }],
    ["reset, applied", { type: "reset", apply: true }, { status: "dropped", isStored: true }],
    ["hang", { type: "hang", apply: false }, { status: "dropped", isStored: false }],
    ["hang, applied", { type: "hang", apply: true }, { status: "dropped", isStored: true }],
  ];

  test.each(outcomes)("%s: what is recorded, and whether it takes effect", async (...row) => {
    const [, kind, expected] = row;
    const simulator = await running(new NoteSimulator());
    simulator.order({ kind });
    const leave = new AbortController();
    const answered = put(simulator, { signal: leave.signal }).catch(() => undefined);
    if (kind.type === "hang") {
      await expect.poll(() => simulator.requests.length, { interval: 1 }).toBe(1);
      // Answered after the hung one was dealt with.
      await call(simulator, "GET", "/notes/b");
    } else {
      await answered;
    }
    leave.abort();
    expect(simulator.requests[0]?.status).toBe(expected.status);
    expect(simulator.notes.has("a")).toBe(expected.isStored);
  });

  test("a status fault sends its own body and headers", async () => {
    const simulator = await running(new NoteSimulator());
    simulator.order({
      kind: { type: "status", status: 429, body: { a: 1 }, headers: { "Retry-After": "7" } },
    });
    const answer = await put(simulator);
    expect([answer.headers.get("retry-after"), await answer.json()]).toEqual(["7", { a: 1 }]);
  });

  const broken: [string, FaultKind, RegExp][] = [
    ["reset", { type: "reset", apply: true }, /fetch failed/],
    ["truncated", { type: "truncated" }, /^terminated$/],
    ["cutJson", { type: "cutJson" }, /JSON/],
    ["empty", { type: "empty" }, /JSON/],
    ["html", { type: "html" }, /JSON/],
  ];

  test.each(broken)("%s: no JSON comes of it", async (_name, kind, message) => {
    const simulator = await running(new NoteSimulator());
    simulator.order({ kind });
    await expect(put(simulator).then((answer) => answer.json())).rejects.toThrow(message);
  });

  test("a slow body arrives whole", async () => {
    const simulator = await running(new NoteSimulator());
    simulator.order({ kind: { type: "slowBody", bytesPerSecond: 1000 } });
    expect(await (await put(simulator)).json()).toEqual({ id: "a", stored: true });
  });

  test("an endless body goes on past a megabyte", async () => {
    const simulator = await running(new NoteSimulator());
    simulator.order({ kind: { type: "endlessBody" } });
    const leave = new AbortController();
    const { body } = await put(simulator, { signal: leave.signal });
    let received = 0;
    for await (const chunk of body ?? []) {
      received += chunk.length;
      if (received > 1_000_000) break;
    }
    leave.abort();
    expect(received).toBeGreaterThan(1_000_000);
  });

  test("a hung request ends when the simulator closes", async () => {
    const simulator = await running(new NoteSimulator());
    simulator.order({ kind: { type: "hang", apply: false } });
    const answered = put(simulator);
    await expect.poll(() => simulator.requests.length, { interval: 1 }).toBe(1);
    await Promise.all([expect(answered).rejects.toThrow("fetch failed"), simulator.close()]);
  });

  test("strike the method and path named, after those to skip, as often as told", async () => {
    const simulator = await running(new NoteSimulator());
    simulator.order({
      method: "GET",
      path: /^\/notes\//,
      skip: 1,
      times: 2,
      kind: { type: "status", status: 500 },
    });
    const statuses = [(await put(simulator)).status];
    for (let index = 0; index < 4; index += 1) {
      statuses.push((await call(simulator, "GET", "/notes/a")).status);
    }
    expect(statuses).toEqual([200, 200, 500, 500, 200]);
  });

  test("several strike in the order in which they were ordered", async () => {
    const simulator = await running(new NoteSimulator());
    simulator.order({ kind: { type: "status", status: 500 } });
    simulator.order({ kind: { type: "status", status: 503 } });
    const statuses = [(await put(simulator)).status, (await put(simulator)).status];
    expect(statuses).toEqual([500, 503]);
  });

  test("those that never struck are left over", async () => {
    const simulator = await running(new NoteSimulator());
    const fault = { path: "/never", kind: { type: "html" as const } };
    simulator.order(fault);
    simulator.order({ times: 5, kind: { type: "html" } });
    await put(simulator);
    expect(simulator.faultsLeft()).toEqual([fault]);
    simulator.clearFaults();
  });
});

describe("the rate window", () => {
  test("lets so many through in any minute and says how long to wait", () => {
    const window = new RateWindow();
    const answers = [0, 10_000, 30_000, 59_999, 60_000, 60_001, 70_000].map((at) =>
      window.take(at, 2),
    );
    expect(answers).toEqual([undefined, undefined, 30, 1, undefined, 10, undefined]);
  });

  test("lets everything through when the limit is lifted", () => {
    const window = new RateWindow();
    const answers = [1, 2, 3].map((at) => window.take(at, Number.POSITIVE_INFINITY));
    expect(answers).toEqual([undefined, undefined, undefined]);
  });
});
