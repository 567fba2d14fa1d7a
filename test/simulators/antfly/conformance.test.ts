import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AntflySimulator } from "../../../simulators/antfly.ts";
import { type Release, releases } from "../../antfly-server/install.ts";
import { tryToStart } from "../../antfly-server/testing.ts";
import { isExhaustive } from "../../support/exhaustive.ts";
import { type Answer, send } from "./testing.ts";

/** A server of 0.2 to hold against the table. */
interface Target {
  url: string;
  authorization: string;
  close: () => Promise<void>;
}

/** Its name, and how it is had: a target, or why there is none. */
type Opening = [name: string, open: () => Promise<Target | { reason: string }>];

const realServers = isExhaustive ? releases : [];

/** The simulator, and the real server in each release that runs here. */
const targets: Opening[] = [
  ["the simulator", simulated],
  ...realServers.map((release): Opening => [`the real server ${release}`, () => real(release)]),
];

/** A location in which no backup is. */
const emptyLocation = "file:///conformance";

async function simulated(): Promise<Target> {
  const simulator = new AntflySimulator();
  simulator.addTable("t1", { d1: { a: 1 } });
  simulator.addTable("t2");
  simulator.addConnection("ro", { capabilities: ["backup.read"] });
  simulator.addConnection("noroot", { reachable: false });
  simulator.addConnection("s3", { protocol: "s3", buckets: ["mybucket"], reachable: false });
  await simulator.start();
  return {
    url: simulator.url,
    authorization: `Bearer ${simulator.token}`,
    close: () => simulator.close(),
  };
}

async function real(release: Release): Promise<Target | { reason: string }> {
  const attempt = await tryToStart({ release });
  if ("reason" in attempt) return attempt;
  const { server } = attempt;
  await server.addTable("t1", { d1: { a: 1 } });
  await server.addTable("t2");
  return { url: server.url, authorization: server.authorization, close: () => server.close() };
}

const [json, plain] = ["application/json", "text/plain; charset=utf-8"];
const invalid = "invalid backup request";
const internal = { error: "INTERNAL_ERROR", message: "internal server error" };
const error = (text: string) => ({ error: text });
const names = Array.from({ length: 257 }, (_, index) => `n${index}`);
const completed = { status: "completed" };

/** What a row sends beside the location: a body's fields, or a body that is no object of fields. */
type Row = [sent: Record<string, unknown> | string, status: number, type: string, body: unknown];

const backups: Row[] = [
  [{ backup_id: "b1" }, 200, json, { ...completed, backup_id: "b1" }],
  [{ backup_id: "b1" }, 409, plain, "backup id already exists"],
  [{ backup_id: "b1", table_names: ["x"] }, 409, plain, "backup id already exists"],
  [{ backup_id: "b2", table_names: ["t1", "x"] }, 200, json, { status: "partial" }],
  [{ backup_id: "b2", table_names: ["t1"] }, 200, json, completed],
  [{ backup_id: "b3", table_names: ["x"] }, 200, json, { status: "failed" }],
  [{ backup_id: "b3", format: "native" }, 200, json, completed],
  [{ backup_id: "b4", format: "portable" }, 200, json, completed],
  [{ backup_id: "B5" }, 200, json, completed],
  [{ backup_id: ".-_" }, 200, json, completed],
  [{ backup_id: "a".repeat(128) }, 200, json, completed],
  [{ backup_id: "a".repeat(129) }, 400, plain, invalid],
  [{ backup_id: "" }, 400, plain, invalid],
  [{ backup_id: "b b" }, 400, plain, invalid],
  [{ backup_id: 5 }, 400, plain, invalid],
  [{}, 400, plain, invalid],
  [{ backup_id: "b6", connection: undefined }, 400, plain, invalid],
  [{ backup_id: "b6", format: "tar" }, 400, plain, invalid],
  [{ backup_id: "b6", extra: 1 }, 400, plain, invalid],
  [{ backup_id: "b6", table_names: null }, 400, plain, invalid],
  [{ backup_id: "b6", table_names: ["t1", "t1"] }, 400, plain, invalid],
  [{ backup_id: "b6", table_names: [""] }, 400, plain, invalid],
  [{ backup_id: "b6", table_names: names }, 400, plain, invalid],
  ["{", 400, plain, invalid],
  ["[]", 400, plain, invalid],
  [{ backup_id: "b6", table_names: [] }, 400, plain, "no tables to backup"],
];

const connectionless = "backup connection was not found";
const incapable = "backup connection does not grant the required capability";
const mismatched = "backup connection protocol does not match the location";
const foreign = "backup location bucket is outside the connection allowlist";
const jobless = "invalid restore location";

/** Location and connection, and what backup, list and restore say; null: a restore's job. */
const places: [string, string, number, unknown, unknown, string | null][] = [
  ["ftp://a", "none", 400, "unsupported backup location", undefined, "unsupported backup location"],
  ["/a", "bk", 400, "unsupported backup location", undefined, "unsupported backup location"],
  ["file:///a", "none", 400, connectionless, undefined, connectionless],
  ["file:///a", "ro", 400, incapable, undefined, incapable],
  ["s3://mybucket/a", "ro", 400, mismatched, undefined, mismatched],
  ["file:///a", "s3", 400, mismatched, undefined, mismatched],
  ["gs://b/a", "bk", 400, mismatched, undefined, mismatched],
  ["file://a", "bk", 400, "invalid backup location", undefined, "invalid backup location"],
  ["s3:///a", "s3", 400, "invalid backup location", undefined, "invalid backup location"],
  ["s3://other/a", "s3", 400, foreign, undefined, foreign],
  ["file:///a/", "bk", 500, internal, undefined, jobless],
  ["file:///a/../b", "bk", 500, internal, undefined, jobless],
  ["file:///a", "noroot", 500, internal, undefined, jobless],
  ["s3://mybucket/a", "s3", 500, "backup failed", "backup list failed", null],
];

/** Method, path, whether with a credential, then what comes back. */
const paths: [string, string, boolean, number, string | null, unknown][] = [
  ["GET", "/api/v1/status", false, 404, plain, "not found"],
  ["GET", "/api/v1/backups", true, 404, plain, "not found"],
  ["POST", "/api/v1/backup", false, 405, null, ""],
  ["PUT", "/api/v1/secrets/a", false, 405, null, ""],
  ["GET", "/db/v1/backup", false, 404, plain, "not found"],
  ["GET", "/db/v1/nope", false, 404, plain, "not found"],
  ["POST", "/db/v1/status", false, 405, null, ""],
  ["GET", "/nope", false, 200, "text/html; charset=utf-8", /^<!doctype html>/],
  ["GET", "/metrics", false, 200, "text/html; charset=utf-8", /^<!doctype html>/],
  ["GET", "/openapi.json", false, 404, plain, "not found"],
  ["POST", "/nope", false, 405, null, ""],
  ["GET", "/healthz", false, 200, json, { status: "ok" }],
  ["GET", "/db/v1/status/", true, 200, json, { health: "healthy", auth_enabled: true }],
  ["GET", "/db/v1/status", false, 401, json, error("unauthorized")],
  ["GET", "/db/v1/secrets", false, 401, json, error("unauthorized")],
  ["GET", "/db/v1/backups", false, 400, json, { error: "missing_query_param" }],
  ["GET", "/db/v1/restore/jobs/1", true, 404, "text/plain", "not found"],
  ["GET", "/db/v1/restore/jobs/nope", true, 400, "text/plain", "invalid job id"],
];

/** Key as in the path, body, what comes back. */
const secrets: [string, string, number, unknown][] = [
  ["a.b", '{"value":"v"}', 200, { key: "a.b", status: "configured_file", env_var: "A_B" }],
  ["A-b_c", '{"value":"","extra":1}', 200, { key: "A-b_c", env_var: "A_B_C" }],
  ["a%20b", '{"value":"v"}', 400, "invalid secret key"],
  ["a%2Eb", '{"value":"v"}', 400, "invalid secret key"],
  [".a", '{"value":"v"}', 400, "invalid secret key"],
  ["a..b", '{"value":"v"}', 400, "invalid secret key"],
  ["a.b", '{"value":5}', 400, "invalid secret request"],
  ["a.b", "{}", 400, "invalid secret request"],
  ["a%20b", "{", 400, "invalid secret request"],
];

describe.each(targets)("%s", (_name, open) => {
  let target: Target;
  let reason: string | undefined;

  beforeAll(async () => {
    const opened = await open();
    if ("reason" in opened) reason = opened.reason;
    else target = opened;
  }, 300_000);

  beforeEach(({ skip }) => skip(reason !== undefined, reason));

  afterAll(() => target?.close());

  function call(method: string, path: string, sent?: unknown, isKnown = true): Promise<Answer> {
    const headers: Record<string, string> = isKnown ? { authorization: target.authorization } : {};
    return send(`${target.url}${path}`, method, sent, headers);
  }

  function expectAnswer(answer: Answer, status: number, type: string | null, body: unknown): void {
    expect([answer.status, answer.type]).toEqual([status, type]);
    if (body instanceof RegExp) expect(answer.body).toMatch(body);
    else if (typeof body === "object") expect(answer.body).toMatchObject(body ?? {});
    else expect(answer.body).toBe(body);
  }

  test.each(backups)("POST /backup %j: %i", async (sent, status, type, body) => {
    const place = { location: emptyLocation, connection: "bk" };
    const whole = typeof sent === "string" ? sent : { ...place, ...sent };
    expectAnswer(await call("POST", "/db/v1/backup", whole), status, type, body);
  });

  test("GET /backups: byte order of the IDs, and pages by cursor", async () => {
    const query = { location: emptyLocation, connection: "bk" };
    const page = async (more: Record<string, string>) => {
      const search = new URLSearchParams({ ...query, ...more });
      return (await call("GET", `/db/v1/backups?${search}`)).body;
    };
    const { backups: all, next_cursor: none } = await page({});
    const ids = all.map(({ backup_id }: { backup_id: string }) => backup_id);
    expect(ids).toEqual([".-_", "B5", "a".repeat(128), "b1", "b2", "b3", "b4"]);
    expect(none).toBeUndefined();
    const second = await page({ limit: "2", cursor: "B5" });
    expect(second.backups).toEqual(all.slice(2, 4));
    expect(second.next_cursor).toBe("b1");
  });

  test.each([
    ["limit", "0"],
    ["limit", "1001"],
    ["limit", "x"],
    ["cursor", ""],
    ["cursor", "!"],
  ])("GET /backups with %s=%s: 400", async (name, value) => {
    const query = { location: emptyLocation, connection: "bk", [name]: value };
    const answer = await call("GET", `/db/v1/backups?${new URLSearchParams(query)}`);
    expectAnswer(answer, 400, "text/plain", `invalid backup list ${name}`);
  });

  test.each(places)("%s through %s", async (location, connection, status, said, list, restore) => {
    const place = { location, connection };
    const type = typeof said === "string" ? plain : json;
    const backup = { backup_id: "b1", ...place };
    expectAnswer(await call("POST", "/db/v1/backup", backup), status, type, said);
    const listing = await call("GET", `/db/v1/backups?${new URLSearchParams(place)}`);
    expectAnswer(listing, status, type, list ?? said);
    const answer = await call("POST", "/db/v1/restore", backup);
    if (restore === null) expect(answer.status).toBe(202);
    else expectAnswer(answer, 400, json, error(restore));
  });

  test.each(paths)("%s %s, credential %s: %i", async (method, path, known, status, type, body) => {
    expectAnswer(await call(method, path, undefined, known), status, type, body);
  });

  test.each([
    ["Bearer !!!", 500, internal],
    ["Bearer YTpi", 401, error("unauthorized")],
    ["Bearer YTpiYg", 500, internal],
    ["ApiKey YTpi", 401, error("unauthorized")],
    ["Basic YTpi", 401, error("unauthorized")],
    ["bearer YTpi", 401, error("unauthorized")],
    ["Token YTpi", 401, error("unauthorized")],
  ])("Authorization: %s: %i", async (authorization, status, body) => {
    const answer = await send(`${target.url}/db/v1/status`, "GET", undefined, { authorization });
    expectAnswer(answer, status, json, body);
  });

  test.each(secrets)("PUT /secrets/%s %s: %i", async (key, sent, status, body) => {
    const answer = await call("PUT", `/db/v1/secrets/${key}`, sent);
    expectAnswer(answer, status, status === 200 ? json : plain, body);
  });

  test("DELETE /secrets/{key}: 204, then 404", async () => {
    const first = await call("DELETE", "/db/v1/secrets/a.b");
    const second = await call("DELETE", "/db/v1/secrets/a.b");
    expectAnswer(first, 204, plain, "");
    expectAnswer(second, 404, plain, "not found");
  });

  test.each([
    [{ restore_mode: "x" }, "invalid restore mode"],
    [{ table_names: null }, "invalid restore request"],
    [{ connection: undefined }, "invalid restore request"],
    [{ extra: 1 }, "invalid restore request"],
  ])("POST /restore %j: 400 in JSON", async (sent, said) => {
    const place = { backup_id: "b1", location: emptyLocation, connection: "bk" };
    const answer = await call("POST", "/db/v1/restore", { ...place, ...sent });
    expectAnswer(answer, 400, json, error(said));
  });

  test.each([
    [{}, "failed", { error: "TableAlreadyExists" }],
    [{ backup_id: "none" }, "failed", { error: "InvalidRequest" }],
    [{ restore_mode: "skip_if_exists" }, "succeeded", { result: { skipped_table_count: 2 } }],
    [{ table_names: [] }, "succeeded", { result: { committed_table_count: 0 } }],
    [
      { restore_mode: "overwrite", table_names: ["t1", "x"] },
      "failed",
      { error: "ClusterRestorePartialFailure", result: { status: "partial" } },
    ],
  ])("POST /restore %j: a job that ends %s", async (sent, phase, more) => {
    const place = { backup_id: "b1", location: emptyLocation, connection: "bk" };
    const started = await call("POST", "/db/v1/restore", { ...place, ...sent });
    expectAnswer(started, 202, json, { phase: "queued", scope: "cluster" });
    const path = `/db/v1/restore/jobs/${started.body.job_id}`;
    expect(started.headers.get("location")).toBe(path);
    expect(started.headers.get("retry-after")).toBe("1");
    const job = async () => (await call("GET", path)).body;
    await expect.poll(job, { timeout: 10_000 }).toMatchObject({ phase, ...more });
  });
});
