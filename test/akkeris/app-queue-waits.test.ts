import { describe, expect, test } from "vitest";
import { InstantClock } from "../support/clock.ts";
import { queueOf } from "./queue.ts";

/** How long a queue slept while something was done, in milliseconds. */
async function timeOf(clock: InstantClock, work: Promise<unknown>): Promise<number> {
  const began = clock.now();
  await work;
  return clock.now() - began;
}

describe("a change that redeploys nothing", () => {
  test("waits for nobody, where no other formation of the app is known", async () => {
    const { scale, clock } = queueOf();
    await scale("a");
    expect(clock.sleeps).toEqual([]);
  });

  test("goes with those that come in the same burst", async () => {
    const { scale, sent } = queueOf();
    await Promise.all(["a", "b", "c"].map(scale));
    expect(sent).toEqual([["a", "b", "c"]]);
  });

  test("goes with what is being collected, and with what waits for a PATCH in flight", async () => {
    let later: Promise<unknown> | undefined;
    const { scale, resize, sent } = queueOf({
      onPatch: () => {
        later ??= Promise.all([resize("c"), scale("d")]);
      },
    });
    await Promise.all([resize("a"), scale("b")]);
    await later;
    expect(sent).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
  });

  test("waits a moment for callers that a PATCH has served, where others of the app are known", async () => {
    const clock = new InstantClock();
    let early: Promise<unknown> | undefined;
    let late: Promise<unknown> | undefined;
    const { scale, plan, sent } = queueOf({
      clock,
      onPatch: () => {
        early ??= scale("b");
        clock.onSleep = () => {
          late ??= scale("c");
        };
      },
    });
    for (const type of ["a", "b", "c"]) plan(type);
    await scale("a");
    await early;
    await late;
    expect(sent).toEqual([["a"], ["b", "c"]]);
  });

  test("waits for no update that is announced", async () => {
    const { scale, plan, clock } = queueOf();
    plan("b");
    expect(await timeOf(clock, scale("a"))).toBeLessThanOrEqual(10);
  });
});

describe("a change that redeploys", () => {
  test("waits for an update that is announced", async () => {
    const clock = new InstantClock();
    const { resize, plan, sent } = queueOf({ clock });
    for (const type of ["a", "b"]) plan(type);
    let waited = 0;
    let late: Promise<unknown> | undefined;
    clock.onSleep = (ms) => {
      waited += ms;
      if (waited >= 150) late ??= resize("b");
    };
    await resize("a");
    await late;
    expect(sent).toEqual([["a", "b"]]);
  });

  test("waits 200 ms for one that is announced and does not come", async () => {
    const { resize, plan, clock } = queueOf();
    for (const type of ["a", "b"]) plan(type);
    expect(await timeOf(clock, resize("a"))).toBe(200);
  });

  test("goes at once when the engine can ask for nothing more", async () => {
    const { resize, plan, clock, sent } = queueOf({ slots: 3 });
    for (const type of ["a", "b", "c", "d"]) plan(type);
    expect(await timeOf(clock, Promise.all(["a", "b", "c"].map(resize)))).toBe(0);
    expect(sent).toEqual([["a", "b", "c"]]);
  });

  test("waits no longer than the engine takes for a few steps, where nothing is announced", async () => {
    const { resize, plan, clock } = queueOf();
    plan("a", 10);
    expect(await timeOf(clock, resize("a"))).toBe(30);
  });

  test("is sent after two seconds, however many go on joining", async () => {
    const clock = new InstantClock();
    const { resize, plan, sent } = queueOf({ clock, slots: Number.POSITIVE_INFINITY });
    plan("a", 100);
    let joined = 0;
    clock.onSleep = () => {
      joined += 1;
      if (joined < 1_000) void resize(`later${joined}`);
    };
    expect(await timeOf(clock, resize("a"))).toBe(2_000);
    expect(sent[0]?.length).toBeGreaterThan(100);
  });
});
