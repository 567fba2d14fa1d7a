import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import {
  BudgetExceeded,
  RateBudget,
  type RateBudgetOptions,
} from "../../../provider/http/budget/rate-budget.ts";
import { InstantClock, token } from "../client-under-test.ts";

/** A folder that ends with the test. */
async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "budget-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

async function budgetOf(options: Partial<RateBudgetOptions> = {}) {
  const clock = new InstantClock();
  const folder = options.folder ?? (await temporaryFolder());
  const budget = new RateBudget({
    system: "Test Cloud",
    token: token,
    requestsPerMinute: 2,
    clock,
    folder,
    ...options,
  });
  return { budget, clock, folder };
}

/** A clock that stands still: its sleeps end when they are aborted. `sleeping` resolves at the first. */
function stoppedClock() {
  const { promise: sleeping, resolve } = Promise.withResolvers<void>();
  const clock = {
    now: () => 1_000,
    sleep: (_ms: number, signal?: AbortSignal) => {
      resolve();
      return new Promise<void>((ended) => signal?.addEventListener("abort", () => ended()));
    },
  };
  return { clock, sleeping };
}

test("a minute's requests go at once, the next one when the first is a minute and a second old", async () => {
  const { budget, clock } = await budgetOf();
  await budget.take();
  clock.advance(20_000);
  await budget.take();
  expect(clock.sleeps).toEqual([]);
  await budget.take();
  expect(clock.sleeps).toEqual([41_000]);
});

test("writes go before reads that came earlier", async () => {
  const { budget } = await budgetOf({ requestsPerMinute: 1 });
  await budget.take();
  const order: string[] = [];
  await Promise.all(
    (["read", "read", "write"] as const).map(async (priority, index) => {
      await budget.take(undefined, priority);
      order.push(`${priority} ${index}`);
    }),
  );
  expect(order).toEqual(["write 2", "read 0", "read 1"]);
});

test("polls go last, and of them the one that is likeliest when there is a slot", async () => {
  const { budget } = await budgetOf({ requestsPerMinute: 1 });
  await budget.take();
  const order: string[] = [];
  let growing = 0.1;
  const take = async (name: string, likelihood?: () => number) => {
    await budget.take(undefined, name === "write" ? "write" : "read", { likelihood });
    order.push(name);
    if (name === "likeliest") growing = 0.8;
  };
  await Promise.all([
    take("less likely", () => 0.6),
    take("growing", () => growing),
    take("likeliest", () => 0.7),
    take("as likely", () => 0.6),
    take("read"),
    take("write"),
    take("another read"),
  ]);
  expect(order.slice(0, 3)).toEqual(["write", "read", "another read"]);
  expect(order.slice(3)).toEqual(["likeliest", "growing", "less likely", "as likely"]);
});

test.each([
  ["will hardly tell anything are spread over the minute", 0.4, [61_000, 12_000, 12_000]],
  ["are likely to end their waits go at once", 0.5, [61_000]],
])("polls that %s", async (_, likely, sleeps) => {
  const { budget, clock } = await budgetOf({ requestsPerMinute: 5 });
  for (let count = 0; count < 5; count += 1) await budget.take();
  const poll = () => budget.take(undefined, "read", { likelihood: () => likely });
  await Promise.all([poll(), poll(), poll()]);
  expect(clock.sleeps).toEqual(sleeps);
});

test("a clock that is set back holds up no poll", async () => {
  const { budget, clock } = await budgetOf({ requestsPerMinute: 5 });
  const likelihood = () => 0.1;
  await budget.take(undefined, "read", { likelihood });
  clock.advance(-3_600_000);
  await budget.take(undefined, "read", { likelihood });
  expect(clock.sleeps).toEqual([]);
});

test("polls that are spread hold up nobody who comes meanwhile", async () => {
  const { clock, sleeping } = stoppedClock();
  const { budget } = await budgetOf({ requestsPerMinute: 5, clock });
  const likelihood = () => 0.1;
  await budget.take(undefined, "read", { likelihood });
  const cancel = new AbortController();
  const spread = budget.take(cancel.signal, "read", { likelihood });
  await sleeping;
  await budget.take();
  // Nor does a poll wait whose deadline would pass.
  await budget.take(undefined, "read", { likelihood, deadline: 2_000 });
  cancel.abort(new Error("enough"));
  await expect(spread).rejects.toThrow("enough");
});

test("a poll that rests hears of no limit, since it waits for none", async () => {
  const { budget, clock } = await budgetOf({ requestsPerMinute: 5 });
  const told: string[] = [];
  const onWait = (text: string) => told.push(text);
  const likelihood = () => 0.1;
  await budget.take(undefined, "read", { likelihood, onWait });
  await budget.take(undefined, "read", { likelihood, onWait });
  expect(clock.sleeps).toEqual([12_000]);
  expect(told).toEqual([]);
});

test("a turn after the deadline is refused at once", async () => {
  const { budget, clock } = await budgetOf({ requestsPerMinute: 1 });
  await budget.take();
  const late = budget.take(undefined, "write", { deadline: clock.now() + 60_000 });
  await expect(late).rejects.toThrow(
    new BudgetExceeded(
      "rate limit of 1 request per minute: no slot before the deadline (next in 61 s)",
    ),
  );
  expect(clock.sleeps).toEqual([]);
});

test("a waiter that is aborted leaves with the signal's reason, and nobody waits for it", async () => {
  const cancel = new AbortController();
  const slept = Promise.withResolvers<void>();
  const clock = {
    now: () => 1_000,
    sleep: async (_ms: number, signal?: AbortSignal) => {
      signal?.addEventListener("abort", () => slept.resolve());
      cancel.abort(new Error("enough"));
      await slept.promise;
    },
  };
  const { budget } = await budgetOf({ requestsPerMinute: 1, clock });
  await budget.take();
  await expect(budget.take(cancel.signal)).rejects.toThrow("enough");
  await slept.promise;
});

test("a waiter hears why and how long it waits", async () => {
  const { budget } = await budgetOf({ requestsPerMinute: 1 });
  await budget.take();
  const told: string[] = [];
  await budget.take(undefined, "read", { onWait: (text) => told.push(text) });
  expect(told).toEqual(["Test Cloud allows 1 request per minute; waiting 61 s."]);
});

test("a waiter whose wait grows hears again after a minute only", async () => {
  const { budget, clock } = await budgetOf({ requestsPerMinute: 2 });
  await budget.take();
  clock.advance(20_000);
  await budget.take();
  const told: string[] = [];
  const onWait = (text: string) => told.push(text);
  // Their turns are after 41 s, 61 s, and 102 s.
  await Promise.all([budget.take(), budget.take(), budget.take(undefined, "read", { onWait })]);
  expect(told).toEqual([
    "Test Cloud allows 2 requests per minute; waiting 41 s (2 other requests queued).",
    "Test Cloud allows 2 requests per minute; waiting 41 s.",
  ]);
});

test("who comes while others wait hears at once whether its turn is in time", async () => {
  const { clock, sleeping } = stoppedClock();
  const { budget } = await budgetOf({ requestsPerMinute: 1, clock });
  await budget.take();
  const cancel = new AbortController();
  const first = budget.take(cancel.signal);
  await sleeping;
  await expect(budget.take(undefined, "write", { deadline: 2_000 })).rejects.toThrow(
    BudgetExceeded,
  );
  cancel.abort(new Error("enough"));
  await expect(first).rejects.toThrow("enough");
});

test("another budget of the same token shares the window", async () => {
  const { budget, folder } = await budgetOf({ requestsPerMinute: 1 });
  const other = await budgetOf({ requestsPerMinute: 1, folder });
  await budget.take();
  await other.budget.take();
  expect(other.clock.sleeps).toEqual([61_000]);
});

test.each([{ token: "another-token" }, { system: "Other Cloud" }])(
  "a budget of %o has a window of its own",
  async (options) => {
    const { budget, folder } = await budgetOf({ requestsPerMinute: 1 });
    const other = await budgetOf({ requestsPerMinute: 1, folder, ...options });
    await budget.take();
    await other.budget.take();
    expect(other.clock.sleeps).toEqual([]);
  },
);

test("a server's refusal holds for another budget of the same token too", async () => {
  const { budget, folder } = await budgetOf();
  const other = await budgetOf({ folder });
  await budget.refused(30_000);
  await other.budget.take();
  expect(other.clock.sleeps).toEqual([30_000]);
});

test("a refusal holds up the others for minutes at most, and they hear who asked, and how to end it", async () => {
  const { budget, folder } = await budgetOf();
  const other = await budgetOf({ folder });
  await budget.refused(3_600_000);
  const told: string[] = [];
  await other.budget.take(undefined, "read", { onWait: (text) => told.push(text) });
  expect(other.clock.sleeps).toEqual([600_000]);
  const [file = ""] = await readdir(folder);
  expect(told[0]).toMatch(
    /refused an earlier request with this token, and asked for a pause until 20.*Z/,
  );
  expect(told[0]).toContain(`(delete ${join(folder, file)} to try earlier); waiting 600 s`);
  expect(told[0]).not.toContain("per minute");
});

test("a limit of Infinity lets everything go and writes nothing", async () => {
  const { budget, clock, folder } = await budgetOf({ requestsPerMinute: Number.POSITIVE_INFINITY });
  for (let count = 0; count < 50; count += 1) await budget.take();
  await budget.refused(30_000);
  expect([clock.sleeps, await readdir(folder)]).toEqual([[], []]);
});

test.each([0, -1, 0.5, Number.NaN])("a limit of %d is refused", async (requestsPerMinute) => {
  await expect(budgetOf({ requestsPerMinute })).rejects.toThrow(RangeError);
});

test("folder and file are the user's alone, and have nothing of the token", async () => {
  const folder = join(await temporaryFolder(), "new");
  const { budget } = await budgetOf({ folder });
  await budget.take();
  const [name = ""] = await readdir(folder);
  const text = await readFile(join(folder, name), "utf8");
  expect(name).toMatch(/^[0-9a-f]{64}\.json$/);
  expect(text).not.toContain(token);
  const modes = [await stat(folder), await stat(join(folder, name))].map(
    ({ mode }) => mode & 0o777,
  );
  expect(modes).toEqual([0o700, 0o600]);
});

test("a folder of the user's that is open to others is closed", async () => {
  const { budget, folder } = await budgetOf();
  await chmod(folder, 0o777);
  await budget.take();
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

test.each(["", "{", "[]", '{"taken":"x"}', '{"taken":[null],"refusedUntil":0}', "\0\0\0"])(
  "a broken file counts as empty: %j",
  async (broken) => {
    const { budget, clock, folder } = await budgetOf({ requestsPerMinute: 1 });
    await budget.take();
    const [name = ""] = await readdir(folder);
    await writeFile(join(folder, name), broken);
    await budget.take();
    expect(clock.sleeps).toEqual([]);
  },
);

test("where the folder cannot be used, the process counts alone and says so once", async () => {
  const folder = join(await temporaryFolder(), "file");
  await writeFile(folder, "");
  const warn = vi.fn();
  const { budget, clock } = await budgetOf({ requestsPerMinute: 1, folder, warn });
  await budget.take();
  await budget.take();
  expect(clock.sleeps).toEqual([61_000]);
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn).toHaveBeenCalledWith(
    expect.stringMatching(/^Test Cloud: requests are counted in this process only: EEXIST/),
  );
});

test("a folder of another user is not used", async () => {
  const user = process.getuid?.() ?? 0;
  const getuid = vi.spyOn(process, "getuid").mockReturnValue(user + 1);
  onTestFinished(() => getuid.mockRestore());
  const warn = vi.fn();
  const { budget, folder } = await budgetOf({ warn });
  await budget.take();
  expect(warn).toHaveBeenCalledWith(expect.stringContaining(`${folder} belongs to another user`));
  expect(await readdir(folder)).toEqual([]);
});
