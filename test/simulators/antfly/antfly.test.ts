import { describe, expect, test } from "vitest";
import type { AntflySimulator } from "../../../simulators/antfly.ts";
import { call, send, withTables } from "./testing.ts";

const place = { location: "file:///backups", connection: "bk" };
const listPath = `/backups?${new URLSearchParams(place)}`;
const backup = (id: string, more: object = {}) => ({ ...place, backup_id: id, ...more });

async function idsListed(simulator: AntflySimulator): Promise<string[]> {
  const { body } = await call(simulator, "GET", listPath);
  return body.backups.map(({ backup_id }: { backup_id: string }) => backup_id);
}

/** Starts a backup that takes 60 simulated seconds, and waits until it runs. */
async function startBackup(simulator: AntflySimulator, id: string, signal?: AbortSignal) {
  simulator.backupSeconds = 60;
  const answer = call(simulator, "POST", "/backup", backup(id), signal);
  answer.catch(() => {});
  await expect.poll(() => simulator.isBusy(place.location), { interval: 2 }).toBe(true);
  return { answer };
}

describe("backups of 0.2", () => {
  test("are synchronous: the answer comes when the backup is done", async () => {
    const simulator = await withTables();
    const { answer } = await startBackup(simulator, "b1");
    expect(await idsListed(simulator)).toEqual([]);
    simulator.clock.advance(60_000);
    expect((await answer).body).toMatchObject({ backup_id: "b1", status: "completed" });
    expect(await idsListed(simulator)).toEqual(["b1"]);
  });

  test("run one at a time in a location: 409 without Retry-After; other calls go on", async () => {
    const simulator = await withTables();
    const { answer } = await startBackup(simulator, "b1");
    for (const id of ["b1", "b2"]) {
      const busy = await call(simulator, "POST", "/backup", backup(id));
      expect(busy).toMatchObject({ status: 409, body: "backup repository is busy; retry later" });
      expect(busy.headers.has("retry-after")).toBe(false);
    }
    simulator.backupSeconds = 0;
    const elsewhere = backup("b1", { location: "file:///other" });
    expect(await call(simulator, "POST", "/backup", elsewhere)).toMatchObject({ status: 200 });
    const secret = await call(simulator, "PUT", "/secrets/k", { value: "v" });
    expect(secret.status).toBe(200);
    simulator.clock.advance(60_000);
    await answer;
  });

  test.each([
    ["an existing ID", backup("old"), 409, "backup id already exists"],
    ["no tables", backup("b2", { table_names: [] }), 400, "no tables to backup"],
    ["a missing table only", backup("b2", { table_names: ["x"] }), 409, /busy/],
    [
      "the location spelled differently",
      backup("b2", { location: "file:////backups" }),
      409,
      /busy/,
    ],
  ])("while one runs, %s is a %3$i", async (_what, sent, status, said) => {
    const simulator = await withTables();
    simulator.addBackup(place.location, "old");
    const { answer } = await startBackup(simulator, "b1");
    const refused = await call(simulator, "POST", "/backup", sent);
    expect(refused.status).toBe(status);
    expect(refused.body).toMatch(said);
    simulator.clock.advance(60_000);
    await answer;
  });

  test("are finished though the client left: busy, then listed, then the ID exists", async () => {
    const simulator = await withTables();
    const leaving = new AbortController();
    const { answer } = await startBackup(simulator, "b1", leaving.signal);
    leaving.abort();
    await expect(answer).rejects.toThrow();
    const again = () => call(simulator, "POST", "/backup", backup("b1"));
    expect((await again()).body).toMatch(/busy/);
    simulator.clock.advance(60_000);
    await expect.poll(() => idsListed(simulator)).toEqual(["b1"]);
    expect((await again()).body).toBe("backup id already exists");
  });

  test("with a missing table are partial, unlisted, and leave the ID free", async () => {
    const simulator = await withTables();
    const sent = backup("b1", { table_names: ["t1", "x"] });
    const { status, body } = await call(simulator, "POST", "/backup", sent);
    expect(status).toBe(200);
    expect(body).toEqual({
      backup_id: "b1",
      tables: [
        { name: "t1", status: "completed" },
        { name: "x", status: "failed", error: "not found" },
      ],
      status: "partial",
    });
    expect(await idsListed(simulator)).toEqual([]);
    expect(await call(simulator, "POST", "/backup", backup("b1"))).toMatchObject({ status: 200 });
  });

  test("are listed with their end, to the second, and no format", async () => {
    const simulator = await withTables();
    const { answer } = await startBackup(simulator, "b1");
    simulator.clock.advance(60_000);
    await answer;
    const { body } = await call(simulator, "GET", listPath);
    const finished = simulator.backups(place.location).get("b1")?.finishedAt ?? 0;
    expect(body.backups).toEqual([
      {
        backup_id: "b1",
        timestamp: `${new Date(finished).toISOString().slice(0, 19)}Z`,
        tables: ["t2", "t1"],
        location: place.location,
        antfly_version: "zig-dev",
      },
    ]);
  });

  test("are listed 100 at once, without a limit asked", async () => {
    const simulator = await withTables();
    for (let index = 100; index < 201; index += 1) simulator.addBackup(place.location, `b${index}`);
    const { body } = await call(simulator, "GET", listPath);
    expect([body.backups.length, body.next_cursor]).toEqual([100, "b199"]);
  });

  test("an unknown location has none; a broken manifest is left out", async () => {
    const simulator = await withTables();
    expect(await idsListed(simulator)).toEqual([]);
    simulator.addBackup(place.location, "good");
    simulator.addBackup(place.location, "bad");
    simulator.breakManifest(place.location, "bad");
    expect(await idsListed(simulator)).toEqual(["good"]);
  });

  test("a killed server leaves the location busy: 5 minutes reserved, 24 hours leased", async () => {
    const simulator = await withTables();
    const { answer } = await startBackup(simulator, "b1");
    await simulator.kill();
    await expect(answer).rejects.toThrow();
    simulator.clock.advance(60_000);
    await simulator.start();
    simulator.backupSeconds = 0;
    const again = async () => (await call(simulator, "POST", "/backup", backup("b2"))).status;
    expect(await again()).toBe(409);
    expect(await idsListed(simulator)).toEqual([]);
    simulator.clock.advance(23 * 3_600_000);
    expect(await again()).toBe(409);
    simulator.clock.advance(3_600_000);
    expect(await again()).toBe(200);
  });

  test("a lease expired by hand frees the location once the reservation is over", async () => {
    const simulator = await withTables();
    const { answer } = await startBackup(simulator, "b1");
    await simulator.kill();
    await expect(answer).rejects.toThrow();
    simulator.expireLease(place.location);
    expect(simulator.isBusy(place.location)).toBe(true);
    simulator.clock.advance(5 * 60_000);
    expect(simulator.isBusy(place.location)).toBe(false);
  });
});

describe("restores of 0.2", () => {
  const restore = (more: object = {}) => ({ ...place, backup_id: "b1", ...more });

  test("bring tables back, with the documents of the backup", async () => {
    const simulator = await withTables();
    simulator.addBackup(place.location, "b1");
    simulator.tables.set("t1", { d1: "spoilt" });
    simulator.tables.delete("t2");
    await call(simulator, "POST", "/restore", restore({ restore_mode: "overwrite" }));
    await expect.poll(() => simulator.tables.get("t1")).toEqual({ d1: { a: 1 } });
    expect(simulator.tables.get("t2")).toEqual({});
  });

  test("are jobs: queued, running, then over, when the tables are there", async () => {
    const simulator = await withTables({ restoreSeconds: 100 });
    simulator.addBackup(place.location, "b1");
    simulator.tables.clear();
    const { body } = await call(simulator, "POST", "/restore", restore());
    const phase = async () =>
      (await call(simulator, "GET", `/restore/jobs/${body.job_id}`)).body.phase;
    expect(await phase()).toBe("queued");
    simulator.clock.advance(10_000);
    expect(await phase()).toBe("running");
    expect(simulator.tables.size).toBe(0);
    simulator.clock.advance(90_000);
    expect(await phase()).toBe("succeeded");
    expect([...simulator.tables.keys()].sort()).toEqual(["t1", "t2"]);
  });

  test("a conflict restores nothing; a table missing from the backup only itself", async () => {
    const simulator = await withTables();
    simulator.addBackup(place.location, "b1");
    simulator.tables.delete("t1");
    await call(simulator, "POST", "/restore", restore());
    await expect.poll(() => simulator.restoreJobs[0]?.error).toBe("TableAlreadyExists");
    expect(simulator.tables.has("t1")).toBe(false);
    await call(simulator, "POST", "/restore", restore({ table_names: ["t1", "x"] }));
    await expect.poll(() => simulator.restoreJobs[1]?.error).toBe("ClusterRestorePartialFailure");
    expect(simulator.restoreJobs[1]?.result?.failed).toEqual(["x"]);
    expect(simulator.tables.has("t1")).toBe(true);
  });

  test("an Idempotency-Key brings the same job, with another body a 409", async () => {
    const simulator = await withTables();
    const headers = { authorization: `Bearer ${simulator.token}`, "idempotency-key": "k" };
    const url = `${simulator.url}/db/v1/restore`;
    const first = await send(url, "POST", restore(), headers);
    const same = await send(url, "POST", restore(), headers);
    const other = await send(url, "POST", restore({ backup_id: "b2" }), headers);
    expect(same.body.job_id).toBe(first.body.job_id);
    expect(other.status).toBe(409);
    expect(simulator.restoreJobs).toHaveLength(1);
  });
});

describe("secrets of 0.2", () => {
  test("PUT stores, new or not; the list never tells the value", async () => {
    const simulator = await withTables();
    await call(simulator, "PUT", "/secrets/a.b", { value: "first" });
    simulator.clock.advance(60_000);
    const { body } = await call(simulator, "PUT", "/secrets/a.b", { value: "second" });
    expect(Date.parse(body.updated_at) - Date.parse(body.created_at)).toBeGreaterThan(50_000);
    expect(simulator.secrets.get("a.b")?.value).toBe("second");
    const { body: listed } = await call(simulator, "GET", "/secrets");
    expect(listed).toEqual({ secrets: [body] });
    expect(Object.keys(body)).toEqual(["key", "status", "env_var", "created_at", "updated_at"]);
  });

  test("one of the environment has no times, can't be deleted, and may be both", async () => {
    const simulator = await withTables();
    simulator.environmentSecrets.add("openai.api_key");
    const entry = { key: "openai.api_key", status: "configured_env", env_var: "OPENAI_API_KEY" };
    const { body } = await call(simulator, "GET", "/secrets");
    expect(body.secrets).toEqual([entry]);
    const gone = await call(simulator, "DELETE", "/secrets/openai.api_key");
    expect(gone.status).toBe(404);
    const put = await call(simulator, "PUT", "/secrets/openai.api_key", { value: "v" });
    expect(put.body.status).toBe("configured_both");
  });

  test("0.2.2's times are in 1970", async () => {
    const simulator = await withTables();
    simulator.secretTimesIn1970 = true;
    const { body } = await call(simulator, "PUT", "/secrets/a", { value: "v" });
    expect(body.created_at).toMatch(/^1970-/);
  });

  test("can't be changed in multi-node mode, which the status names", async () => {
    const simulator = await withTables();
    simulator.state.multiNode = true;
    const answers = [
      await call(simulator, "PUT", "/secrets/a", { value: "v" }),
      await call(simulator, "DELETE", "/secrets/a"),
    ];
    expect(answers.map(({ status }) => status)).toEqual([503, 503]);
    const { body } = await call(simulator, "GET", "/status");
    expect(body.deployment_mode).toBe("distributed");
  });
});

describe("access", () => {
  test.each([
    ["the key as Bearer", (token: string) => `Bearer ${token}`, 200],
    ["the key as ApiKey", (token: string) => `ApiKey ${token}`, 200],
    ["user and password", () => `Basic ${Buffer.from("admin:admin").toString("base64")}`, 200],
    ["the key, not encoded", (token: string) => `Bearer ${Buffer.from(token, "base64")}`, 500],
  ])("%s: %3$i", async (_what, header, status) => {
    const simulator = await withTables();
    const headers = { authorization: header(simulator.token) };
    const answer = await send(`${simulator.url}/db/v1/secrets`, "GET", undefined, headers);
    expect(answer.status).toBe(status);
  });

  test.each([
    ["GET", "/status", 200],
    ["GET", "/connections", 200],
    ["GET", listPath, 403],
    ["POST", "/backup", 403],
    ["POST", "/restore", 403],
    ["GET", "/secrets", 403],
    ["PUT", "/secrets/a", 403],
    ["DELETE", "/secrets/a", 403],
  ])("a login without rights: %s %s is a %i", async (method, path, status) => {
    const simulator = await withTables();
    const headers = { authorization: `Bearer ${simulator.limitedToken}` };
    const answer = await send(`${simulator.url}/db/v1${path}`, method, undefined, headers);
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body).toEqual({ error: "forbidden" });
  });

  test("without auth nothing is asked", async () => {
    const simulator = await withTables();
    simulator.state.authEnabled = false;
    const answer = await send(`${simulator.url}/db/v1/status`, "GET");
    expect(answer).toMatchObject({ status: 200, body: { auth_enabled: false } });
  });

  test("no credential is unexpected, and so is the other dialect, its status apart", async () => {
    const simulator = await withTables();
    await send(`${simulator.url}/db/v1/status`, "GET");
    await send(`${simulator.url}/api/v1/status`, "GET");
    await send(`${simulator.url}/api/v1/backup`, "POST", {});
    expect(simulator.unexpected.splice(0)).toEqual([
      "GET /db/v1/status: no Authorization",
      "POST /api/v1/backup: no such route",
    ]);
  });
});

describe("the health port", () => {
  test.each([
    ["/healthz", 200, "application/json", { status: "ok" }],
    ["/readyz", 200, "application/json", { status: "ready" }],
    ["/metrics", 200, "text/plain; version=0.0.4; charset=utf-8", /^antfly_data_server_up 1$/m],
  ])("GET %s needs no credential", async (path, status, type, body) => {
    const simulator = await withTables();
    const answer = await send(`${simulator.healthUrl}${path}`, "GET");
    expect([answer.status, answer.type]).toEqual([status, type]);
    if (body instanceof RegExp) expect(answer.body).toMatch(body);
    else expect(answer.body).toEqual(body);
    expect(simulator.requests.at(-1)).toMatchObject({ listener: "health", path });
  });

  test("is closed and started with the other", async () => {
    const simulator = await withTables();
    await simulator.close();
    await expect(fetch(`${simulator.healthUrl}/healthz`)).rejects.toThrow();
    await simulator.start();
    expect((await fetch(`${simulator.healthUrl}/healthz`)).status).toBe(200);
  });
});
