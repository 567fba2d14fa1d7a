import { describe, expect, test } from "vitest";
import { hasEnded } from "../../provider/antfly/api.ts";
import {
  Conflict,
  NoAnswer,
  NotFound,
  Refused,
  ServerFailure,
} from "../../provider/http/errors.ts";
import { bases, dialects, place, world } from "./world.ts";

/** Where a dialect's backups of these tests lie. */
const placeOf = (dialect: string) =>
  dialect === "0.2" ? place : { location: place.location, connection: undefined };

describe.each(dialects)("taking a backup in %s", (dialect) => {
  const path = `${bases[dialect]}/backup`;

  test("of all tables ends completed", async () => {
    const { simulator, api, options, asked } = await world({ dialect });
    const result = await api.takeBackup({ ...place, backupId: "b1" }, options);
    expect(result).toMatchObject({ outcome: "completed", serverSays: "completed" });
    expect(result.tables.map(({ name }) => name).toSorted()).toEqual(["t1", "t2"]);
    const { connection } = placeOf(dialect);
    expect(simulator.requests.at(-1)?.body).toEqual({
      backup_id: "b1",
      location: place.location,
      ...(connection && { connection }),
    });
    expect(asked()).toEqual([`POST ${path}`]);
  });

  test("sends tables and format, as far as the dialect knows them", async () => {
    const { simulator, api, options } = await world({ dialect });
    const request = { ...place, backupId: "b1", tableNames: ["t1"], format: "native" as const };
    expect((await api.takeBackup(request, options)).tables).toEqual([
      { name: "t1", status: "completed" },
    ]);
    expect(simulator.requests.at(-1)?.body).toEqual({
      backup_id: "b1",
      location: place.location,
      table_names: ["t1"],
      ...(dialect === "0.2" && { connection: "bk", format: "native" }),
    });
  });

  test.each([
    ["partial", ["t1", "x"]],
    ["failed", ["x"]],
  ])("that lacks tables is %s, though the status is 200", async (outcome, tableNames) => {
    const { api, options } = await world({ dialect });
    const result = await api.takeBackup(
      { ...placeOf(dialect), backupId: "b", tableNames },
      options,
    );
    expect(result.outcome).toBe(outcome);
    expect(result.tables.at(-1)).toEqual({
      name: "x",
      status: "failed",
      error: expect.stringContaining("not found"),
    });
    const listed = await api.backups(placeOf(dialect), options);
    expect(listed).toHaveLength(dialect === "v0.1" ? 1 : 0);
  });

  test.each([
    ["completed", "completed"],
    ["successful", "completed"],
    ["partial", "partial"],
    ["failed", "failed"],
    ["ambiguous", "ambiguous"],
    ["postponed", "ambiguous"],
  ])("reads the word %s as %s", async (status, outcome) => {
    const { simulator, api, options } = await world({ dialect });
    const body = { backup_id: "b", status, tables: [{ name: "t1", status: "skipped" }] };
    simulator.order({ path, kind: { type: "status", status: 200, body } });
    expect(await api.takeBackup({ ...place, backupId: "b" }, options)).toEqual({
      outcome,
      serverSays: status,
      tables: [{ name: "t1", status: "skipped" }],
    });
  });

  test("of no table is refused before anything is sent, where v0.1 would take all", async () => {
    const { api, options, sent } = await world({ dialect });
    const request = { ...place, backupId: "b", tableNames: [] };
    await expect(api.takeBackup(request, options)).rejects.toThrow(/tableNames is empty/);
    expect(sent()).toEqual([]);
  });

  test.each([
    ["a lost response", { type: "reset", apply: true }, NoAnswer],
    ["a failure", { type: "status", status: 500, body: "backup failed" }, ServerFailure],
  ] as const)("is not sent again after %s, and says that it is in doubt", async (_, kind, type) => {
    const { simulator, api, options } = await world({ dialect });
    simulator.order({ path, kind });
    const error = await api
      .takeBackup({ ...place, backupId: "b1" }, options)
      .catch((error: unknown) => error);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ mayHaveTakenEffect: true });
    expect(simulator.count("POST")).toBe(1);
  });

  test("ends at the time that its caller allows", async () => {
    const { api, options } = await world({ dialect, backupSeconds: 3600 });
    const request = { ...placeOf(dialect), backupId: "b1" };
    const limited = { ...options, timeoutSeconds: 0.05 };
    await api.dialect(options);
    await expect(api.takeBackup(request, limited)).rejects.toThrow(
      /got no response from .* within 0\.1 s/,
    );
  });
});

describe("a conflict of 0.2", () => {
  test("over an ID that exists is told apart", async () => {
    const { api, options } = await world();
    await api.takeBackup({ ...place, backupId: "b1" }, options);
    expect(await api.takeBackup({ ...place, backupId: "b1" }, options)).toEqual({
      outcome: "exists",
      tables: [],
      serverSays: "backup id already exists",
    });
  });

  test("over a location that is busy is told apart", async () => {
    const { simulator, api, options } = await world({ backupSeconds: 60, speed: 0 });
    const first = api.takeBackup({ ...place, backupId: "b1" }, options);
    await expect.poll(() => simulator.isBusy(place.location)).toBe(true);
    expect(await api.takeBackup({ ...place, backupId: "b2" }, options)).toEqual({
      outcome: "busy",
      tables: [],
      serverSays: "backup repository is busy; retry later",
    });
    simulator.clock.advance(60_000);
    expect(await first).toMatchObject({ outcome: "completed" });
  });

  test("over an outcome that the server does not know is told apart", async () => {
    const { simulator, api, options } = await world();
    const body = {
      code: "backup_outcome_ambiguous",
      error: "backup outcome ambiguous",
      message: "backup outcome is ambiguous; inspect the backup id before retrying",
      retryable: false,
      backup_id: "b1",
    };
    simulator.order({ path: "/db/v1/backup", kind: { type: "status", status: 409, body } });
    expect(await api.takeBackup({ ...place, backupId: "b1" }, options)).toEqual({
      outcome: "ambiguous",
      tables: [],
      serverSays: body.message,
    });
  });

  test("of another kind is an error", async () => {
    const { simulator, api, options } = await world();
    const kind = { type: "status", status: 409, body: "schema is changing" } as const;
    simulator.order({ path: "/db/v1/backup", kind });
    await expect(api.takeBackup({ ...place, backupId: "b1" }, options)).rejects.toThrow(Conflict);
  });
});

test("an ID that exists is overwritten by v0.1", async () => {
  const { api, options } = await world({ dialect: "v0.1" });
  const request = { location: place.location, backupId: "b1" };
  await api.takeBackup(request, options);
  expect(await api.takeBackup(request, options)).toMatchObject({ outcome: "completed" });
});

describe.each(dialects)("listing backups in %s", (dialect) => {
  const path = `${bases[dialect]}/backups`;

  test("tells what each has in it", async () => {
    const { simulator, api, options, asked } = await world({ dialect });
    simulator.addBackup(place.location, "b1", ["t1"]);
    expect(await api.backups(place, options)).toEqual([
      {
        backupId: "b1",
        timestamp: expect.stringMatching(/^\d{4}-/),
        tables: ["t1"],
        location: place.location,
        antflyVersion: expect.any(String),
      },
    ]);
    expect(simulator.requests.at(-1)?.query).toEqual({
      location: place.location,
      ...(dialect === "0.2" && { connection: "bk", limit: "1000" }),
    });
    expect(asked()).toEqual([`GET ${path}`]);
  });

  test("may find none, which v0.1 tells as null", async () => {
    const { api, options } = await world({ dialect });
    expect(await api.backups(place, options)).toEqual([]);
  });

  test("gives them all, however many they are", async () => {
    const { simulator, api, options } = await world({ dialect });
    const ids = Array.from({ length: 2001 }, (_, index) => `b-${String(index).padStart(4, "0")}`);
    for (const id of ids) simulator.addBackup(place.location, id, []);
    const listed = await api.backups(place, options);
    expect(listed.map(({ backupId }) => backupId)).toEqual(ids);
    const cursors = simulator.requests
      .filter((request) => request.path === path)
      .map(({ query }) => query.cursor);
    expect(cursors).toEqual(dialect === "0.2" ? [undefined, "b-0999", "b-1999"] : [undefined]);
  });

  test("goes on after a page of which every manifest is broken", async () => {
    const { simulator, api, options } = await world({ dialect });
    simulator.addBackup(place.location, "b2");
    const body = { backups: [], next_cursor: "b1" };
    if (dialect === "0.2") simulator.order({ path, kind: { type: "status", status: 200, body } });
    expect(await api.backups(place, options)).toMatchObject([{ backupId: "b2" }]);
  });

  test("is retried where it failed for a moment", async () => {
    const { simulator, api, options } = await world({ dialect });
    simulator.order({ path, kind: { type: "status", status: 503 } });
    expect(await api.backups(place, options)).toEqual([]);
    expect(simulator.count("GET", path)).toBe(2);
  });

  test("to try a location asks for as little as can be", async () => {
    const { simulator, api, options, asked } = await world({ dialect });
    for (const id of ["b1", "b2"]) simulator.addBackup(place.location, id);
    await api.tryLocation(place, options);
    expect(simulator.requests.at(-1)?.query.limit).toBe(dialect === "0.2" ? "1" : undefined);
    expect(asked()).toEqual([`GET ${path}`]);
  });
});

test("a list whose pages do not go on is an error, not a list", async () => {
  const { simulator, api, options } = await world();
  const body = { backups: [], next_cursor: "b1" };
  simulator.order({
    path: "/db/v1/backups",
    times: 2,
    kind: { type: "status", status: 200, body },
  });
  await expect(api.backups(place, options)).rejects.toThrow(
    'could not list the backups at file:///backups: the page after "b1" names itself as the next one',
  );
});

describe("a refusal of 0.2 says what to do", () => {
  test.each([
    ["no connection", { connection: undefined }, /parameter: connection\. .*requires `connection`/],
    [
      "an unknown connection",
      { connection: "zz" },
      /was not found\. The server's configuration \(`--config`\) defines/,
    ],
    ["a connection that may not read", { connection: "blind" }, /capability\. .*`restore\.read`/],
    ["a connection of another kind", { connection: "s3" }, /protocol .*`file:\/\/` needs/],
    [
      "a bucket that is not allowed",
      { location: "s3://other/x", connection: "s3" },
      /allowlist\. .*`buckets`/,
    ],
    ["a directory that is missing", { connection: "rootless" }, /500: .*root directory is missing/],
  ])("%s", async (_, change, message) => {
    const { simulator, api, options } = await world();
    simulator.addConnection("blind", { capabilities: ["backup.write", "backup.read"] });
    simulator.addConnection("rootless", { reachable: false });
    await expect(api.backups({ ...place, ...change }, options)).rejects.toThrow(message);
  });
});

test.each(["takeBackup", "restore"] as const)(
  "a refusal of 0.2 without a reason says that a connection may be missing: %s",
  async (call) => {
    const { api, options } = await world();
    const request = { location: place.location, backupId: "b1" };
    await expect(api[call](request, options)).rejects.toThrow(
      /returned 400: invalid (backup|restore) request\. .*`connection` is missing/,
    );
  },
);

test("a directory that v0.1 does not have is to be made", async () => {
  const { api, options } = await world({ dialect: "v0.1" });
  await expect(api.backups({ location: "file:///elsewhere" }, options)).rejects.toThrow(
    /Failed to read directory.* create it on the server/,
  );
});

describe("restoring in 0.2", () => {
  test.each([
    ["by default fails where a table exists", undefined, "failed", "TableAlreadyExists"],
    ["skips what exists", "skip_if_exists", "succeeded", undefined],
    ["overwrites", "overwrite", "succeeded", undefined],
  ] as const)("%s", async (_, mode, phase, error) => {
    const { simulator, api, options } = await world();
    simulator.addBackup(place.location, "b1");
    const begun = await api.restore({ ...place, backupId: "b1", mode }, options);
    expect(simulator.requests.at(-1)).toMatchObject({
      path: "/db/v1/restore",
      status: 202,
      body: { backup_id: "b1", ...place, ...(mode && { restore_mode: mode }) },
    });
    if (begun.kind !== "job") throw new Error("no job was begun");
    await expect
      .poll(() => api.restoreJob(begun.job.jobId, options))
      .toMatchObject({ backupId: "b1", phase, ...(error && { error }) });
  });

  test("brings tables back, and tells which it could not", async () => {
    const { simulator, api, options } = await world();
    simulator.addBackup(place.location, "b1");
    simulator.tables.clear();
    const request = { ...place, backupId: "b1", tableNames: ["t1", "x"] };
    const begun = await api.restore(request, options);
    if (begun.kind !== "job") throw new Error("no job was begun");
    await expect
      .poll(() => api.restoreJob(begun.job.jobId, options))
      .toMatchObject({
        phase: "failed",
        error: "ClusterRestorePartialFailure",
        result: {
          status: "partial",
          committedTables: 1,
          skippedTables: 0,
          failures: [{ table: "x", error: "backup does not include table" }],
        },
      });
    expect([...simulator.tables.keys()]).toEqual(["t1"]);
  });

  test("is begun once, though its response was lost: each try has the same key", async () => {
    const { simulator, api, options } = await world();
    simulator.addBackup(place.location, "b1");
    simulator.order({ path: "/db/v1/restore", kind: { type: "reset", apply: true } });
    await api.restore({ ...place, backupId: "b1", mode: "overwrite" }, options);
    const keys = simulator.requests
      .filter(({ method }) => method === "POST")
      .map(({ headers }) => headers["idempotency-key"]);
    expect(keys).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), keys[0]]);
    expect(simulator.restoreJobs).toHaveLength(1);
  });

  test("under a key of the caller's is one job for all calls with it", async () => {
    const { simulator, api, options } = await world();
    simulator.addBackup(place.location, "b1");
    const request = { ...place, backupId: "b1" };
    const begun = [
      await api.restore(request, options, "key-1"),
      await api.restore(request, options, "key-1"),
      await api.restore(request, options),
    ].map((restore) => restore.kind === "job" && restore.job.jobId);
    expect(begun[1]).toBe(begun[0]);
    expect(begun[2]).not.toBe(begun[0]);
    await expect(api.restore({ ...request, mode: "overwrite" }, options, "key-1")).rejects.toThrow(
      Conflict,
    );
  });

  test("knows no job any more once the server has forgotten it", async () => {
    const { api, options } = await world();
    expect(await api.restoreJob("4600000000", options)).toBeUndefined();
  });

  test("does not take a web page for a job that is gone", async () => {
    const { simulator, api, options } = await world();
    simulator.order({ path: /jobs/, kind: { type: "html", status: 404 } });
    await expect(api.restoreJob("4600000000", options)).rejects.toThrow(NotFound);
  });

  test.each([
    ["queued", false],
    ["running", false],
    ["resting", false],
    ["succeeded", true],
    ["failed", true],
    ["cancelled", true],
  ])("%s: ended is %s", (phase, ended) => {
    const job = { jobId: "1", backupId: "b", phase, error: undefined, result: undefined };
    expect(hasEnded(job)).toBe(ended);
  });
});

describe("restoring in v0.1", () => {
  const request = { location: place.location, backupId: "b1" };

  test.each(["skip_if_exists", "overwrite"] as const)("%s tells what it began", async (mode) => {
    const { simulator, api, options, asked } = await world({ dialect: "v0.1" });
    simulator.addBackup(place.location, "b1");
    simulator.tables.delete("t2");
    expect(await api.restore({ ...request, connection: "bk", mode }, options)).toEqual({
      kind: "triggered",
      status: "triggered",
      tables: [
        { name: "t1", status: mode === "overwrite" ? "triggered" : "skipped" },
        { name: "t2", status: "triggered" },
      ],
    });
    expect(simulator.requests.at(-1)?.body).toEqual({
      backup_id: "b1",
      location: place.location,
      restore_mode: mode,
    });
    expect(asked()).toEqual(["POST /api/v1/restore"]);
  });

  test("is refused where a table exists", async () => {
    const { simulator, api, options } = await world({ dialect: "v0.1" });
    simulator.addBackup(place.location, "b1");
    const error = await api.restore(request, options).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(Refused);
    expect(String(error)).toContain("returned 400: table t1 already exists");
  });

  test("is not sent again after a lost response: it would drop tables again", async () => {
    const { simulator, api, options } = await world({ dialect: "v0.1" });
    simulator.addBackup(place.location, "b1");
    simulator.order({ method: "POST", kind: { type: "reset", apply: true } });
    await expect(api.restore({ ...request, mode: "overwrite" }, options)).rejects.toThrow(NoAnswer);
    expect(simulator.count("POST")).toBe(1);
  });

  test("of a backup that is not there says so", async () => {
    const { api, options } = await world({ dialect: "v0.1" });
    await expect(api.restore(request, options)).rejects.toThrow(
      /returned 500: Failed to read cluster backup metadata/,
    );
  });

  test("of no table is refused, where the server would restore all", async () => {
    const { api, options, sent } = await world({ dialect: "v0.1" });
    await expect(api.restore({ ...request, tableNames: [] }, options)).rejects.toThrow(/empty/);
    expect(sent()).toEqual([]);
  });
});
