import { PassThrough } from "node:stream";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { addRestore } from "../../../../cli/backups/commands/restore.ts";
import type { AntflySimulator } from "../../../../simulators/antfly.ts";
import { invoke, location, place, server } from "../invocation.ts";
import { dialects } from "../world.ts";

const people = { ann: { age: 1 }, bob: { age: 2 } };
const restore = (...args: string[]) => invoke(addRestore, "restore", ...args, ...place);

/** Lets the newest job run to its end. */
async function finish(antfly: AntflySimulator): Promise<void> {
  antfly.clock.advance(6_000);
  await expect.poll(() => antfly.restoreJobs.at(-1)?.phase).toBe("running");
  antfly.clock.advance(60_000);
}

describe.each(dialects)("restoring on %s", (dialect) => {
  test("brings back the tables that were dropped, and names them", async () => {
    const antfly = await server({ dialect });
    antfly.addBackup(location, "b1");
    antfly.tables.clear();
    const { code, out, error } = await restore("b1");
    expect([code, error]).toEqual([0, undefined]);
    expect(out).toMatch(/^people: (restored|triggered)$/m);
    expect(antfly.tables.get("people")).toEqual(people);
  });

  test("restores nothing where a table exists, and names it", async () => {
    const antfly = await server({ dialect });
    antfly.addBackup(location, "b1");
    antfly.tables.delete("orders");
    const { code, error } = await restore("b1");
    expect(code).toBe(1);
    expect(error).toContain("Tables already exist: people. Nothing was restored.");
    expect(antfly.count("POST")).toBe(0);
  });

  test("leaves what exists where it is told so", async () => {
    const antfly = await server({ dialect });
    antfly.addBackup(location, "b1");
    antfly.addTable("people", { new: {} });
    antfly.tables.delete("orders");
    const { code } = await restore("b1", "--mode", "skip-if-exists");
    expect(code).toBe(0);
    expect(antfly.tables.get("people")).toEqual({ new: {} });
    expect(antfly.tables.has("orders")).toBe(true);
  });

  test("overwrites only with --yes where nobody can be asked", async () => {
    const antfly = await server({ dialect });
    antfly.addBackup(location, "b1");
    antfly.addTable("people", { new: {} });
    const overwrite = ["b1", "--mode", "overwrite"];
    const refused = await restore(...overwrite);
    expect(refused.error).toContain("would be overwritten by backup b1; add --yes to allow it");
    expect(antfly.tables.get("people")).toEqual({ new: {} });
    expect((await restore(...overwrite, "--yes")).code).toBe(0);
    expect(antfly.tables.get("people")).toEqual(people);
  });

  test.each([
    ["a backup that is not there", ["b2"], "There is no backup b2 at file:///backups"],
    [
      "a table that it lacks",
      ["b1", "--table", "x"],
      "does not contain x; it contains people, orders",
    ],
  ])("refuses %s before anything is sent", async (_, args, message) => {
    const antfly = await server({ dialect });
    antfly.addBackup(location, "b1");
    const { code, error } = await restore(...args);
    expect(code).toBe(1);
    expect(error).toContain(message);
    expect(antfly.count("POST")).toBe(0);
  });
});

test.each([
  ["names no tables", { tables: null }, [], "Backup b1 contains no tables"],
  ["has an empty list of tables", { tables: [] }, [], "Backup b1 contains no tables"],
  ["names no tables", { tables: null }, ["--table", "x"], "contain x; it contains no tables"],
  ["says nothing of tables", {}, [], "The list does not say which tables backup b1 contains"],
])("restores nothing of a backup that %s: %j", async (_, listed, args, message) => {
  const antfly = await server();
  const body = { backups: [{ backup_id: "b1", ...listed }] };
  antfly.order({ path: "/db/v1/backups", kind: { type: "status", status: 200, body } });
  const { code, error } = await restore("b1", ...args);
  expect(code).toBe(1);
  expect(error).toContain(message);
  expect(antfly.count("POST")).toBe(0);
});

test("says of a partial restore which tables came back, and which did not, and why", async () => {
  const antfly = await server();
  antfly.addBackup(location, "b1");
  const body = {
    ...{ job_id: "7", backup_id: "b1", phase: "failed", error: "ClusterRestorePartialFailure" },
    result: {
      ...{ status: "partial", committed_table_count: 1 },
      failure_details: [{ table_name: "orders", error: "checksum mismatch" }],
    },
  };
  antfly.order({ path: "/db/v1/restore", kind: { type: "status", status: 202, body } });
  antfly.order({ path: "/db/v1/restore", kind: { type: "status", status: 202, body } });
  antfly.order({ path: /jobs/, kind: { type: "status", status: 200, body } });
  antfly.tables.clear();
  const { code, error } = await restore("b1");
  expect(code).toBe(1);
  expect(error).toContain("Restored: people. Not restored:\n  orders: checksum mismatch");
});

test("the same command joins the job that goes on, and begins another when it has ended", async () => {
  const antfly = await server({ restoreSeconds: 60, speed: 0 });
  antfly.addBackup(location, "b1");
  antfly.tables.clear();
  const both = [restore("b1"), restore("b1")];
  await expect.poll(() => antfly.count("POST")).toBe(2);
  await finish(antfly);
  expect((await Promise.all(both)).map(({ code }) => code)).toEqual([0, 0]);
  expect(antfly.restoreJobs).toHaveLength(1);
  antfly.tables.clear();
  const later = restore("b1");
  await expect.poll(() => antfly.restoreJobs.length).toBe(2);
  await finish(antfly);
  expect((await later).code).toBe(0);
  expect(antfly.tables.get("people")).toEqual(people);
});

test("a key of the user's answers the job that it began, though it has ended", async () => {
  const antfly = await server();
  antfly.addBackup(location, "b1");
  antfly.tables.clear();
  const args = ["b1", "--idempotency-key", "monday", "--mode", "overwrite", "--yes", "--json"];
  const first = await restore(...args);
  const again = await restore(...args);
  expect(JSON.parse(again.out).jobId).toBe(JSON.parse(first.out).jobId);
  expect(antfly.restoreJobs).toHaveLength(1);
});

test("ends at the time limit and says that the job goes on", async () => {
  const antfly = await server({ restoreSeconds: 60, speed: 0 });
  antfly.addBackup(location, "b1");
  antfly.tables.clear();
  const { code, error } = await restore("b1", "--timeout", "1s");
  expect(code).toBe(1);
  expect(error).toMatch(
    /Waited .* for restore job \d+ .*run the same command again to wait for the same job/,
  );
});

test.each([
  ["a mode that is none", ["b1", "--mode", "replace"], /fail-if-exists, skip-if-exists, overwrite/],
  ["an ID that is none", ["a b"], /1 to 128 characters/],
  ["a table twice", ["b1", "--table", "t", "--table", "t"], /names "t" more than once/],
])("refuses %s", async (_, args, message) => {
  await server();
  const { code, err } = await restore(...args);
  expect(code).toBe(1);
  expect(err).toMatch(message);
});

/** Makes standard input a terminal at which somebody writes this, and ends it. */
function terminalThatSays(text: string): void {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const before = Object.getOwnPropertyDescriptor(process, "stdin") ?? {};
  Object.defineProperty(process, "stdin", { value: stdin, configurable: true });
  const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  onTestFinished(() => {
    Object.defineProperty(process, "stdin", before);
    written.mockRestore();
  });
  stdin.end(text);
}

test.each([
  { said: "y\n", code: 0, isRestored: true },
  { said: "n\n", code: 1, isRestored: false },
  { said: "", code: 1, isRestored: false },
])("at a terminal it asks, and $said decides", async ({ said, code, isRestored }) => {
  const antfly = await server();
  antfly.addBackup(location, "b1");
  antfly.addTable("people", { new: {} });
  terminalThatSays(said);

  const ended = await restore("b1", "--mode", "overwrite");

  expect(ended.code).toBe(code);
  expect(ended.err).toContain(
    "would be overwritten by backup b1; changes since then will be lost.",
  );
  expect(ended.error).toBe(isRestored ? undefined : "Nothing was restored.");
  expect(antfly.tables.get("people")).toEqual(isRestored ? people : { new: {} });
});
