import { expect, test } from "vitest";
import { z } from "zod";
import type { Clock } from "../../provider/process/clock.ts";
import { defineSystem } from "../../provider/resource/definition.ts";
import { ConfigurationError } from "../../provider/resource/errors.ts";
import { createSession, Pace } from "../../provider/resource/session.ts";
import { InstantClock } from "../support/clock.ts";

/** A made-up system that remembers with what its clients were made. */
function made() {
  const connections: { url: string; clock: Clock }[] = [];
  const system = defineSystem({
    name: "acme",
    title: "Acme Cloud",
    config: z.object({ acmeUrl: z.string() }),
    probe: async () => {},
    connect: ({ acmeUrl }, clock) => ({ number: connections.push({ url: acmeUrl, clock }) }),
  });
  return { system, connections };
}

test("a system that is not used needs no configuration", () => {
  const { system, connections } = made();
  const session = createSession(() => undefined, {});
  expect(connections).toEqual([]);
  expect(() => session.api(system)).toThrow(ConfigurationError);
});

test("a client is made once, from the configuration, and waits on the session's clock", () => {
  const { system, connections } = made();
  const clock = new InstantClock();
  const session = createSession((key) => (key === "acmeUrl" ? "https://a" : undefined), {}, clock);
  expect(session.api(system)).toBe(session.api(system));
  expect(connections).toEqual([{ url: "https://a", clock }]);
  expect(session.clock).toBe(clock);
});

test("a configuration that was missing is asked for again at the next use", () => {
  const { system } = made();
  const environment: NodeJS.ProcessEnv = {};
  const session = createSession(() => undefined, environment);
  expect(() => session.api(system)).toThrow(ConfigurationError);
  environment.FORMATIONS_ACME_URL = "https://b";
  expect(session.api(system)).toEqual({ number: 1 });
});

test("each system has a client of its own", () => {
  const [one, other] = [made(), made()];
  const session = createSession(() => undefined, { FORMATIONS_ACME_URL: "https://a" });
  expect(session.api(one.system)).not.toBe(session.api(other.system));
});

test.each<[string, unknown, string | undefined, number]>([
  ["an hour", undefined, undefined, 3_600_000],
  ["the stack's", "1h30m", "2m", 5_400_000],
  ["the environment's", undefined, "2m", 120_000],
  ["the environment's where the stack's is empty", "", "90s", 90_000],
  ["days", "1d", undefined, 86_400_000],
  ["fractions", "0.5h", undefined, 1_800_000],
])("what has no limit of its own may take %s", (_, ofStack, ofEnvironment, expected) => {
  const environment = { FORMATIONS_TIMEOUT: ofEnvironment };
  const session = createSession((key) => (key === "timeout" ? ofStack : undefined), environment);
  expect(session.timeout).toBe(expected);
});

test.each(["30", "half an hour", "-5m", "0s", "5m!", "5 m"])(
  "a timeout of %s is refused at the first use of a system",
  (timeout) => {
    const { system } = made();
    const session = createSession((key) => (key === "timeout" ? timeout : undefined), {
      FORMATIONS_ACME_URL: "https://a",
    });
    expect(() => session.api(system)).toThrow(
      `Acme Cloud: formations:timeout (or FORMATIONS_TIMEOUT) is "${timeout}"; it must be a duration: 90s, 30m, 1h30m`,
    );
  },
);

test("what will be replaced is noted with its predecessors, in one session alone", () => {
  const session = createSession(() => undefined);
  session.willReplace("a");
  session.willReplace("b", ["c", "d"]);
  expect(session.replaced).toEqual(new Set(["a", "b", "c", "d"]));
  expect(createSession(() => undefined).replaced).toEqual(new Set());
});

test("the pace is the longest of the last steps from a check to its diff", () => {
  const clock = new InstantClock();
  const pace = new Pace(clock);
  expect(pace).toMatchObject({ step: 0, resources: 0 });
  for (const [urn, step] of [
    ["a", 5],
    ["b", 30],
    ["c", 2],
  ] as const) {
    pace.planned(urn);
    clock.advance(step);
    pace.planned(urn);
    // From one resource to the next, the program may have waited for something else.
    clock.advance(10_000);
  }
  expect(pace).toMatchObject({ step: 30, resources: 3, plannedAt: clock.now() - 10_000 });
  for (let count = 0; count < 8; count += 1) {
    pace.planned(`d${count}`);
    clock.advance(1);
    pace.planned(`d${count}`);
  }
  expect(pace.step).toBe(1);
});
