import { describe, expect, test } from "vitest";
import { FormationsError } from "../../provider/errors.ts";
import { Cancelled, ResourceFailed, WaitTimedOut } from "../../provider/resource/errors.ts";
import {
  duration,
  nextLook,
  type Verdict,
  type Wait,
  waitUntil,
} from "../../provider/resource/wait.ts";
import { InstantClock } from "../support/clock.ts";
import { failure } from "../support/failure.ts";

/** What each state of a made-up resource means. */
const verdicts: Record<string, Verdict> = {
  ready: "done",
  broken: { failed: "it is broken" },
};

/** A wait for a resource that shows one state after the other, the last forever. */
function waitFor(states: string[], wait: Partial<Wait<string>> = {}) {
  const clock = new InstantClock();
  const looks: number[] = [];
  const progress: string[] = [];
  const aborter = new AbortController();
  const start = clock.now();
  const run = () =>
    waitUntil<string>({
      what: 'replica "db"',
      poll: async () => {
        looks.push(clock.now() - start);
        return states[Math.min(looks.length, states.length) - 1] ?? "";
      },
      verdict: (state) => verdicts[state] ?? "waiting",
      describe: (state) => `state ${state}`,
      deadline: start + 600_000,
      signal: aborter.signal,
      clock,
      progress: (text) => progress.push(text),
      ...wait,
    });
  return { run, clock, looks, progress, aborter, start };
}

describe("the time to the next look", () => {
  test.each([
    ["is the floor at first", 0, undefined, 250],
    ["is the floor as long as a quarter is less", 1_000, undefined, 250],
    ["is a quarter of the time waited so far", 8_000, undefined, 2_000],
    ["is the cap at most", 60_000, undefined, 15_000],
    ["stays the cap", 3_600_000, undefined, 15_000],
    ["takes another floor", 0, { floor: 12_000 }, 12_000],
    ["takes another part", 8_000, { part: 8 }, 1_000],
    ["takes another cap", 3_600_000, { cap: 30_000 }, 30_000],
    ["is the floor where that is above the cap", 3_600_000, { floor: 60_000, cap: 30_000 }, 60_000],
  ])("%s", (_, elapsed, pace, expected) => {
    expect(nextLook(elapsed, pace)).toBe(expected);
  });
});

describe("waiting", () => {
  test("ends with the first look where that is enough, without a pause", async () => {
    const { run, clock, progress } = waitFor(["ready"]);
    expect(await run()).toBe("ready");
    expect(clock.sleeps).toEqual([]);
    expect(progress).toEqual([]);
  });

  test("looks more and more seldom, up to the cap", async () => {
    const states = [...Array.from({ length: 40 }, () => "creating"), "ready"];
    const { run, clock, looks } = waitFor(states);
    await run();
    expect(looks).toHaveLength(41);
    expect(clock.sleeps[0]).toBe(250);
    expect(clock.sleeps).toEqual([...clock.sleeps].sort((a, b) => a - b));
    expect(clock.sleeps.at(-1)).toBe(15_000);
  });

  test("goes on through states that nobody knows", async () => {
    const { run, looks } = waitFor(["creating", "levitating", "converging", "ready"]);
    expect(await run()).toBe("ready");
    expect(looks).toHaveLength(4);
  });

  test("tells after each look what it saw, and for how long it has waited", async () => {
    const { run, progress } = waitFor(["creating", "converging", "ready"], {
      pace: { floor: 40_000 },
    });
    await run();
    expect(progress).toEqual(["state creating, 0 s", "state converging, 40 s"]);
  });

  test("ends at once at a known failure", async () => {
    const { run, clock, looks } = waitFor(["creating", "broken", "ready"]);
    const error = await failure(run(), ResourceFailed);
    expect(error.message).toBe('Waiting for replica "db": it is broken.');
    expect(error.code).toBe("RESOURCE_FAILED");
    expect(looks).toHaveLength(2);
    expect(clock.sleeps).toHaveLength(1);
  });

  test("ends with the error of a look that fails", async () => {
    const { run } = waitFor([], { poll: () => Promise.reject(new RangeError("no answer")) });
    expect((await failure(run(), RangeError)).message).toBe("no answer");
  });
});

/** A request that was not sent, since there was no turn for it in time. */
class NoTurn extends FormationsError {
  readonly code = "NO_TURN";
  override readonly outOfTime = true;
}

describe("at the deadline, waiting", () => {
  test.each([
    ["was the first", [], "nothing yet", "0 s"],
    ["was another", ["creating"], "state creating", "12 s"],
  ])("ends where a look would be too late that %s", async (_, seen, last, waited) => {
    const { run } = waitFor([], {
      pace: { floor: 12_000 },
      poll: async () => seen.shift() ?? Promise.reject(new NoTurn("There is no turn.")),
    });
    const error = await failure(run(), WaitTimedOut);
    expect(error.message).toBe(
      `Waited ${waited} for replica "db"; last seen: ${last}. There is no turn. ` +
        "It may still finish; the next `pulumi up` resumes waiting.",
    );
    expect(error.cause).toBeInstanceOf(NoTurn);
  });

  test("ends before a pause that would go beyond it, and says what was seen last", async () => {
    const { run, clock, start } = waitFor(["creating"], { pace: { floor: 60_000 } });
    const error = await failure(run(), WaitTimedOut);
    expect(error.message).toBe(
      'Waited 10 min for replica "db"; last seen: state creating. ' +
        "It may still finish; the next `pulumi up` resumes waiting.",
    );
    expect(error.code).toBe("WAIT_TIMED_OUT");
    expect(clock.now() - start).toBe(600_000);
  });

  test("still succeeds with a look on the minute", async () => {
    const states = [...Array.from({ length: 10 }, () => "creating"), "ready"];
    const { run } = waitFor(states, { pace: { floor: 60_000 } });
    expect(await run()).toBe("ready");
  });

  test("has looked once though no time was left", async () => {
    const { run, looks } = waitFor(["creating"], { deadline: 0 });
    await failure(run(), WaitTimedOut);
    expect(looks).toEqual([0]);
  });
});

describe("when it is cancelled, waiting", () => {
  test("does not look any more", async () => {
    const { run, aborter, looks } = waitFor(["ready"]);
    aborter.abort();
    const error = await failure(run(), Cancelled);
    expect(error.message).toBe(
      'Cancelled while waiting for replica "db". What was created stays in the state. Run the command again to resume.',
    );
    expect(looks).toEqual([]);
  });

  test("ends in the pause that it is in", async () => {
    const { run, aborter, clock, looks } = waitFor(["creating", "ready"]);
    clock.onSleep = () => aborter.abort();
    expect((await failure(run(), Cancelled)).code).toBe("CANCELLED");
    expect(looks).toHaveLength(1);
  });

  test("ends as cancelled in a look that it is in, too", async () => {
    const aborter = new AbortController();
    const lost = new RangeError("the request was cancelled");
    const poll = () => {
      aborter.abort();
      return Promise.reject(lost);
    };
    const { run } = waitFor([], { signal: aborter.signal, poll });
    const error = await failure(run(), Cancelled);
    expect(error.message).toMatch(/^Cancelled while waiting for replica "db"\./);
    expect(error.cause).toBe(lost);
  });

  test("is not confused with a clock that fails", async () => {
    const clock = { now: () => 0, sleep: () => Promise.reject(new RangeError("no time")) };
    const { run } = waitFor(["creating"], { clock, deadline: 1_000 });
    await failure(run(), RangeError);
  });
});

describe("a time span for people", () => {
  test.each([
    [0, "0 s"],
    [499, "0 s"],
    [45_000, "45 s"],
    [59_600, "1 min"],
    [60_000, "1 min"],
    [190_000, "3 min 10 s"],
    [3_599_000, "59 min 59 s"],
    [3_600_000, "1 h"],
    [3_900_000, "1 h 5 min"],
    [3_659_000, "1 h"],
    [90_000_000, "25 h"],
  ])("%i ms is %s", (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});
