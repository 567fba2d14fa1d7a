import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { RateBudget } from "../../provider/http/budget/rate-budget.ts";
import { RateLimited, RequestCancelled } from "../../provider/http/errors.ts";
import {
  clientOf,
  createThing,
  failure,
  InstantClock,
  readThing,
  token,
} from "./client-under-test.ts";
import { reply, startServer } from "./server.ts";

const ok = { id: "a" };

/** A budget of its own for the running test, and the clock that it shares with clients. */
async function budgetOf(requestsPerMinute: number) {
  const folder = await mkdtemp(join(tmpdir(), "budget-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const clock = new InstantClock();
  const options = { system: "Test Cloud", token: token, requestsPerMinute, folder, clock };
  return { clock, budget: new RateBudget(options), another: new RateBudget(options) };
}

test("each try takes from the budget", async () => {
  const { clock, budget } = await budgetOf(2);
  const at: number[] = [];
  const began = clock.now();
  const { url } = await startServer((response, _, count) => {
    at.push(clock.now() - began);
    reply(response, count < 4 ? 503 : 200, ok);
  });
  await clientOf(url, { clock, budget }).send(readThing, { id: "a" });
  expect(at).toEqual([0, 1_000, 61_000, 65_000]);
});

test("a 429 makes all who share the budget wait", async () => {
  const { clock, budget, another } = await budgetOf(5);
  const { url } = await startServer((response) => {
    reply(response, 429, "", { "retry-after": "600" });
  });
  await failure(clientOf(url, { clock, budget }).send(readThing, { id: "a" }), RateLimited);
  await another.take();
  expect(clock.sleeps).toEqual([600_000]);
});

test("creations go before polls that were asked for earlier", async () => {
  const { clock, budget } = await budgetOf(1);
  const { url, arrivals } = await startServer((response) => reply(response, 200, ok));
  const client = clientOf(url, { clock, budget });
  await budget.take();
  await Promise.all([
    client.send(readThing, { id: "1" }),
    client.send(readThing, { id: "2" }),
    client.send(createThing, { name: "n" }),
  ]);
  expect(arrivals.map(({ method }) => method)).toEqual(["POST", "GET", "GET"]);
});

test("a budget without room before the deadline is an error, and nothing is sent", async () => {
  const { clock, budget } = await budgetOf(1);
  const { url, arrivals } = await startServer((response) => reply(response, 200, ok));
  await budget.take();
  const deadline = clock.now() + 30_000;
  const sent = clientOf(url, { clock, budget }).send(createThing, { name: "n" }, { deadline });
  const error = await failure(sent, RateLimited);
  expect(error).toMatchObject({ status: undefined, mayHaveTakenEffect: false });
  expect(error.message).toContain(
    "POST /things was not sent: rate limit of 1 request per minute: no slot before the deadline (next in 61 s).",
  );
  expect(arrivals).toHaveLength(0);
});

test("waiting for one's turn is not counted against the default time of a call", async () => {
  const { clock, budget } = await budgetOf(1);
  const { url, arrivals } = await startServer((response, _, count) => {
    reply(response, count < 2 ? 503 : 200, ok);
  });
  await budget.refused(10 * 60_000);
  const told: string[] = [];
  const onWait = (text: string) => told.push(text);
  await clientOf(url, { clock, budget }).send(readThing, { id: "a" }, { onWait });
  expect(arrivals).toHaveLength(2);
  expect(told[0]).toMatch(/^Test Cloud refused an earlier request .*; waiting 600 s\.$/);
});

test("an abort while waiting for one's turn cancels the call", async () => {
  const { clock, budget } = await budgetOf(1);
  const { url, arrivals } = await startServer((response) => reply(response, 200, ok));
  await budget.take();
  const cancel = new AbortController();
  const onWait = () => cancel.abort();
  const sent = clientOf(url, { clock, budget }).send(
    createThing,
    { name: "n" },
    { signal: cancel.signal, onWait },
  );
  expect(await failure(sent, RequestCancelled)).toMatchObject({ mayHaveTakenEffect: false });
  expect(arrivals).toHaveLength(0);
});
