import { describe, expect, test } from "vitest";
import { call, send, withTables } from "./testing.ts";

const location = "file:///backups";
const listPath = `/backups?${new URLSearchParams({ location })}`;
const backup = (id: string, more: object = {}) => ({ location, backup_id: id, ...more });
const old = () => withTables({ dialect: "v0.1" });

describe("backups of v0.1", () => {
  test("take no connection and overwrite an existing ID silently", async () => {
    const simulator = await old();
    await call(simulator, "POST", "/backup", backup("b1", { table_names: ["t1"] }));
    const { status, body } = await call(simulator, "POST", "/backup", backup("b1"));
    expect([status, body.status]).toEqual([200, "completed"]);
    const { body: listed } = await call(simulator, "GET", listPath);
    expect(listed.backups).toMatchObject([{ backup_id: "b1", tables: ["t1", "t2"] }]);
  });

  test("with a missing table are partial, and listed all the same", async () => {
    const simulator = await old();
    const sent = backup("b1", { table_names: ["t1", "x"] });
    const { body } = await call(simulator, "POST", "/backup", sent);
    expect(body).toEqual({
      backup_id: "b1",
      status: "partial",
      tables: [
        { name: "t1", status: "completed" },
        { error: "table not found: not found", name: "x", status: "failed" },
      ],
    });
    const { body: listed } = await call(simulator, "GET", listPath);
    expect(listed.backups).toMatchObject([{ backup_id: "b1", tables: ["t1"] }]);
  });

  test("two at a time in one location both succeed", async () => {
    const simulator = await old();
    simulator.backupSeconds = 60;
    const both = ["b1", "b2"].map((id) => call(simulator, "POST", "/backup", backup(id)));
    await expect.poll(() => simulator.requests.length).toBe(2);
    simulator.clock.advance(60_000);
    const answers = await Promise.all(both);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  test.each([
    ["a directory", location, ["b1"], []],
    ["a bucket", "s3://bucket/backups", [], undefined],
  ])("whose client left are listed without tables in %s", async (_what, at, ids, tables) => {
    const simulator = await old();
    simulator.addLocation(at);
    simulator.backupSeconds = 60;
    const leaving = new AbortController();
    const sent = { ...backup("b1"), location: at };
    const answer = call(simulator, "POST", "/backup", sent, leaving.signal);
    answer.catch(() => {});
    await expect.poll(() => simulator.requests.length).toBe(1);
    leaving.abort();
    await expect(answer).rejects.toThrow();
    await expect.poll(() => [...simulator.backups(at).keys()]).toEqual(ids);
    const { body } = await call(
      simulator,
      "GET",
      `/backups?${new URLSearchParams({ location: at })}`,
    );
    expect(body.backups?.[0]?.tables).toEqual(tables);
  });

  test("a list wants the directory to be there, and is null where it is empty", async () => {
    const simulator = await old();
    const missing = await call(simulator, "GET", listPath);
    expect(missing.status).toBe(500);
    expect(missing.body.error).toMatch(/^Failed to read directory: open \/backups: no such file/);
    simulator.addLocation(location);
    expect((await call(simulator, "GET", listPath)).body).toEqual({ backups: null });
  });

  test.each([
    ["no JSON", "POST", "/backup", "{", 400, /^Failed to parse request: /],
    ["no tables", "POST", "/backup", backup("b1"), 400, "No tables to backup"],
    [
      "nothing restorable",
      "POST",
      "/restore",
      backup("none"),
      500,
      /^Failed to read cluster backup/,
    ],
  ])("%s is a JSON error", async (_what, method, path, sent, status, said) => {
    const simulator = await old();
    simulator.tables.clear();
    const answer = await call(simulator, method, path, sent);
    expect([answer.status, answer.type]).toEqual([status, "application/json"]);
    expect(answer.body.error).toMatch(said);
  });
});

describe("restores of v0.1", () => {
  test("answer tables and status, no job, and bring tables back", async () => {
    const simulator = await old();
    simulator.addBackup(location, "b1");
    simulator.tables.delete("t1");
    const sent = backup("b1", { restore_mode: "skip_if_exists" });
    const answer = await call(simulator, "POST", "/restore", sent);
    expect(answer).toMatchObject({
      status: 202,
      body: {
        status: "triggered",
        tables: [
          { name: "t1", status: "triggered" },
          { name: "t2", status: "skipped" },
        ],
      },
    });
    await expect.poll(() => simulator.tables.get("t1")).toEqual({ d1: { a: 1 } });
  });

  test("a conflict is a 400", async () => {
    const simulator = await old();
    simulator.addBackup(location, "b1");
    const answer = await call(simulator, "POST", "/restore", backup("b1"));
    expect(answer).toMatchObject({ status: 400, body: { error: "table t1 already exists" } });
  });
});

describe("secrets of v0.1", () => {
  test("are configured_keystore, with times to the nanosecond; the list is null without any", async () => {
    const simulator = await old();
    expect((await call(simulator, "GET", "/secrets")).body).toEqual({ secrets: null });
    const { body } = await call(simulator, "PUT", "/secrets/a-b.c", { value: "v" });
    expect(body).toMatchObject({ status: "configured_keystore", env_var: "A-B_C" });
    expect(body.created_at).toMatch(/\.\d{9}Z$/);
  });

  test.each([
    ["PUT", "a%20b", { value: "v" }, 400, /^Invalid secret key format/],
    ["PUT", "a", { value: "" }, 400, "Secret value is required"],
    ["PUT", "a", { value: 5 }, 400, "Invalid request body"],
    ["DELETE", "a", undefined, 404, "Endpoint not found: /api/v1/secrets/a"],
  ])("%s %s %j: %i", async (method, key, sent, status, said) => {
    const simulator = await old();
    const answer = await call(simulator, method, `/secrets/${key}`, sent);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toMatch(said);
  });

  test("are deleted with a 204", async () => {
    const simulator = await old();
    await call(simulator, "PUT", "/secrets/a", { value: "v" });
    expect((await call(simulator, "DELETE", "/secrets/a")).status).toBe(204);
    expect(simulator.secrets.size).toBe(0);
  });
});

describe("the server of v0.1", () => {
  test("says swarm_mode in its status", async () => {
    const simulator = await old();
    const { body } = await call(simulator, "GET", "/status");
    expect(body).toMatchObject({ health: "healthy", auth_enabled: true, swarm_mode: true });
  });

  test.each([
    ["no credential", "", 401, 1],
    ["another key", "Bearer YTpi", 401, 0],
    ["no base64", "Bearer !", 400, 0],
  ])("%s is told as JSON", async (_what, authorization, status, unexpected) => {
    const simulator = await old();
    const headers: Record<string, string> = authorization === "" ? {} : { authorization };
    const answer = await send(`${simulator.url}/api/v1/status`, "GET", undefined, headers);
    expect(answer).toMatchObject({ status, body: { error: "Unauthorized" } });
    expect(simulator.unexpected.splice(0)).toHaveLength(unexpected);
  });

  test("a login without rights is a 403", async () => {
    const simulator = await old();
    const headers = { authorization: `Bearer ${simulator.limitedToken}` };
    const answer = await send(`${simulator.url}/api/v1/secrets`, "GET", undefined, headers);
    expect(answer).toMatchObject({ status: 403, body: { error: "Forbidden" } });
  });

  test.each([
    ["GET", "/db/v1/status", 200, "text/html; charset=utf-8", 0],
    ["POST", "/db/v1/backup", 200, "text/html; charset=utf-8", 1],
    ["GET", "/api/v1/nope", 404, "application/json", 1],
    ["GET", "/api/v1/status/", 404, "application/json", 1],
    ["PUT", "/api/v1/backup", 405, "text/plain; charset=utf-8", 1],
    ["GET", "/api/v1/backups", 400, "text/plain; charset=utf-8", 0],
  ])("%s %s without a credential: %i", async (method, path, status, type, unexpected) => {
    const simulator = await old();
    const answer = await send(`${simulator.url}${path}`, method);
    expect([answer.status, answer.type]).toEqual([status, type]);
    expect(simulator.unexpected.splice(0)).toHaveLength(unexpected);
  });

  test("answers ok, as text, on the health port", async () => {
    const simulator = await old();
    const answer = await send(`${simulator.healthUrl}/healthz`, "GET");
    expect(answer).toMatchObject({ status: 200, body: "ok" });
  });
});
