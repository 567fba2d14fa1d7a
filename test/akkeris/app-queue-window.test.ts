import { expect, test } from "vitest";
import { AppQueue } from "../../provider/akkeris/app-queue.ts";
import { InstantClock } from "../support/clock.ts";

/** The first batch of a queue to which another update comes at the end of each window. */
async function firstBatch(updates: number) {
  const clock = new InstantClock();
  const queue = new AppQueue<number, number>(clock, async (tickets) => {
    for (const { resolve } of tickets) resolve(tickets.length);
  });
  let left = updates - 1;
  clock.onSleep = () => {
    if (left-- > 0) void queue.update(left);
  };
  return { size: await queue.update(left), sleeps: clock.sleeps };
}

test("each update that joins a batch leaves 200 ms for the next", async () => {
  expect(await firstBatch(3)).toEqual({ size: 3, sleeps: [200, 200, 200] });
});

test("a batch is sent after two seconds, however many go on joining", async () => {
  const { size, sleeps } = await firstBatch(1_000);
  expect(size).toBe(11);
  expect(sleeps).toHaveLength(10);
});
