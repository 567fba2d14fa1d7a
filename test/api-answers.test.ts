import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AkkerisApi } from "../provider/akkeris/api.ts";
import { AntflyApi } from "../provider/antfly/api.ts";
import { CitusApi } from "../provider/citus/api.ts";
import { CrunchyBridgeApi } from "../provider/crunchybridge/api.ts";
import { FormationsError } from "../provider/errors.ts";
import type { HttpClient } from "../provider/http/client.ts";
import { BadAnswer, HttpError, httpError } from "../provider/http/errors.ts";
import { interpret } from "../provider/http/interpret.ts";
import { requestOf } from "../provider/http/request.ts";
import { systemClock } from "../provider/process/clock.ts";
import { createRedactor } from "../provider/process/redact.ts";
import type { Values } from "../provider/resource/values.ts";

const seed = 20_260_301;
const runs = { seed, numRuns: 200 };

/** What a body holds that nobody may see; no redactor knows it. */
const hidden = "hunter2-in-an-answer";

/** A client whose every request gets one answer. */
function answering(status: number, text: string): HttpClient {
  const defaults = { system: "Test", headers: () => ({}), secrets: [] };
  const redact = createRedactor([]);
  return {
    send: async (endpoint, params, options = {}) => {
      const request = requestOf(endpoint, params, new URL("http://x"), defaults, redact, options);
      const attempt = { request, tries: 1, inDoubt: false, now: 0 };
      const outcome = { response: { status, headers: {}, text } };
      const result = interpret(attempt, endpoint, outcome, undefined);
      if ("failure" in result) throw httpError(result.failure);
      return result.answer;
    },
    close: async () => {},
  };
}

const options = {};
const time = "2026-01-01T00:00:00Z";

const formation = {
  ...{ id: "f1", name: "events", region: "us-east-1", created_at: time, state: "steady" },
  database_url: null,
  tune_attributes: {
    ...{ is_mx: false, is_zfs: true, worker_ha: false, coordinator_ha: true, worker_count: 2 },
    ...{ worker_tune: "r5.large", coordinator_tune: "r5.large" },
    ...{ worker_disk_size: "512", coordinator_disk_size: "100" },
  },
};
const nested = { id: "c2", name: "reports", created_at: time, replicas: null };
const cluster = {
  ...{ id: "c1", name: "orders", parent_id: "c0", team_id: "t", plan_id: "standard-8" },
  ...{ provider_id: "aws", region_id: "us-east-1", network_id: "n", storage: 100, cpu: 2 },
  ...{ memory: 0.5, major_version: 17, postgres_version_id: "v", is_ha: false, host: "" },
  ...{ is_protected: false, is_suspended: false, environment: null, disk_usage: null },
  ...{ maintenance_window_start: null, created_at: time, state: "ready", replicas: [nested] },
};
const operations = [{ flavor: "resize", state: "in_progress", starting_from: time }];
const row = {
  ...{ id: "u", type: "web", size: "gp2", quantity: 1, port: null, healthcheck: null },
  ...{ command: null, created_at: time, app: { name: "shop" } },
};
const entry = { key: "k", status: "configured_file", env_var: "K", created_at: null };
const backup = {
  ...{ backup_id: "b1", timestamp: time, tables: null, location: "s3://b", format: null },
};
const job = { job_id: "1", backup_id: "b1", phase: "queued", error: null, result: null };

interface Case {
  name: string;
  valid: unknown;
  /** Other answers that the notes on the API allow. */
  others?: unknown[];
  call(client: HttpClient): Promise<unknown>;
}

const citus = (client: HttpClient) => new CitusApi(client, 5);
const bridge = (client: HttpClient) => new CrunchyBridgeApi(client);
const akkeris = (client: HttpClient) => new AkkerisApi(client, systemClock);
const antfly = (client: HttpClient, dialect: "v0.1" | "0.2" = "0.2") =>
  new AntflyApi({ client, health: client, dialect });
const place = { location: "s3://b" };
const ordered = { backupId: "b1", ...place };
const newFormation = { name: "n", region: "us-east-1", tune_attributes: {} };
const newRow = { type: "web", size: "gp1", quantity: 1 };

const cases: Case[] = [
  {
    name: "a created formation",
    valid: { id: "f" },
    call: (c) => citus(c).create(newFormation, options),
  },
  { name: "formations", valid: { formations: [formation] }, call: (c) => citus(c).list(options) },
  {
    name: "a formation",
    valid: formation,
    others: [
      { ...formation, state: "hibernating" },
      { ...formation, database_url: "postgres://u:p@h/d" },
      { ...formation, tune_attributes: { ...formation.tune_attributes, worker_count: "2" } },
      { ...formation, tune_attributes: { ...formation.tune_attributes, worker_disk_size: 512 } },
      { ...formation, tune_attributes: { ...formation.tune_attributes, worker_tune: "r9.new" } },
    ],
    call: (c) => citus(c).get("f1", options),
  },
  {
    name: "a destroyed formation",
    valid: { success: true },
    call: (c) => citus(c).destroy("f1", options),
  },
  {
    name: "a created replica",
    valid: cluster,
    call: (c) => bridge(c).createReplica("p", { name: "n" }, "k", options),
  },
  {
    name: "a cluster",
    valid: cluster,
    others: [
      { ...cluster, parent_id: null },
      { ...cluster, state: "hibernating", environment: "staging", provider_id: "other" },
      { ...cluster, replicas: null, host: null, network_id: null },
      { ...cluster, replicas: [{ ...nested, replicas: [{ ...nested, replicas: [] }] }] },
      { ...cluster, disk_usage: { disk_available_mb: 1, disk_total_size_mb: 2, disk_used_mb: 1 } },
    ],
    call: (c) => bridge(c).get("c1", options),
  },
  { name: "a changed cluster", valid: cluster, call: (c) => bridge(c).patch("c1", {}, options) },
  {
    name: "a page of clusters",
    valid: { clusters: [cluster], has_more: false, next_cursor: null },
    others: [{ clusters: [], has_more: false }],
    call: (c) => bridge(c).list(options),
  },
  {
    name: "pending operations",
    valid: { operations },
    others: [{ operations: null }, {}, { operations: [{ flavor: "new", state: "new" }] }],
    call: (c) => bridge(c).operations("c1", options),
  },
  {
    name: "a cluster's status",
    valid: { state: "ready", ongoing_upgrade: { operations } },
    others: [{ state: "creating", ongoing_upgrade: null }, { state: "hibernating" }],
    call: (c) => bridge(c).status("c1", options),
  },
  {
    name: "a created app formation",
    valid: row,
    call: (c) => akkeris(c).create("a", newRow, options),
  },
  {
    name: "an app formation",
    valid: row,
    others: [{ ...row, port: 8080, healthcheck: "/", command: "x", size: "gp9-new", app: null }],
    call: (c) => akkeris(c).get("a", "web", options),
  },
  {
    name: "app formations",
    valid: [row],
    others: [[]],
    call: (c) => akkeris(c).list("a", options),
  },
  {
    name: "sizes",
    valid: [{ name: "gp1", price: 20, deprecated: false, description: "d" }],
    others: [[{ name: "gp1", price: null, resources: { limits: { memory: "1Gi" } } }]],
    call: (c) => akkeris(c).sizes(options),
  },
  {
    name: "deleted app formations",
    valid: [],
    others: [[{}]],
    call: (c) => akkeris(c).delete("a", "web", options),
  },
  {
    name: "a cluster's health",
    valid: { health: "healthy", auth_enabled: true, deployment_mode: "standalone" },
    others: [{ health: "dazed", swarm_mode: true, message: null }],
    call: (c) => antfly(c).status(options),
  },
  {
    name: "secrets",
    valid: { secrets: [entry] },
    others: [{ secrets: null }, { secrets: [{ key: "k", status: "configured_vault" }] }],
    call: (c) => antfly(c).secrets(options),
  },
  {
    name: "a stored secret",
    valid: entry,
    call: (c) => antfly(c).putSecret("k", { value: "v" }, options),
  },
  {
    name: "backups",
    valid: { backups: [backup] },
    others: [{ backups: null }, { backups: [{ ...backup, tables: ["t"], antfly_version: "1" }] }],
    call: (c) => antfly(c).backups(place, options),
  },
  {
    name: "a taken backup",
    valid: { status: "completed", tables: [{ name: "t", status: "completed" }] },
    others: [{ status: "dazed", tables: null }],
    call: (c) => antfly(c).takeBackup(ordered, options),
  },
  {
    name: "a restore that has begun",
    valid: job,
    call: (c) => antfly(c).restore(ordered, options),
  },
  {
    name: "a restore of v0.1",
    valid: { status: "triggered", tables: [{ name: "t", status: "triggered", error: null }] },
    call: (c) => antfly(c, "v0.1").restore(ordered, options),
  },
  {
    name: "a restore's job",
    valid: job,
    others: [{ ...job, phase: "dazed", result: { status: "s", failure_details: null } }],
    call: (c) => antfly(c).restoreJob("1", options),
  },
];

test.each([null, "", true, [], "1e3", 1.5, "two"])(
  "a number of workers that is %j is none, rather than 0 or 1",
  async (count) => {
    const tune = { ...formation.tune_attributes, worker_count: count };
    const text = JSON.stringify({ ...formation, tune_attributes: tune });
    await expect(citus(answering(200, text)).get("f1", options)).rejects.toBeInstanceOf(BadAnswer);
  },
);

test.each(["secrets", "backups"] as const)(
  "an answer without its list of %s is not an empty one, which would say that all are gone",
  async (list) => {
    const api = antfly(answering(200, '{"message":"moved"}'));
    const sent = list === "secrets" ? api.secrets(options) : api.backups(place, options);
    await expect(sent).rejects.toBeInstanceOf(BadAnswer);
  },
);

const json = fc.jsonValue({ maxDepth: 3 });
const extra = fc.dictionary(
  fc
    .string()
    .filter((key) => key !== "__proto__")
    .map((key) => `x-${key}`),
  json,
  { maxKeys: 2, noNullPrototype: true },
);

/** The same with further fields in each object of it. */
function extended(value: unknown, more: Values): unknown {
  if (Array.isArray(value)) return value.map((item) => extended(item, more));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, extended(item, more)]);
  return { ...more, ...Object.fromEntries(entries) };
}

/** The paths of all values in a value. */
function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]));
  return [path, ...inner];
}

function changed(value: unknown, [first, ...rest]: string[], to: unknown): unknown {
  if (first === undefined) return to;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    key === first ? changed(item, rest, to) : item,
  ]);
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}

describe.each(cases)("$name", ({ valid, others = [], call }) => {
  const send = (status: number, value: unknown) =>
    call(answering(status, JSON.stringify(value) ?? ""));

  test("parses, with whatever else is in it", async () => {
    const parsed = await send(200, valid);
    await fc.assert(
      fc.asyncProperty(extra, async (more) => {
        expect(await send(200, extended(valid, more))).toEqual(parsed);
      }),
      { ...runs, numRuns: 30 },
    );
  });

  test("parses with new values, and nulls or strings where they may be", async () => {
    for (const other of others) await send(200, other);
  });

  test("is never half-parsed, nor gone, where something else comes in its place", async () => {
    const paths = fc.constantFrom(...pathsOf(valid));
    const wrong = fc.oneof(json, fc.constant(undefined), fc.constant({ secret: hidden }));
    await fc.assert(
      fc.asyncProperty(paths, wrong, async (path, to) => {
        const result = await send(200, changed(valid, path, to)).catch((error: unknown) => error);
        if (!(result instanceof Error)) return;
        expect(result, inspect(result)).toBeInstanceOf(FormationsError);
        expect(inspect(result, { depth: 9 })).not.toContain(hidden);
      }),
      runs,
    );
  });

  test("is a bad answer where it is any other JSON, and what stands in it is not told", async () => {
    const other = json.filter((value) => !(Array.isArray(value) && value.length === 0));
    await fc.assert(
      fc.asyncProperty(other, async (value) => {
        const noise = { [hidden]: hidden, deep: { value, url: `postgres://u:${hidden}@h/d` } };
        const isList = Array.isArray(valid);
        for (const body of [value, isList ? noise : [noise], isList ? noise : hidden]) {
          if (isList && Array.isArray(body)) continue;
          const error = await send(200, body).catch((reason: unknown) => reason);
          // Where all of it is optional, an object is an answer.
          if (
            !(error instanceof Error) &&
            others.some((one) => Object.keys(Object(one)).length === 0)
          )
            continue;
          expect(error).toBeInstanceOf(BadAnswer);
          expect(inspect(error, { depth: 9 })).not.toContain(hidden);
        }
      }),
      runs,
    );
  });

  test("is no answer where the server failed, and only the API's own 404 or 410 means gone", async () => {
    for (const status of [401, 403, 500, 502, 503]) {
      await expect(send(status, { message: "no" }), `${status}`).rejects.toBeInstanceOf(
        FormationsError,
      );
    }
    for (const page of ["", "<html>", "<!doctype html><title>x</title>"]) {
      await expect(call(answering(404, page)), page).rejects.toBeInstanceOf(HttpError);
    }
  });
});
