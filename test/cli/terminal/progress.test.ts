import { expect, test, vi } from "vitest";
import { watchedCall, watching } from "../../../cli/terminal/progress.ts";
import { InstantClock } from "../../support/clock.ts";

const erase = "\u001b[K";

/** Work that takes so long on a clock of its own, and what a screen and the log got of it. */
async function shown(isTTY: boolean, seconds: number, work?: "waits" | "fails" | "stops") {
  vi.stubEnv("TERM", "xterm");
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  const written: string[] = [];
  const screen = { isTTY, columns: 80, write: (text: string) => written.push(text) };
  const clock = new InstantClock();
  const over = clock.now() + seconds * 1_000;
  const ended = new Promise<void>((resolve) => {
    // What is shown after the sleep comes first.
    clock.onSleep = () => clock.now() >= over && setImmediate(() => setImmediate(resolve));
  });
  const running = watching(
    "Reading 4 stacks",
    async ({ onWait }) => {
      if (work === "waits") onWait("The server is busy; waiting 2 s.");
      else if (seconds > 0) await ended;
      if (work === "stops") process.listeners("SIGINT").at(-1)?.("SIGINT");
      if (work === "fails") throw new Error("it failed");
      return "done";
    },
    { screen, clock },
  ).catch((error: Error) => error.message);
  const result = await running;
  const lines = said.mock.calls.flat();
  said.mockRestore();
  vi.unstubAllEnvs();
  return { result, written, lines };
}

test("what is over within two seconds shows nothing", async () => {
  expect(await shown(true, 0)).toEqual({ result: "done", written: [], lines: [] });
});

test("a terminal shows what is under way from the third second on, and nothing when it is over", async () => {
  const { result, written, lines } = await shown(true, 4);
  expect([result, lines]).toEqual(["done", []]);
  expect(written).toEqual([
    ...[2, 3, 4].map((seconds) => `\rReading 4 stacks … ${seconds} s${erase}`),
    `\r${erase}`,
  ]);
});

test("Ctrl-C removes what is shown, and then ends the process as it ends any other", async () => {
  const before = process.listeners("SIGINT");
  const kill = vi.spyOn(process, "kill").mockReturnValue(true);
  const { written } = await shown(true, 2, "stops");
  expect(written).toEqual([`\rReading 4 stacks … 2 s${erase}`, `\r${erase}`]);
  expect(kill.mock.calls).toEqual([[process.pid, "SIGINT"]]);
  expect(process.listeners("SIGINT")).toEqual(before);
  kill.mockRestore();
});

test("what stays on a terminal breaks between words, and in a log it does not", async () => {
  const line = `Citus Cloud: ${"reading formations ".repeat(5)}takes about 2 minutes.`;
  const { columns, isTTY } = process.stderr;
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  for (const one of [true, false]) {
    Object.assign(process.stderr, { isTTY: one, columns: 60 });
    watchedCall(1_000, { screen: { isTTY: one, columns: 60, write: () => {} } }).say(line);
  }
  Object.assign(process.stderr, { columns, isTTY });
  const [[broken] = [], [whole] = []] = said.mock.calls;
  expect(whole).toBe(line);
  expect(String(broken).split("\n").length).toBeGreaterThan(1);
  expect(String(broken).replaceAll("\n", " ")).toBe(line);
  said.mockRestore();
});

test("a log gets one line, after ten seconds", async () => {
  expect(await shown(false, 10)).toEqual({
    ...{ result: "done", written: [] },
    lines: ["Reading 4 stacks …"],
  });
});

test("where work says why it waits, that is shown instead", async () => {
  const { written } = await shown(true, 9, "waits");
  expect(written).toEqual([`\rThe server is busy; waiting 2 s.${erase}`, `\r${erase}`]);
});

test("what failed leaves nothing on the screen", async () => {
  const { result, written } = await shown(true, 3, "fails");
  expect([result, written.at(-1)]).toEqual(["it failed", `\r${erase}`]);
});
