import { describe, expect, test } from "vitest";
import { NotImportable } from "../../provider/antfly/backup-schedule/resource.ts";
import { Forbidden, NoAnswer, Unauthorized } from "../../provider/http/errors.ts";
import { full, nightly } from "./inputs.ts";
import { bases, dialects, place, type World, world } from "./world.ts";

const inputs = { ...nightly, ...place };
const list = "/db/v1/backups";

/** What a creation of these inputs fails with. */
const failure = (one: World, wanted: object = inputs) =>
  one.create({ ...wanted }).then(
    () => undefined,
    (error: unknown) => error,
  );

describe("create", () => {
  test.each(dialects)("lists the location and sends nothing else: %s", async (dialect) => {
    const one = await world({ dialect });
    const wanted = dialect === "0.2" ? inputs : { ...nightly, location: place.location };
    const { id, state } = await one.create(wanted);
    expect(id).toBe("nightly");
    expect(state).toEqual(wanted);
    expect(one.sent()).toEqual(["GET /api/v1/status", `GET ${bases[dialect]}/backups`]);
    expect(one.warnings).toEqual([]);
  });

  test("asks for the dialect once, however many schedules there are", async () => {
    const one = await world();
    await Promise.all(
      ["a", "b", "c"].map((backupIdPrefix) => one.create({ ...inputs, backupIdPrefix })),
    );
    expect(one.simulator.count("GET", "/api/v1/status")).toBe(1);
    expect(one.simulator.count("GET", list)).toBe(3);
  });

  test("keeps everything that the program gives, and nothing more", async () => {
    const { simulator, create } = await world();
    simulator.addConnection("bk", { protocol: "s3", buckets: ["bucket"] });
    const wanted = { ...full, url: simulator.url };
    expect((await create(wanted)).state).toEqual(wanted);
  });

  test("goes on with a series that is there", async () => {
    const { simulator, create } = await world();
    simulator.addBackup(place.location, "nightly-20250115T030000Z");
    expect((await create(inputs)).id).toBe("nightly");
    expect(simulator.backups(place.location).size).toBe(1);
  });

  test("asks the server that its url names, and not the configured", async () => {
    const other = await world();
    const one = await world();
    await one.create({ ...inputs, url: other.simulator.url });
    expect(one.sent()).toEqual([]);
    expect(other.simulator.count("GET", list)).toBe(1);
  });

  test("needs no configured URL where the schedule names one", async () => {
    const other = await world();
    const one = await world({}, { antflyUrl: "" });
    expect((await one.create({ ...inputs, url: other.simulator.url })).id).toBe("nightly");
  });

  test.each(["connection", "format"] as const)("warns that v0.1 ignores %s", async (property) => {
    const { create, warnings } = await world({ dialect: "v0.1" });
    const wanted = { ...nightly, location: place.location, [property]: full[property] };
    expect((await create(wanted)).state).toEqual(wanted);
    expect(warnings).toEqual([
      `${property} "${full[property]}" has no effect: v0.1 servers ignore ${property}.`,
    ]);
  });

  test("without a connection fails on 0.2, in its words and with what to do", async () => {
    const error = await failure(await world(), { ...inputs, connection: undefined });
    expect(error).toMatchObject({
      code: "LOCATION_UNUSABLE",
      message:
        "file:///backups cannot be used: Antfly: could not list backups: GET /db/v1/backups returned 400: Missing required query parameter: connection. This server requires `connection`, the name of a connection in its configuration. `GET /db/v1/connections` lists them.",
    });
  });

  test("through an unknown connection names it and the location", async () => {
    const error = await failure(await world(), { ...inputs, connection: "zz" });
    expect(String(error)).toMatch(
      /^LocationUnusable: file:\/\/\/backups cannot be used through the connection "zz": .*returned 400: backup connection was not found/,
    );
  });

  test("where the directory is missing tells the server's failure", async () => {
    const one = await world();
    one.simulator.addConnection("bk", { reachable: false });
    const error = await failure(one);
    expect(error).toMatchObject({ code: "LOCATION_UNUSABLE" });
    expect(String(error)).toMatch(/returned 500: internal server error \(5 tries\)\./);
  });

  test("with a key that is not accepted fails as that", async () => {
    const one = await world({}, { antflyApiKey: "key-id:wrong-secret" });
    expect(await failure(one)).toBeInstanceOf(Unauthorized);
  });

  test("with a key without rights fails as that", async () => {
    const one = await world();
    one.loseRights();
    expect(await failure(one)).toBeInstanceOf(Forbidden);
  });

  test("with a malformed key sends nothing", async () => {
    const one = await world({}, { antflyApiKey: "malformed" });
    expect(await failure(one)).toMatchObject({ code: "CONFIGURATION" });
    expect(one.sent()).toEqual([]);
  });

  test("of a server that does not answer fails", async () => {
    const one = await world();
    await one.simulator.refuse();
    expect(await failure(one)).toBeInstanceOf(NoAnswer);
  });

  test("ends when the engine cancels", async () => {
    const one = await world();
    one.simulator.order({ path: list, kind: { type: "hang", apply: false } });
    const ended = failure(one);
    await expect.poll(() => one.simulator.count("GET", list)).toBe(1);
    one.aborter.abort();
    expect(await ended).toMatchObject({ code: "CANCELLED" });
  });
});

describe("update", () => {
  test.each([
    ["schedule", "0 4 * * *", true],
    ["timezone", "Asia/Tokyo", true],
    ["suspend", true, true],
    ["tableNames", ["t1"], false],
    ["format", "portable", false],
    ["skipImmediately", true, false],
  ])("of %s is recorded, and sends nothing", async (property, value, isRetimed) => {
    const one = await world();
    const held = await one.create(inputs);
    one.sent();
    const { id, state } = await one.update(held, { ...inputs, [property]: value });
    const changedAt = isRetimed ? new Date(one.clock.now()).toISOString() : undefined;
    expect(id).toBe("nightly");
    expect({
      ...state,
      changedAt: state.changedAt && new Date(String(state.changedAt)).toISOString(),
    }).toEqual({
      ...{ ...inputs, [property]: value },
      changedAt,
    });
    expect(one.sent()).toEqual([]);
  });

  test("keeps the time of the last change of the timetable", async () => {
    const one = await world();
    const held = await one.update(await one.create(inputs), { ...inputs, schedule: "0 4 * * *" });
    one.clock.advance(60_000);
    const { state } = await one.update(held, { ...held.inputs, tableNames: ["t1"] });
    expect(state.changedAt).toBe(held.state.changedAt);
    expect((await one.read("nightly", state))?.state).toEqual(state);
  });

  test("to the other spelling of a bucket is none", async () => {
    const one = await world();
    const state = { ...inputs, location: "gs://bucket/backups" };
    const plan = one.plan(
      { id: "nightly", inputs: state, state },
      {
        ...state,
        location: "gcs://bucket/backups",
      },
    );
    expect(plan.action).toBe("keep");
  });

  test("clears what the program gives no more, and keeps the connection", async () => {
    const one = await world();
    const wanted = { ...inputs, tableNames: ["t1"], format: "native", suspend: true };
    const held = await one.create(wanted);
    const { state } = await one.update(held, { ...inputs, connection: undefined });
    expect(state).toEqual({ ...inputs, suspend: false, changedAt: expect.any(String) });
  });
});

describe("read", () => {
  test("gives the state back and asks no server, not even one that is down", async () => {
    const one = await world({}, { antflyApiKey: "malformed" });
    await one.simulator.refuse();
    expect(await one.read("nightly", { ...inputs, timezone: "Europe/Berlin" })).toEqual({
      id: "nightly",
      state: { ...inputs, timezone: "Europe/Berlin" },
    });
    expect(one.sent()).toEqual([]);
  });

  test("without a state, as on an import, says how a series is adopted", async () => {
    const one = await world();
    const error = await one.read("nightly", {}).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(NotImportable);
    expect(String(error)).toMatch(
      /AntflyBackupSchedule nightly: .*nothing on the server to import.*Declare it.*backupIdPrefix "nightly".*changes nothing/,
    );
    expect(one.sent()).toEqual([]);
  });
});

describe("delete", () => {
  test("sends nothing, and says that the backups stay", async () => {
    const one = await world();
    const held = await one.create(inputs);
    one.simulator.addBackup(place.location, "nightly-20250115T030000Z");
    one.sent();
    await one.destroy(held);
    expect(one.sent()).toEqual([]);
    expect(one.simulator.backups(place.location).size).toBe(1);
    expect(one.warnings).toEqual([
      "The schedule is removed from the stack. Its backups stay at file:///backups: Antfly's API cannot delete backups; the bucket's lifecycle rules can.",
    ]);
  });

  test("needs neither server nor key", async () => {
    const one = await world({}, { antflyUrl: "", antflyApiKey: "" });
    await expect(one.destroy({ id: "nightly", state: inputs })).resolves.toBeUndefined();
  });
});
