import { describe, expect, test } from "vitest";
import { resourceNamed } from "../engine/state.ts";
import { args, bases, dialects, requestsOf, schedule, server, stackOf } from "./antfly-support.ts";
import { type Args, opsOf, told } from "./support.ts";

const newFirst = ["create-replacement", "replace", "delete-replaced"];

describe.each(dialects)("on a server of %s", (dialect) => {
  test("a schedule is created by listing only, kept, refreshed and destroyed; its backups stay", async () => {
    const { antfly, workspace, sent } = await stackOf(schedule(), { dialect });
    antfly.addBackup(args.location, "by-hand");

    const preview = await workspace.preview();
    expect(preview.changes).toEqual({ create: 1 });
    expect(sent()).toEqual([]);

    const created = await workspace.up();
    const list = antfly.requests.at(-1);
    expect(list?.query).toMatchObject({ location: args.location });
    expect(list?.query.connection).toBe(dialect === "0.2" ? "bk" : undefined);
    expect(sent()).toEqual(["GET /api/v1/status", `GET ${bases[dialect]}/backups`]);
    const ignored = 'connection "bk" has no effect: the server is of version 0.1';
    expect(told(created).includes(ignored)).toBe(dialect === "v0.1");

    const state = await workspace.exportState();
    const it = resourceNamed(state, "nightly");
    expect(it.id).toMatch(/^nightly-[0-9a-f]{7}$/);
    expect(it.outputs).toMatchObject({ ...args, backupIdPrefix: it.id });
    expect(String(it.inputs?.__provider).length).toBeLessThanOrEqual(500);
    expect(JSON.stringify(state)).not.toContain(antfly.token);

    expect((await workspace.up()).changes).toEqual({ same: 1 });
    expect((await workspace.refresh()).changes).toEqual({ same: 1 });
    antfly.addBackup(args.location, `${it.id}-20250115T030000Z`);
    const destroyed = await workspace.destroy();
    expect(destroyed.changes).toEqual({ delete: 1 });
    expect(told(destroyed)).toContain(
      `AntflyBackupSchedule ${it.id}: It is gone from the stack; at ${args.location} its backups stay where they are.`,
    );
    expect(sent()).toEqual([]);
    expect([...antfly.backups(args.location).keys()]).toHaveLength(2);
  });
});

test("a URL that tells the version spares the request that asks for it", async () => {
  const { antfly, workspace, declare, sent } = await stackOf("");
  await declare(schedule({ url: `${antfly.url}/db/v1` }));
  await workspace.up();
  expect(sent()).toEqual(["GET /db/v1/backups"]);
});

test("changes of a series are recorded and send nothing; other words for the same are none", async () => {
  const given = { tableNames: ["orders", "people"], timezone: "Europe/Berlin", format: "native" };
  const updates: Record<string, Args> = {
    cron: { schedule: "*/15 2-4 * * 1-5" },
    zone: { timezone: "Asia/Tokyo" },
    noZone: { timezone: undefined },
    tables: { tableNames: ["orders"] },
    allTables: { tableNames: undefined },
    format: { format: "portable" },
    suspended: { suspend: true },
  };
  const same: Args = {
    ...{ schedule: " 0  3 * * * ", tableNames: ["people", "orders"], suspend: "false" },
    ...{ connection: undefined, backupIdPrefix: undefined },
  };
  const changes: Record<string, Args> = { ...updates, same };
  const names = Object.keys(changes);
  const program = (change: (name: string) => Args) =>
    names.map((name) => schedule({ backupIdPrefix: name, ...given, ...change(name) }, "{}", name));
  const { workspace, declare, sent } = await stackOf(program(() => ({})).join("\n"));
  await workspace.up();
  sent();
  await declare(program((name) => changes[name] ?? {}).join("\n"));

  const preview = await workspace.preview();
  await workspace.up();

  const expected = names.map((name) => (name === "same" ? "same" : "update"));
  expect(names.map((name) => preview.steps.find((step) => step.name === name)?.op)).toEqual(
    expected,
  );
  const state = await workspace.exportState();
  for (const [name, change] of Object.entries(updates)) {
    const { id, outputs } = resourceNamed(state, name);
    expect(id).toBe(name);
    const shown = Object.entries(outputs ?? {}).filter(([key]) => !key.startsWith("__"));
    const wanted: Args = { ...args, ...given, backupIdPrefix: name, ...change };
    wanted.timezone ??= "UTC";
    expect(Object.fromEntries(shown), name).toEqual(wanted);
  }
  expect((await workspace.up()).changes).toEqual({ same: names.length });
  expect(sent()).toEqual([]);
});

test("another location, connection, prefix or server begins a new series; the old backups stay", async () => {
  const { antfly, workspace, declare, sent } = await stackOf("");
  const other = await server();
  antfly.addConnection("second");
  antfly.addLocation("file:///elsewhere");
  const changes: Record<string, [property: string, value: string]> = {
    place: ["location", "file:///elsewhere"],
    access: ["connection", "second"],
    host: ["url", other.url],
    prefix: ["backupIdPrefix", "hourly"],
  };
  const names = Object.keys(changes);
  await declare(names.map((name) => schedule({}, "{}", name)).join("\n"));
  await workspace.up();
  const before = await workspace.exportState();
  const { id: old } = resourceNamed(before, "host");
  antfly.addBackup(args.location, `${old}-20250115T030000Z`);
  const changed = Object.entries(changes).map(([name, change]) =>
    schedule(Object.fromEntries([change]), "{}", name),
  );
  await declare(changed.join("\n"));
  sent();

  const preview = await workspace.preview();
  expect(sent()).toEqual([]);
  const moved = await workspace.up();

  const after = await workspace.exportState();
  for (const [name, [property, value]] of Object.entries(changes)) {
    const steps = preview.steps.filter((step) => step.name === name);
    expect(steps.map(({ op }) => op)).toEqual(newFirst);
    expect(steps[0]?.replaceKeys).toEqual([property]);
    const { id, outputs } = resourceNamed(after, name);
    expect(outputs).toMatchObject({ [property]: value, backupIdPrefix: id });
    expect(id).not.toBe(resourceNamed(before, name).id);
  }
  expect(told(moved)).toContain(`AntflyBackupSchedule ${old}: It is gone from the stack`);
  expect(sent().toSorted()).toEqual([
    "GET /api/v1/status",
    ...names.slice(1).map(() => "GET /db/v1/backups"),
  ]);
  expect(requestsOf(other)).toEqual(["GET /api/v1/status", "GET /db/v1/backups"]);
  expect([...antfly.backups(args.location).keys()]).toEqual([`${old}-20250115T030000Z`]);
});

test("ignoreChanges holds, and a state that was edited is put back to the program", async () => {
  const options = `{ ignoreChanges: ["schedule", "location"] }`;
  const { workspace, declare, sent } = await stackOf(schedule({ timezone: "Asia/Tokyo" }, options));
  await workspace.up();
  sent();
  const given = { schedule: "0 4 * * *", location: "file:///elsewhere", timezone: "Asia/Tokyo" };
  await declare(schedule(given, options));
  expect((await workspace.preview()).changes).toEqual({ same: 1 });

  const state = await workspace.exportState();
  const { outputs } = resourceNamed(state, "nightly");
  if (outputs) outputs.timezone = "Europe/Berlin";
  await workspace.importState(state);
  await workspace.refresh();
  expect(opsOf(await workspace.up())).toEqual(["update nightly"]);
  const put = resourceNamed(await workspace.exportState(), "nightly");
  expect(put.outputs).toMatchObject({ ...args, timezone: "Asia/Tokyo" });
  expect(sent()).toEqual([]);
});

test("a location that is not known yet is an undecided replacement, decided by the up", async () => {
  const copy = `
    export const copy = new AntflyBackupSchedule("copy", {
      schedule: nightly.schedule,
      connection: "bk",
      location: nightly.id.apply((id) => id && "${args.location}"),
    });`;
  const { workspace, declare, sent } = await stackOf(schedule() + copy);
  expect((await workspace.preview()).changes).toEqual({ create: 2 });
  await workspace.up();
  const { id } = resourceNamed(await workspace.exportState(), "copy");
  sent();
  // The ID of what is replaced is not known in the preview.
  await declare(schedule({ backupIdPrefix: "hourly" }) + copy);

  const preview = await workspace.preview();
  expect(preview.changes).toEqual({ replace: 2 });
  expect(told(preview)).toContain("location: replace: undecided until the value is known");
  const decided = await workspace.up();
  expect(decided.changes).toEqual({ replace: 1, same: 1 });
  expect(resourceNamed(await workspace.exportState(), "copy").id).toBe(id);
  expect(sent()).toEqual(["GET /api/v1/status", "GET /db/v1/backups"]);
});

describe.each(dialects)("a program reads a server of %s", (dialect) => {
  test("with functions: status, health, metrics, backups and secrets without their values", async () => {
    const { antfly, workspace, sent } = await stackOf(
      `
      export const status = getAntflyStatus();
      export const health = getAntflyHealth();
      export const metrics = getAntflyMetrics().then(({ metrics }) => metrics.split("\\n")[2]);
      export const backups = getAntflyBackups(${JSON.stringify({ ...args, schedule: undefined })});
      export const first = getAntflyBackupsOutput({
        location: pulumi.output("${args.location}"),
        connection: "bk",
      }).backups[0].backupId;
      export const secrets = getAntflySecrets();`,
      { dialect, typeCheck: true },
    );
    antfly.addBackup(args.location, "by-hand", ["orders"]);
    const at = antfly.clock.now();
    const value = "hidden-value-7c41";
    antfly.secrets.set("mail.token", { value, createdAt: at, updatedAt: at });

    const { outputs, stdout } = await workspace.up();

    const utc = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/);
    expect(outputs).toMatchObject({
      status: { health: "healthy", authEnabled: true, dialect },
      health: { status: "ok" },
      metrics: expect.stringMatching(/^\w+ \d/),
      backups: {
        backups: [
          { backupId: "by-hand", tables: ["orders"], location: args.location, timestamp: utc },
        ],
      },
      first: "by-hand",
      secrets: {
        secrets: [
          {
            ...{ key: "mail.token", envVar: "MAIL_TOKEN", createdAt: utc, updatedAt: utc },
            status: dialect === "0.2" ? "configured_file" : "configured_keystore",
          },
        ],
      },
    });
    expect(stdout).not.toContain(value);
    expect(sent().filter((line) => !line.startsWith("GET "))).toEqual([]);
  });
});
