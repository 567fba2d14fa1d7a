import { expect, test } from "vitest";
import { AppQueue, type Ticket } from "../../provider/akkeris/app-queue.ts";
import { InstantClock } from "../support/clock.ts";

/** A queue that answers each update with the updates that were sent with it. */
function queueOf(clock = new InstantClock()) {
  const sent: string[][] = [];
  const queue = new AppQueue<string, string>(clock, async (tickets) => {
    const batch = tickets.map(({ update }) => update);
    sent.push(batch);
    for (const { resolve } of tickets) resolve(batch.join());
  });
  return { queue, sent, clock };
}

test("mutations run one after another, and go on after one that failed", async () => {
  const { queue, clock } = queueOf();
  const log: string[] = [];
  const mutation = (name: string) => async () => {
    log.push(`${name} begins`);
    await clock.sleep(1);
    log.push(`${name} ends`);
    if (name === "b") throw new Error("b failed");
    return name;
  };
  const results = await Promise.allSettled(
    ["a", "b", "c"].map((name) => queue.run(mutation(name))),
  );
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(log).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});

test("updates wait 200 ms for others", async () => {
  const { queue, sent, clock } = queueOf();
  const results = await Promise.all(["a", "b", "c"].map((update) => queue.update(update)));
  expect(results).toEqual(["a,b,c", "a,b,c", "a,b,c"]);
  expect(sent).toEqual([["a", "b", "c"]]);
  expect(clock.sleeps).toEqual([200]);
});

test("updates that waited for a mutation wait no longer than that", async () => {
  const { queue, clock } = queueOf();
  const mutation = queue.run(() => clock.sleep(200));
  await Promise.all([mutation, queue.update("a")]);
  expect(clock.sleeps).toEqual([200, 0]);
});

test("an update that comes while a batch is sent goes with the next", async () => {
  const clock = new InstantClock();
  const sent: string[][] = [];
  let late: Promise<void> | undefined;
  const queue = new AppQueue<string, void>(clock, async (tickets) => {
    sent.push(tickets.map(({ update }) => update));
    late ??= queue.update("late");
    for (const { resolve } of tickets) resolve();
  });
  await queue.update("early");
  await late;
  expect(sent).toEqual([["early"], ["late"]]);
});

test("updates fail with the error that their batch ends with, and the next batch is sent", async () => {
  let broken = true;
  const queue = new AppQueue<string, string>(
    new InstantClock(),
    async (tickets: readonly Ticket<string, string>[]) => {
      if (broken) throw new Error("no list");
      for (const { update, resolve } of tickets) resolve(update);
    },
  );
  await expect(Promise.all(["a", "b"].map((update) => queue.update(update)))).rejects.toThrow(
    "no list",
  );
  broken = false;
  expect(await queue.update("c")).toBe("c");
});
