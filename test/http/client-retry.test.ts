import { expect, test } from "vitest";
import {
  NoAnswer,
  RateLimited,
  RequestCancelled,
  ServerFailure,
  Unauthorized,
} from "../../provider/http/errors.ts";
import { closedPort } from "../support/closed-port.ts";
import {
  clientOf,
  createThing,
  failure,
  InstantClock,
  putThing,
  readThing,
} from "./client-under-test.ts";
import { reply, startServer } from "./server.ts";

const ok = { id: "a" };

test.each([500, 502, 503, 504])("a read that is answered %i is sent again", async (status) => {
  const { url, arrivals } = await startServer((response, _, count) => {
    reply(response, count < 3 ? status : 200, ok);
  });
  await clientOf(url).send(readThing, { id: "a" });
  expect(arrivals).toHaveLength(3);
});

test("a read of which the first failure is final is not sent again", async () => {
  const { url, arrivals } = await startServer((response) => reply(response, 503));
  const read = clientOf(url).send(readThing, { id: "a" }, { once: true });
  expect(await failure(read, ServerFailure)).toMatchObject({ tries: 1 });
  expect(arrivals).toHaveLength(1);
});

test.each([500, 502, 503, 504])("a POST that is answered %i is not sent again", async (status) => {
  const { url, arrivals } = await startServer((response) => reply(response, status));
  const error = await failure(clientOf(url).send(createThing, { name: "n" }), ServerFailure);
  expect(arrivals).toHaveLength(1);
  expect(error).toMatchObject({ retryable: true, mayHaveTakenEffect: true, tries: 1 });
});

test("a POST that says it is repeatable is sent again, the same to the last header", async () => {
  const { url, arrivals } = await startServer((response, _, count) => {
    reply(response, count < 3 ? 503 : 201, ok);
  });
  const repeatable = { ...createThing, repeatable: true };
  await clientOf(url).send(repeatable, { name: "n" }, { headers: { "idempotency-key": "k" } });
  expect(arrivals).toHaveLength(3);
  expect(arrivals[1]).toEqual(arrivals[0]);
  expect(arrivals[2]).toEqual(arrivals[0]);
});

test("a PUT is sent again", async () => {
  const { url, arrivals } = await startServer((response, _, count) => {
    reply(response, count < 2 ? 500 : 204);
  });
  await clientOf(url).send(putThing, { id: "a" });
  expect(arrivals).toHaveLength(2);
});

test("a failure that stays is tried five times, with growing delays", async () => {
  const clock = new InstantClock();
  const { url, arrivals } = await startServer((response) => reply(response, 503));
  const error = await failure(clientOf(url, { clock }).send(readThing, { id: "a" }), ServerFailure);
  expect(arrivals).toHaveLength(5);
  expect(clock.sleeps).toEqual([1_000, 2_000, 4_000, 8_000]);
  expect(error.message).toContain("(5 tries)");
});

test.each([400, 401, 403, 404, 409, 410, 422, 501])("%i is final", async (status) => {
  const { url, arrivals } = await startServer((response) => reply(response, status));
  await expect(clientOf(url).send(readThing, { id: "a" })).rejects.toMatchObject({ status });
  expect(arrivals).toHaveLength(1);
});

test("a POST that is answered 429 is sent again, however often, without Retry-After too", async () => {
  const { url, arrivals } = await startServer((response, _, count) => {
    reply(response, count < 8 ? 429 : 201, ok);
  });
  await clientOf(url).send(createThing, { name: "n" });
  expect(arrivals).toHaveLength(8);
});

test("refusals do not use up the tries of other failures", async () => {
  const { url, arrivals } = await startServer((response, _, count) => {
    reply(response, count <= 6 ? 429 : count === 7 ? 503 : 200, ok);
  });
  await clientOf(url).send(readThing, { id: "a" });
  expect(arrivals).toHaveLength(8);
});

test.each([
  ["seconds", () => "45"],
  ["a date", (now: number) => new Date(now + 45_000).toUTCString()],
])("Retry-After in %s is kept to", async (_, retryAfter) => {
  const clock = new InstantClock();
  const { url } = await startServer((response, __, count) => {
    const now = clock.now();
    // Node.js' own date may be of another second.
    const headers = { "retry-after": retryAfter(now), date: new Date(now).toUTCString() };
    reply(response, count < 2 ? 429 : 200, ok, headers);
  });
  await clientOf(url, { clock, random: () => 0 }).send(readThing, { id: "a" });
  expect(clock.sleeps).toEqual([45_000]);
});

test("a 503's Retry-After is kept to", async () => {
  const clock = new InstantClock();
  const { url } = await startServer((response, _, count) => {
    reply(response, count < 2 ? 503 : 200, ok, { "retry-after": "7" });
  });
  await clientOf(url, { clock, random: () => 0 }).send(readThing, { id: "a" });
  expect(clock.sleeps).toEqual([7_000]);
});

test("a wait that would go beyond the deadline is not begun", async () => {
  const clock = new InstantClock();
  const { url, arrivals } = await startServer((response) => {
    reply(response, 429, "Slow down.", { "retry-after": "61", "x-request-id": "r-1" });
  });
  const deadline = clock.now() + 60_000;
  const client = clientOf(url, { clock, random: () => 0, hints: () => "Ask for more." });
  const error = await failure(client.send(readThing, { id: "a" }, { deadline }), RateLimited);
  expect(error).toMatchObject({ retryAfterMs: 61_000, mayHaveTakenEffect: false, outOfTime: true });
  expect(error.message).toBe(
    `Test Cloud: could not read thing: GET /things/a returned 429: Slow down (request ID r-1). Not retried: the server asked for a 61 s delay, which is past the deadline (${new Date(deadline).toISOString()}). Run the command again later. Ask for more.`,
  );
  expect([arrivals.length, clock.sleeps.length]).toEqual([1, 0]);
});

test("without a deadline a call ends within five minutes", async () => {
  const clock = new InstantClock();
  const began = clock.now();
  const { url } = await startServer((response) => reply(response, 429));
  await failure(clientOf(url, { clock }).send(readThing, { id: "a" }), RateLimited);
  expect(clock.now() - began).toBeGreaterThan(4 * 60_000);
  expect(clock.now() - began).toBeLessThanOrEqual(5 * 60_000);
});

test("a call that may take an hour has five minutes more", async () => {
  const { url, arrivals } = await startServer((response, _, count) => {
    reply(response, count < 2 ? 429 : 201, ok, { "retry-after": "1800" });
  });
  await clientOf(url).send({ ...createThing, timeoutSeconds: 3_600 }, { name: "n" });
  expect(arrivals).toHaveLength(2);
});

test("after the deadline nothing is sent", async () => {
  const clock = new InstantClock();
  const { url, arrivals } = await startServer((response) => reply(response, 200, ok));
  const sent = clientOf(url, { clock }).send(readThing, { id: "a" }, { deadline: clock.now() });
  const error = await failure(sent, NoAnswer);
  expect(error.message).toContain("was not sent: the deadline had already passed");
  expect(arrivals).toHaveLength(0);
});

test("an abort during the delay ends the call", async () => {
  const cancel = new AbortController();
  const clock = {
    now: () => 0,
    sleep: (_ms: number, signal?: AbortSignal) => {
      return new Promise<void>((_, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason));
        cancel.abort(new Error("enough"));
      });
    },
  };
  const { url, arrivals } = await startServer((response) => reply(response, 503));
  const sent = clientOf(url, { clock }).send(readThing, { id: "a" }, { signal: cancel.signal });
  const error = await failure(sent, RequestCancelled);
  expect(error.cause).toMatchObject({ message: "enough" });
  expect(arrivals).toHaveLength(1);
});

test("a caller hears why and how long a call waits", async () => {
  const { url } = await startServer((response, _, count) => {
    reply(response, count < 2 ? 429 : 200, count < 2 ? "slow down" : ok, { "retry-after": "9" });
  });
  const told: string[] = [];
  const onWait = (text: string) => told.push(text);
  await clientOf(url, { random: () => 0 }).send(readThing, { id: "a" }, { onWait });
  expect(told).toEqual([
    "Test Cloud: could not read thing: GET /things/a returned 429: slow down. Retrying in 9 s.",
  ]);
});

test("a refused connection is retried for a POST too, since nothing was sent", async () => {
  const clock = new InstantClock();
  const client = clientOf(`http://127.0.0.1:${await closedPort()}`, { clock });
  const error = await failure(client.send(createThing, { name: "n" }), NoAnswer);
  expect(error).toMatchObject({ sent: false, mayHaveTakenEffect: false, tries: 5 });
});

test("a doubt stays: what a later try was answered does not settle an earlier one", async () => {
  const { url } = await startServer((response, _, count) => {
    if (count === 1) response.socket?.destroy();
    else reply(response, 401);
  });
  const error = await failure(clientOf(url).send(putThing, { id: "a" }), Unauthorized);
  expect(error).toMatchObject({ mayHaveTakenEffect: true, tries: 2 });
});
