import { describe, expect, test, vi } from "vitest";
import { bases, dialects, due, place, world } from "../world.ts";

describe.each(dialects)("on a server of %s", (dialect) => {
  const list = `GET ${bases[dialect]}/backups`;
  const take = `POST ${bases[dialect]}/backup`;
  /** Once more when no other runner of this machine is at the location, which 0.2 sees to itself. */
  const lists = dialect === "v0.1" ? [list, list] : [list];

  test("a slot that is not listed is taken, with one request", async () => {
    const { simulator, run, ids, schedule } = await world({ dialect });
    const tables = { tableNames: ["t1"], format: "native" };
    const [report] = await run([schedule(tables)]);
    expect(report).toMatchObject({ result: "taken", backupId: due, isOverdue: false });
    expect(simulator.requests.at(-1)?.body).toEqual({
      backup_id: due,
      location: place.location,
      table_names: ["t1"],
      ...(dialect === "0.2" && { connection: "bk", format: "native" }),
    });
    expect(simulator.count("POST")).toBe(1);
    expect(ids()).toEqual([due]);
  });

  test("a slot that is listed is left, with nothing but the list asked", async () => {
    const { simulator, run, sent } = await world({ dialect });
    simulator.addBackup(place.location, due);
    const [report] = await run();
    expect(report).toMatchObject({ result: "found", isOverdue: false });
    expect(report?.lastSuccess).toBeGreaterThan(0);
    expect(sent()).toEqual([list]);
  });

  test("a dry run only looks", async () => {
    const { run, sent } = await world({ dialect });
    expect(await run(undefined, { isDryRun: true })).toMatchObject([
      { result: "due", backupId: due, isOverdue: true },
    ]);
    expect(sent()).toEqual([list]);
  });

  test("a suspended schedule sends nothing, and is not overdue", async () => {
    const { run, schedule, sent } = await world({ dialect });
    expect(await run([schedule({ suspend: true })])).toMatchObject([
      { result: "suspended", isOverdue: false },
    ]);
    expect(sent()).toEqual([]);
  });

  test.each([
    ["partial", ["t1", "x"]],
    ["failed", ["x"]],
  ])(
    "a backup that is %s, though the status is 200, is a failure that names the table",
    async (outcome, tableNames) => {
      const { run, schedule, entries, sent } = await world({ dialect });
      const [report] = await run([schedule({ tableNames })]);
      expect(report).toMatchObject({ result: "failed", isOverdue: true });
      expect(report?.reason).toMatch(
        new RegExp(`^the backup is ${outcome}: x failed \\(.*not found\\)\\.$`),
      );
      expect(entries.at(-1)).toMatchObject({ level: "error", facts: { result: "failed" } });
      expect(sent()).toEqual([...lists, take]);
    },
  );

  test.each([
    ["an answer that is lost", { type: "reset", apply: true }],
    [
      "a failure of the server's",
      { type: "status", status: 500, body: "backup failed", apply: true },
    ],
    ["a proxy that gave up", { type: "status", status: 504, apply: true }],
  ] as const)("after %s it looks, and takes no second one", async (_, kind) => {
    const { simulator, run, schedule, ids } = await world({ dialect });
    simulator.order({ method: "POST", kind });
    const [report] = await run([schedule({ tableNames: ["t1", "t2"] })]);
    expect(report?.result).toBe("found");
    expect(simulator.count("POST")).toBe(1);
    expect(ids()).toEqual([due]);
  });

  test("what was lost on the way, and is not listed, is sent again", async () => {
    const { simulator, run, ids, sent } = await world({ dialect });
    simulator.order({ method: "POST", times: 2, kind: { type: "reset", apply: false } });
    const [report] = await run();
    expect(report?.result).toBe("taken");
    expect(sent().filter((line) => line === take)).toHaveLength(3);
    expect(ids()).toEqual([due]);
  });

  test("what fails each time is given up after five", async () => {
    const { simulator, run, sent, clock } = await world({ dialect });
    const kind = { type: "status", status: 500, body: "backup failed" } as const;
    simulator.order({ method: "POST", times: 5, kind });
    const [report] = await run();
    expect(report).toMatchObject({ result: "failed" });
    expect(report?.reason).toMatch(
      /returned 500: backup failed.* Tried 5 times; the backup is not listed/,
    );
    expect(sent().filter((line) => line === take)).toHaveLength(5);
    expect(clock.sleeps).toEqual([1_000, 2_000, 4_000, 8_000]);
  });

  test("a call that takes longer than the deadline is followed by looks at the list", async () => {
    const { simulator, run, schedule, sent, clock, options } = await world({ dialect });
    simulator.order({ method: "POST", kind: { type: "hang", apply: false } });
    const now = clock.now.bind(clock);
    // The try's own limit runs on the machine's clock; this one goes along with it.
    simulator.onAnswer = ({ method }) => method === "POST" && clock.advance(60_000);
    clock.onSleep = () => {
      if (clock.sleeps.length === 3) simulator.addBackup(place.location, due);
    };
    const begun = now();
    const [report] = await run([schedule({ tableNames: ["t1"] })], {
      ...options,
      deadlineMs: 60,
    });
    expect(report?.result).toBe("found");
    expect(now() - begun).toBeGreaterThan(60_000);
    expect(sent()).toEqual([...lists, take, list, list, list, list]);
  });

  test.each([
    ["no credential", { antflyApiKey: undefined }, /returned 401.* FORMATIONS_ANTFLY_API_KEY/],
    ["a wrong one", { antflyApiKey: "id:wrong-secret-51c0" }, /returned 401.* was rejected/],
    ["no URL", { antflyUrl: undefined }, /the server's URL is missing/],
  ])("%s is said clearly, and the next run mends it", async (_, config, message) => {
    const { simulator, run, schedule, ids } = await world({ dialect });
    const [report] = await run([schedule({}, config)]);
    expect(report).toMatchObject({ result: "failed", reason: expect.stringMatching(message) });
    expect(report?.reason).not.toContain("wrong-secret");
    simulator.unexpected.splice(0);
    expect(await run()).toMatchObject([{ result: "taken" }]);
    expect(ids()).toEqual([due]);
  });

  test("a server that is down is said clearly, and the next run mends it", async () => {
    const { simulator, run, ids } = await world({ dialect });
    await simulator.refuse();
    const [report] = await run();
    expect(report).toMatchObject({ result: "failed", reason: expect.stringContaining("refused") });
    await simulator.start();
    expect(await run()).toMatchObject([{ result: "taken" }]);
    expect(ids()).toEqual([due]);
  });

  test("a key without rights is refused in words", async () => {
    const { simulator, run, schedule } = await world({ dialect });
    const known = schedule();
    [simulator.token, simulator.limitedToken] = [simulator.limitedToken, simulator.token];
    const [report] = await run([known]);
    expect(report).toMatchObject({ result: "failed", reason: expect.stringMatching(/403.*admin/) });
  });

  test("missed slots leave the newest only", async () => {
    const { simulator, run, ids, clock } = await world({ dialect });
    await run();
    clock.advance(5 * 86_400_000);
    await run();
    expect(ids()).toEqual([due, "nightly-20310120T030000Z"]);
    expect(simulator.count("POST")).toBe(2);
  });

  test("one of several that fails keeps no other from being taken", async () => {
    const { run, schedule, ids } = await world({ dialect });
    const reports = await run([
      schedule({ backupIdPrefix: "broken", tableNames: ["x"] }),
      schedule({ backupIdPrefix: "hourly", schedule: "0 * * * *" }),
      schedule({ location: "file:///elsewhere", url: "http://127.0.0.1:1" }),
    ]);
    expect(reports.map(({ result }) => result)).toEqual(["failed", "taken", "failed"]);
    expect(ids()).toContain("hourly-20310115T120000Z");
  });

  test("a run that is told to end does so at once, and says what is under way", async () => {
    const { simulator, run, aborter, options } = await world({ dialect, backupSeconds: 3_600 });
    const ended = run();
    await expect.poll(() => simulator.count("POST")).toBe(1);
    aborter.abort(new Error("ended by SIGTERM"));
    const [report] = await ended;
    expect(report).toMatchObject({ result: "interrupted" });
    expect(report?.reason).toMatch(new RegExp(`^${due} was under way`));
    expect(options.signal.aborted).toBe(true);
  });
});

describe("on a server of 0.2", () => {
  test("an ID that exists is somebody else's success once the list shows it", async () => {
    const { simulator, run, clock, sent } = await world();
    const kind = { type: "status", status: 409, body: "backup id already exists" } as const;
    simulator.order({ method: "POST", kind });
    clock.onSleep = () => simulator.addBackup(place.location, due);
    expect(await run()).toMatchObject([{ result: "found" }]);
    expect(sent()).toEqual(["GET /db/v1/backups", "POST /db/v1/backup", "GET /db/v1/backups"]);
  });

  test("an ID that exists and is never listed is a failure", async () => {
    const { simulator, run } = await world();
    simulator.addBackup(place.location, due);
    simulator.breakManifest(place.location, due);
    const [report] = await run();
    expect(report?.reason).toMatch(/already exists.* does not list the backup.* manifest/);
  });

  test("a run waits for a busy location", async () => {
    const { simulator, run, schedule, clock, ids } = await world({ backupSeconds: 600 });
    const other = run([schedule({ backupIdPrefix: "other" })]);
    await expect.poll(() => simulator.isBusy(place.location)).toBe(true);
    simulator.backupSeconds = 0;
    const begun = clock.now();
    expect(await run()).toMatchObject([{ result: "taken" }]);
    expect(await other).toMatchObject([{ result: "taken" }]);
    expect(clock.now() - begun).toBeGreaterThanOrEqual(600_000);
    expect(ids()).toEqual(["other-20310115T030000Z", due]);
  });

  test("a location that a killed server left locked is named, with what frees it", async () => {
    const { simulator, run, clock, ids } = await world({ backupSeconds: 600 });
    const first = run();
    await expect.poll(() => simulator.isBusy(place.location)).toBe(true);
    await simulator.kill();
    await first;
    await simulator.start();
    simulator.backupSeconds = 0;
    const [report] = await run();
    expect(report).toMatchObject({ result: "failed" });
    expect(report?.reason).toMatch(
      /file:\/\/\/backups is busy .*repository is busy.*killed.*24 hours.*-writer-lease.*1 h/,
    );
    simulator.expireLease(place.location);
    clock.advance(5 * 60_000);
    expect(await run()).toMatchObject([{ result: "taken" }]);
    expect(ids()).toEqual([due]);
  });

  test("an outcome that the server does not know is looked up, and the backup retried", async () => {
    const { simulator, run, ids } = await world();
    const body = { code: "backup_outcome_ambiguous", message: "inspect the backup id" };
    simulator.order({ method: "POST", times: 2, kind: { type: "status", status: 409, body } });
    expect(await run()).toMatchObject([{ result: "taken" }]);
    expect(simulator.count("POST")).toBe(3);
    expect(ids()).toEqual([due]);
  });

  test("a connection that is missing is demanded in words", async () => {
    const { run, schedule } = await world();
    const [report] = await run([schedule({ connection: undefined })]);
    expect(report?.reason).toMatch(/requires `connection`/);
  });
});

test("a server that was upgraded is asked anew after a failure, by a runner that stays up too", async () => {
  const { simulator, run, schedule, clock, ids } = await world({ dialect: "v0.1" });
  const known = [schedule()];
  expect(await run(known)).toMatchObject([{ result: "taken" }]);
  simulator.dialect = "0.2";
  clock.advance(86_400_000);
  expect(await run(known)).toMatchObject([{ result: "failed" }]);
  simulator.unexpected.splice(0);
  expect(await run(known)).toMatchObject([{ result: "taken" }]);
  expect(ids()).toEqual([due, "nightly-20310116T030000Z"]);
});

describe("on a server of v0.1", () => {
  test.each([
    ["lacks one of its tables", ["t1", "t2"], ["t1"]],
    ["has no table", undefined, []],
  ])("a listed backup that %s is due again", async (_, tableNames, has) => {
    const { simulator, run, schedule } = await world({ dialect: "v0.1" });
    simulator.addBackup(place.location, due, has);
    expect(await run([schedule({ tableNames })])).toMatchObject([{ result: "taken" }]);
    expect([...(simulator.backups(place.location).get(due)?.tables.keys() ?? [])]).toEqual([
      "t1",
      "t2",
    ]);
  });

  test("a lost response is not taken for a success where nobody knows which tables there are", async () => {
    const { simulator, run } = await world({ dialect: "v0.1" });
    simulator.order({ method: "POST", kind: { type: "reset", apply: true } });
    expect(await run()).toMatchObject([{ result: "taken" }]);
    expect(simulator.count("POST")).toBe(2);
  });
});

test("locations are worked side by side, up to the bound; schedules of one after each other", async () => {
  const { simulator, run, schedule } = await world();
  const at = (location: string, backupIdPrefix: string) => schedule({ location, backupIdPrefix });
  const locations = ["a", "b", "c"].map((name) => `file:///${name}`);
  const schedules = locations.flatMap((location) => [at(location, "one"), at(location, "two")]);
  const asked = () => new Set(simulator.requests.flatMap(({ query }) => query.location ?? []));
  const underWay: (() => void)[] = [];
  const atStart: { together: number; asked: number }[] = [];
  // The server's clock sleeps while it takes a backup. Each ends when the next has started; while the
  // third location is backed up there is no other.
  vi.spyOn(simulator.clock, "sleep").mockImplementation(
    () =>
      new Promise((end) => {
        underWay.push(end);
        atStart.push({ together: underWay.length, asked: asked().size });
        const ended = atStart.length > 4 ? underWay.length : underWay.length - 1;
        for (const wake of underWay.splice(0, ended)) wake();
      }),
  );
  const reports = await run(schedules, { parallel: 2 });
  expect(reports.every(({ result }) => result === "taken")).toBe(true);
  expect(Math.max(...atStart.map(({ together }) => together))).toBe(2);
  // The third location is not asked for anything before the first is done.
  expect(Math.max(...atStart.slice(0, 4).map((start) => start.asked))).toBe(2);
  expect(simulator.requests.filter(({ status }) => status === 409)).toEqual([]);
});
