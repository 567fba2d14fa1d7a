import { expect, test } from "vitest";
import { queueOf } from "./queue.ts";

test("mutations run one after another, and go on after one that failed", async () => {
  const { run, clock } = queueOf();
  const log: string[] = [];
  const mutation = (name: string) => async () => {
    log.push(`${name} begins`);
    await clock.sleep(1);
    log.push(`${name} ends`);
    if (name === "b") throw new Error("b failed");
    return name;
  };
  const results = await Promise.allSettled(["a", "b", "c"].map((name) => run(mutation(name))));
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(log).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});

test("updates that come together are sent together", async () => {
  const { resize, sent } = queueOf();
  const results = await Promise.all(["a", "b", "c"].map(resize));
  expect(results).toEqual(["a,b,c", "a,b,c", "a,b,c"]);
  expect(sent).toEqual([["a", "b", "c"]]);
});

test("updates that waited for a mutation wait no longer than that", async () => {
  const { run, resize, clock } = queueOf();
  const mutation = run(() => clock.sleep(200));
  await Promise.all([mutation, resize("a")]);
  expect(clock.sleeps).toEqual([200]);
});

test("an update that comes while a batch is sent goes with the next", async () => {
  let late: Promise<unknown> | undefined;
  const { resize, sent } = queueOf({
    onPatch: () => {
      late ??= resize("late");
    },
  });
  await resize("early");
  await late;
  expect(sent).toEqual([["early"], ["late"]]);
});

test("updates fail with the error that their batch ends with, and the next batch is sent", async () => {
  let broken = true;
  const { resize } = queueOf({
    onPatch: () => {
      if (broken) throw new Error("no list");
    },
  });
  await expect(Promise.all(["a", "b"].map(resize))).rejects.toThrow("no list");
  broken = false;
  expect(await resize("c")).toBe("c");
});
