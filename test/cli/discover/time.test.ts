import { expect, test, vi } from "vitest";
import type { CommandCall } from "../../../cli/call.ts";
import { takeInventory } from "../../../cli/discover/inventory.ts";
import { watchedCall } from "../../../cli/terminal/progress.ts";
import { list, simulated } from "../../citus/world.ts";
import { InstantClock } from "../../support/clock.ts";
import { configure, systems } from "./world.ts";

/** A Citus with formations, on whose time nobody waits, and a call that remembers what it hears. */
async function citusWith(count: number) {
  await systems();
  const { simulator, clock } = await simulated();
  for (let at = 0; at < count; at += 1) simulator.addFormation({ name: `orders-${at}` });
  configure({ citusUrl: simulator.url, citusToken: simulator.token });
  const heard = { said: [] as string[], progress: [] as string[], waits: [] as string[] };
  const call: CommandCall = {
    clock,
    deadline: clock.now() + 2 * 3_600_000,
    signal: new AbortController().signal,
    say: (line) => heard.said.push(line),
    progress: (text) => heard.progress.push(text),
    onWait: (text) => heard.waits.push(text),
  };
  return { simulator, clock, call, heard };
}

test.each([
  { count: 3, seconds: 0, minimum: 0, said: undefined },
  { count: 12, seconds: 122, minimum: 120, said: "about 2 minutes" },
  { count: 40, seconds: 488, minimum: 480, said: "about 8 minutes" },
])(
  "discovering $count formations takes $seconds seconds where the limit itself makes it $minimum, which is said beforehand",
  async ({ count, seconds, minimum, said }) => {
    const { simulator, clock, call, heard } = await citusWith(count);
    const began = clock.now();

    const { found, failures } = await takeInventory({ system: ["citus"] }, call);

    const took = (clock.now() - began) / 1_000;
    // The list and the reads at five per minute; the budget's minute is a second longer than the server's.
    expect(minimum).toBe(Math.floor(count / 5) * 60);
    expect(took).toBe(seconds);
    expect([found.length, failures]).toEqual([count, []]);
    expect(simulator.requests).toHaveLength(count + 1);
    expect(simulator.requests.filter(({ status }) => status !== 200)).toEqual([]);
    expect(heard.said).toEqual(
      said
        ? [
            `Citus Cloud: ${count} formations; with 5 requests per minute, reading them takes ${said}.`,
          ]
        : [],
    );
    expect(heard.progress.at(-1)).toBe(`Citus Cloud: ${count} of ${count} formations read`);
    expect(heard.waits).toHaveLength(Math.floor(count / 5));
    for (const [at, wait] of heard.waits.entries()) {
      expect(wait).toMatch(/^Citus Cloud allows 5 requests per minute; waiting \d+ s\.$/);
      expect(heard.progress).toContain(`${wait} ${5 * at + 4} of ${count} formations read`);
    }
  },
);

test("the estimate counts only what has to be read, and is said before the first read", async () => {
  const { simulator, call, heard } = await citusWith(40);
  let before: string[] | undefined;
  const say = (line: string) => {
    before ??= simulator.requests.map(({ path }) => path);
    call.say(line);
  };

  await takeInventory({ system: ["citus"], name: ["orders-1*"] }, { ...call, say });

  expect(before).toEqual([list]);
  expect(heard.said).toEqual([
    "Citus Cloud: 40 formations; with 5 requests per minute, reading 11 of them takes about 2 minutes.",
  ]);
});

/** A screen that remembers what was written. */
function screen(isTTY: boolean, columns?: number) {
  const written: string[] = [];
  return { written, isTTY, columns, write: (text: string) => written.push(text) };
}

test("a terminal shows progress in one line, within its columns, and what waits says why", () => {
  const shown = screen(true, 80);
  const call = watchedCall(1_000, { screen: shown, clock: new InstantClock() });

  call.progress?.("Citus Cloud: 1 of 12 formations read");
  call.onWait("The server is busy; waiting 2 s.");
  call.progress?.(
    "Citus Cloud allows 5 requests per minute; waiting 55 s. 1 of 12 formations read; Akkeris: 9 app formations listed",
  );
  call.progress?.("Citus Cloud: 2 of 12 formations read");
  call.end();

  const erase = "\u001b[K";
  expect(shown.written).toEqual([
    `\rCitus Cloud: 1 of 12 formations read${erase}`,
    `\rThe server is busy; waiting 2 s. Citus Cloud: 1 of 12 formations read${erase}`,
    `\rCitus Cloud allows 5 requests per minute; waiting 55 s. 1 of 12 formations rea…${erase}`,
    `\rCitus Cloud: 2 of 12 formations read${erase}`,
    `\r${erase}`,
  ]);
});

test("elsewhere progress is a line now and then: every ten seconds, or every hundred steps", () => {
  const clock = new InstantClock();
  const complained = vi.spyOn(console, "error").mockImplementation(() => {});
  const call = watchedCall(1_000, { screen: screen(false), clock });

  for (let at = 1; at <= 250; at += 1) call.progress?.(`Akkeris: ${at} app formations listed`);
  clock.advance(11_000);
  call.progress?.("Akkeris: 251 app formations listed");
  call.onWait("Citus Cloud allows 5 requests per minute; waiting 55 s.");
  call.end();

  expect(complained.mock.calls.flat()).toEqual([
    "Akkeris: 100 app formations listed",
    "Akkeris: 200 app formations listed",
    "Akkeris: 251 app formations listed",
    "Citus Cloud allows 5 requests per minute; waiting 55 s.",
  ]);
});

test("what takes longer than the deadline is said beforehand", async () => {
  const { call, heard } = await citusWith(12);

  const deadline = call.clock.now() + 60_000;
  const { failures } = await takeInventory({ system: ["citus"] }, { ...call, deadline });

  expect(heard.said).toEqual([
    "Citus Cloud: 12 formations; with 5 requests per minute, reading them takes about 2 minutes. That is more than --timeout allows.",
  ]);
  expect(failures.join("\n")).toContain("7 more formations were found and not read");
});
