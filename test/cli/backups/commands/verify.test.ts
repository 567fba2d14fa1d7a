import { describe, expect, test, vi } from "vitest";
import { addVerify } from "../../../../cli/backups/commands/verify.ts";
import type { AntflySimulator } from "../../../../simulators/antfly.ts";
import { type Ended, invoke, location, other, place, server } from "../invocation.ts";
import { dialects } from "../world.ts";

/** A source with a backup, and another server, empty, that finds it too. */
async function world(dialect: "v0.1" | "0.2" = "0.2") {
  const source = await server({ dialect });
  const into = await other({ dialect });
  source.addBackup(location, "nightly-20250115T030000Z");
  into.addBackup(location, "nightly-20250115T030000Z");
  into.tables.clear();
  vi.stubEnv("FORMATIONS_INTO_ANTFLY_API_KEY", into.token);
  const verify = (...args: string[]): Promise<Ended> =>
    invoke(addVerify, "verify", ...args, ...place, "--into-url", into.url);
  return { source, into, verify };
}

/** What JSON says of a table. */
function tableIn({ out }: Ended, name: string): Record<string, unknown> {
  const told: { tables: { table: string }[] } = JSON.parse(out);
  const found = told.tables.find(({ table }) => table === name);
  if (!found) throw new Error(`nothing is said of ${name}: ${out}`);
  return { ...found };
}

/** Methods and paths that change something. */
const changes = (antfly: AntflySimulator) =>
  antfly.requests
    .filter(({ method, path }) => method !== "GET" && !/lookup|documents/.test(path))
    .map(({ method, path }) => `${method} ${path}`);

describe.each(dialects)("on %s", (dialect) => {
  test("the newest backup comes back on the other server, the same; the source is only read", async () => {
    const { source, into, verify } = await world(dialect);
    source.clearRequests();
    const ended = await verify();
    expect([ended.code, ended.error]).toEqual([0, undefined]);
    expect(ended.out).toContain("Backup nightly-20250115T030000Z of");
    expect(ended.out).toContain("Every table was restored.");
    expect(ended.out).toContain(`Left on ${into.url}: people, orders.`);
    expect(into.tables).toEqual(source.tables);
    expect(changes(source)).toEqual([]);
  });
});

test("the other server takes the source's key where the environment has none for it", async () => {
  const { source, into, verify } = await world();
  vi.stubEnv("FORMATIONS_INTO_ANTFLY_API_KEY", "");
  into.token = source.token;
  expect((await verify()).code).toBe(0);
});

test("documents that differ end it with 2, counted by table", async () => {
  const { source, verify } = await world();
  source.addTable("people", { ann: { age: 9 }, cid: { age: 3 } });
  const ended = await verify("--json");
  expect(ended.code).toBe(2);
  expect(tableIn(ended, "people")).toMatchObject({
    ...{ source: 2, restored: 2, missing: 1, extra: 1, different: 1 },
  });
});

test("changes since the backup are let pass when that is asked, but no empty table", async () => {
  const { source, verify } = await world();
  source.addTable("people", { ann: { age: 9 } });
  expect((await verify("--allow-changes", "--clean-up")).code).toBe(0);
  source.addTable("orders", { 1: {} });
  expect((await verify("--allow-changes")).code).toBe(2);
});

test("--clean-up drops what came back, and nothing else", async () => {
  const { into, verify } = await world();
  into.addTable("mine", { a: {} });
  const { code, out } = await verify("--clean-up");
  expect(code).toBe(0);
  expect([...into.tables.keys()]).toEqual(["mine"]);
  expect(out).toContain(`Dropped from ${into.url}: people, orders.`);
});

test("the newest backup of a schedule is chosen by its prefix and its slots", async () => {
  const { source, into, verify } = await world();
  into.addTable("people");
  for (const id of ["nightly-20250116T030000Z", "nightly-by-hand", "hourly-20250117T030000Z"]) {
    source.clock.advance(1_000);
    for (const one of [source, into]) one.addBackup(location, id, ["people"]);
  }
  into.tables.clear();
  const { out, error } = await verify("--backup-id-prefix", "nightly");
  expect(error).toBeUndefined();
  expect(out).toContain("Backup nightly-20250116T030000Z of");
});

test("a backup without tables proves nothing", async () => {
  const { source, into, verify } = await world();
  source.clock.advance(1_000);
  for (const one of [source, into]) one.addBackup(location, "empty", []);
  const { code, error } = await verify();
  expect([code, error]).toEqual([1, "Backup empty contains no tables. Nothing was restored."]);
  expect(changes(into)).toEqual([]);
});

test("documents beyond one page, and in any order of insertion, are compared one by one", async () => {
  const { source, into, verify } = await world();
  const docs = Array.from({ length: 2500 }, (_, index) => [`d${(index * 7919) % 2500}`, { index }]);
  source.addTable("people", Object.fromEntries(docs));
  source.addBackup(location, "big", ["people"]);
  into.addTable("people", { ...Object.fromEntries(docs), d1234: { index: -1 } });
  into.addBackup(location, "big", ["people"]);
  into.tables.clear();
  const ended = await verify("big", "--json");
  expect(tableIn(ended, "people")).toMatchObject({
    ...{ source: 2500, restored: 2500, missing: 0, extra: 0, different: 1 },
  });
});

test.each([
  ["the source itself", ["--into-url", "SOURCE"], "--into-url is the source itself"],
  ["a backup that is not there", ["none"], "There is no backup none at file:///backups"],
  ["tables that exist there", [], "Tables already exist: people"],
  [
    "to drop what was there before",
    ["--clean-up", "--mode", "overwrite"],
    "cannot be combined with --mode",
  ],
])("refuses %s, and changes nothing", async (_, args, message) => {
  const { source, into, verify } = await world();
  into.addTable("people", {});
  const given = args.map((arg) => (arg === "SOURCE" ? `${source.url}/` : arg));
  const { code, error } = await (given[0] === "--into-url"
    ? invoke(addVerify, "verify", ...place, ...given)
    : verify(...given));
  expect(code).toBe(1);
  expect(error).toContain(message);
  expect([...changes(source), ...changes(into)]).toEqual([]);
});
