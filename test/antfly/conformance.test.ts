import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type AntflyApi, hasEnded } from "../../provider/antfly/api.ts";
import { antfly } from "../../provider/antfly/system.ts";
import { NotFound } from "../../provider/http/errors.ts";
import { systemClock } from "../../provider/process/clock.ts";
import { resolveConfig } from "../../provider/resource/config.ts";
import { AntflySimulator } from "../../simulators/antfly.ts";
import { type Release, releases } from "../antfly-server/install.ts";
import { tryToStart } from "../antfly-server/testing.ts";
import { isExhaustive } from "../support/exhaustive.ts";

/** A server that speaks one of the dialects, with the tables people and orders (empty). */
interface Target {
  url: string;
  apiKey: string;
  close: () => Promise<void>;
}

type Opening = [name: string, dialect: string, open: () => Promise<Target | { reason: string }>];

const realServers = isExhaustive ? releases : [];

/** What the runner and the commands rely on holds for both dialects, simulated and real. */
const targets: Opening[] = [
  ["the simulator of v0.1", "v0.1", () => simulated("v0.1")],
  ["the simulator of 0.2", "0.2", () => simulated("0.2")],
  ...realServers.map((one): Opening => [`the real server ${one}`, "0.2", () => real(one)]),
];

/** In no order, one ID beyond ASCII, one with a slash, a number that JavaScript can't hold. */
const people = {
  Zoe: { age: 41, tags: ["a", "b"] },
  ann: { age: 2.5, none: null },
  "b/c": { text: 'quotes " and ü', nested: { deep: [{ x: 1 }] } },
  émile: { age: 7 },
};
const inOrder = ["Zoe", "ann", "b/c", "émile"];

const place = { location: "file:///series", connection: "bk" };
const options = {};

async function simulated(dialect: "v0.1" | "0.2"): Promise<Target> {
  const simulator = new AntflySimulator({ dialect });
  simulator.addTable("people", structuredClone(people));
  simulator.addTable("orders");
  simulator.addLocation(place.location);
  await simulator.start();
  return { url: simulator.url, apiKey: simulator.token, close: () => simulator.close() };
}

async function real(release: Release): Promise<Target | { reason: string }> {
  const attempt = await tryToStart({ release });
  if ("reason" in attempt) return attempt;
  const { server } = attempt;
  await server.addTable("people", people);
  await server.addTable("orders");
  return { url: server.url, apiKey: server.apiKey, close: () => server.close() };
}

describe.each(targets)("%s", (_name, dialect, open) => {
  let target: Target | undefined;
  let reason: string | undefined;
  let api: AntflyApi;

  beforeAll(async () => {
    const opened = await open();
    if ("reason" in opened) {
      reason = opened.reason;
      return;
    }
    target = opened;
    const values: Record<string, string> = { antflyUrl: opened.url, antflyApiKey: opened.apiKey };
    api = antfly
      .connect(
        resolveConfig(antfly, (key) => values[key], {}),
        systemClock,
      )
      .at();
  }, 300_000);

  beforeEach(({ skip }) => skip(reason !== undefined, reason));

  afterAll(() => target?.close());

  const ids = async () => (await api.backups(place, options)).map(({ backupId }) => backupId);

  /** Restores and waits for the end, as far as the dialect tells it. */
  async function restored(request: Parameters<AntflyApi["restore"]>[0], key?: string) {
    const begun = await api.restore(request, options, key);
    if (begun.kind === "triggered") return begun.tables;
    const { jobId } = begun.job;
    await expect
      .poll(async () => hasEnded((await api.restoreJob(jobId, options)) ?? begun.job), {
        timeout: 20_000,
      })
      .toBe(true);
    return api.restoreJob(jobId, options);
  }

  test("tells its dialect", async () => {
    expect(await api.dialect(options)).toBe(dialect);
  });

  test("lists no backups at a location that has none", async () => {
    expect(await ids()).toEqual([]);
  });

  test("lists its tables", async () => {
    expect((await api.tables(options)).toSorted()).toEqual(["orders", "people"]);
  });

  test("gives the documents of a table in byte order, page by page", async () => {
    const range = { table: "people", limit: 3 };
    const first = await api.documents(range, options);
    const rest = await api.documents({ ...range, after: first.at(-1)?.id }, options);
    expect([first, rest].map((page) => page.map(({ id }) => id))).toEqual([
      inOrder.slice(0, 3),
      inOrder.slice(3),
    ]);
    const fields = Object.fromEntries([...first, ...rest].map((one) => [one.id, one.fields]));
    expect(fields).toEqual(people);
    expect(await api.documents({ table: "orders", limit: 3 }, options)).toEqual([]);
  });

  test("says that there is no such table", async () => {
    const range = { table: "nothing", limit: 1 };
    await expect(api.documents(range, options)).rejects.toThrow(NotFound);
  });

  test("takes a backup and lists it with its tables and its time", async () => {
    const request = { ...place, backupId: "whole" };
    const before = Date.now() - 2_000;
    expect(await api.takeBackup(request, options)).toMatchObject({ outcome: "completed" });
    const [backup] = await api.backups(place, options);
    expect(backup).toMatchObject({ backupId: "whole", location: place.location });
    expect(backup?.tables.toSorted()).toEqual(["orders", "people"]);
    expect(Date.parse(backup?.timestamp ?? "")).toBeGreaterThan(before);
  });

  test("takes an ID twice, or says that it exists, and lists it once", async () => {
    const again = await api.takeBackup({ ...place, backupId: "whole" }, options);
    expect(again.outcome).toBe(dialect === "0.2" ? "exists" : "completed");
    expect(await ids()).toEqual(["whole"]);
  });

  test("says which table of a backup failed, with a 200", async () => {
    const request = { ...place, backupId: "partial", tableNames: ["people", "nothing"] };
    const { outcome, tables } = await api.takeBackup(request, options);
    expect(outcome).toBe("partial");
    expect(tables.find(({ name }) => name === "nothing")).toMatchObject({ status: "failed" });
    expect(await ids()).toEqual(dialect === "0.2" ? ["whole"] : ["partial", "whole"]);
  });

  test("of two backups at once lists both in the end, or calls the place busy", async () => {
    const both = ["one", "two"].map((backupId) => api.takeBackup({ ...place, backupId }, options));
    const outcomes = (await Promise.all(both)).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === "completed").length).toBeGreaterThan(0);
    for (const outcome of outcomes) expect(["completed", "busy"]).toContain(outcome);
  });

  test("drops a table, and again without complaint", async () => {
    await api.dropTable("people", options);
    expect(await api.tables(options)).toEqual(["orders"]);
    if (dialect === "0.2") await api.dropTable("people", options);
  });

  test("brings back what was dropped, equal in number and content, and leaves what exists", async () => {
    await restored({ ...place, backupId: "whole", mode: "skip_if_exists" });
    const range = { table: "people", limit: 100 };
    await expect
      .poll(() => api.documents(range, options), { timeout: 20_000 })
      .toEqual(inOrder.map((id) => ({ id, fields: Reflect.get(people, id) })));
  });

  test("overwrites what exists", async () => {
    await restored({ ...place, backupId: "whole", mode: "overwrite" });
    const range = { table: "people", limit: 100 };
    await expect.poll(() => api.documents(range, options)).toHaveLength(inOrder.length);
  });

  test("answers a key again with the same job", async ({ skip }) => {
    skip(dialect === "v0.1", "v0.1 has no jobs");
    const request = { ...place, backupId: "whole", mode: "overwrite" } as const;
    const first = await restored(request, "conformance");
    expect(await api.restore(request, options, "conformance")).toMatchObject({
      kind: "job",
      job: first,
    });
  });
});
