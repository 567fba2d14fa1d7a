import { describe, expect, test, vi } from "vitest";
import { addList } from "../../../../cli/backups/commands/list.ts";
import { addTake } from "../../../../cli/backups/commands/take.ts";
import { invoke, location, place, server } from "../invocation.ts";
import { dialects } from "../world.ts";

const take = (...args: string[]) => invoke(addTake, "take", ...args, ...place);
const list = (...args: string[]) => invoke(addList, "list", ...args, ...place);

describe.each(dialects)("on %s", (dialect) => {
  test("a backup is taken under the ID that is given", async () => {
    const antfly = await server({ dialect });
    const { code, out } = await take("by-hand", "--table", "people");
    expect(code).toBe(0);
    expect(out).toMatch(/^by-hand: taken in .* at file:\/\/\/backups, with people\.$/);
    expect([...(antfly.backups(location).get("by-hand")?.tables.keys() ?? [])]).toEqual(["people"]);
  });

  test("without an ID it is the prefix and the time in UTC", async () => {
    const antfly = await server({ dialect });
    await take("--backup-id-prefix", "before-upgrade");
    const [id] = antfly.backups(location).keys();
    expect(id).toMatch(/^before-upgrade-\d{8}T\d{6}Z$/);
  });

  test("a table that is missing is a failure, named with the server's reason", async () => {
    await server({ dialect });
    const { code, error } = await take("b1", "--table", "people", "--table", "x");
    expect(code).toBe(1);
    expect(error).toMatch(/x.*not found/s);
  });

  test("an ID that exists is not taken again, nor overwritten", async () => {
    const antfly = await server({ dialect });
    antfly.addBackup(location, "b1", ["orders"]);
    const { code, error } = await take("b1");
    expect(code).toBe(1);
    expect(error).toContain("Backup b1 already exists at file:///backups");
    expect(antfly.count("POST")).toBe(0);
  });

  test("backups are listed as JSON, all of them, the newest first", async () => {
    const antfly = await server({ dialect });
    const ids = Array.from({ length: 1001 }, (_, index) => `b-${String(index).padStart(4, "0")}`);
    for (const id of ids) antfly.addBackup(location, id, ["people"]);
    antfly.clock.advance(5_000);
    antfly.addBackup(location, "a-newest");
    const { code, out } = await list("--json");
    const listed: { backupId: string; timestamp: string; tables: string[] }[] = JSON.parse(out);
    expect(code).toBe(0);
    expect(listed).toHaveLength(1002);
    expect(listed[0]).toMatchObject({ backupId: "a-newest", tables: ["people", "orders"] });
    expect(listed[0]?.timestamp).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  test("backups are listed as a table", async () => {
    const antfly = await server({ dialect });
    expect((await list()).out).toBe("There are no backups at file:///backups.");
    antfly.addBackup(location, "b1");
    expect((await list()).out).toMatch(/backup .*taken .*tables .*b1 .*people.*orders/s);
  });
});

test("a backup whose response is lost is found in the list, and not sent again", async () => {
  const antfly = await server();
  antfly.order({ path: "/db/v1/backup", kind: { type: "reset", apply: true } });
  const { code, out } = await take("b1");
  expect(code).toBe(0);
  expect(out).toContain("b1: taken");
  expect(antfly.count("POST")).toBe(1);
});

test.each([
  ["a wrong key", () => ({ FORMATIONS_ANTFLY_API_KEY: "wrong:key-3d8c" }), /401.*was rejected/s],
  [
    "no server",
    () => ({ FORMATIONS_ANTFLY_URL: "http://127.0.0.1:9" }),
    /could not detect the version of the API/,
  ],
  ["no URL", () => ({ FORMATIONS_ANTFLY_URL: "" }), /the server's URL is missing/],
])("%s is told in words, without a key", async (_, environment, message) => {
  const antfly = await server();
  for (const [name, value] of Object.entries(environment())) vi.stubEnv(name, value);
  const { code, error, err, out } = await list("--timeout", "1s");
  expect(code).toBe(1);
  expect(error).toMatch(message);
  for (const key of [antfly.token, "key-3d8c"]) expect(`${error}${err}${out}`).not.toContain(key);
});
