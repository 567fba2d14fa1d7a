import { expect, test } from "vitest";
import { InstantClock } from "../support/clock.ts";
import { queueOf } from "./queue.ts";

/** The first batch of a queue to which another update comes at the end of each window. */
async function firstBatch(updates: number) {
  const clock = new InstantClock();
  const { update, sent } = queueOf({ clock });
  let left = updates - 1;
  clock.onSleep = () => {
    if (left-- > 0) void update(`type${left}`);
  };
  await update(`type${left}`);
  return { size: sent[0]?.length, sleeps: clock.sleeps };
}

test("each update that joins a batch leaves 200 ms for the next", async () => {
  expect(await firstBatch(3)).toEqual({ size: 3, sleeps: [200, 200, 200] });
});

test("a batch is sent after two seconds, however many go on joining", async () => {
  const { size, sleeps } = await firstBatch(1_000);
  expect(size).toBe(11);
  expect(sleeps).toHaveLength(10);
});
