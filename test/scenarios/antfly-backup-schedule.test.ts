import { describe, expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import { args, bases, dialects, programOf, schedule, stackOf } from "./antfly-support.ts";
import { opsOf, told } from "./support.ts";

describe("on a server of v0.1", () => {
  const dialect = "v0.1";

  test("a schedule is created by listing only, kept, refreshed and destroyed; its backups stay", async () => {
    const { antfly, workspace, sent } = await stackOf(schedule(), { dialect });
    antfly.addBackup(args.location, "by-hand");

    const preview = await workspace.preview();
    expect(preview.changes).toEqual({ create: 1 });
    expect(sent()).toEqual([]);

    const created = await workspace.up();
    const list = antfly.requests.at(-1);
    expect(list?.query).toMatchObject({ location: args.location });
    expect(list?.query.connection).toBeUndefined();
    expect(sent()).toEqual(["GET /api/v1/status", `GET ${bases[dialect]}/backups`]);
    const ignored = 'connection "bk" has no effect: v0.1 servers ignore connection';
    expect(told(created)).toContain(ignored);

    const state = await workspace.exportState();
    const it = resourceNamed(state, "nightly");
    expect(it.id).toMatch(/^nightly-[0-9a-f]{7}$/);
    expect(it.outputs).toMatchObject({ ...args, backupIdPrefix: it.id });
    expect(JSON.stringify(state)).not.toContain(antfly.token);

    expect((await workspace.up()).changes).toEqual({ same: 1 });
    expect((await workspace.refresh()).changes).toEqual({ same: 1 });
    antfly.addBackup(args.location, `${it.id}-20250115T030000Z`);
    const destroyed = await workspace.destroy();
    expect(destroyed.changes).toEqual({ delete: 1 });
    expect(told(destroyed)).toContain(
      `The schedule is removed from the stack. Its backups stay at ${args.location}:`,
    );
    expect(sent()).toEqual([]);
    expect([...antfly.backups(args.location).keys()]).toHaveLength(2);
  });
});

test("a URL that tells the version spares the request that asks for it", async () => {
  const { antfly, workspace, declare, sent } = await stackOf({});
  await declare(schedule({ url: `${antfly.url}/db/v1` }));
  await workspace.up();
  expect(sent()).toEqual(["GET /db/v1/backups"]);
});

test("ignoreChanges holds, and a state that was edited is put back to the program", async () => {
  const options = { ignoreChanges: ["schedule", "location"] };
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

describe.each(dialects)("a program reads a server of %s", (dialect) => {
  test("with functions: status, health, metrics, backups and secrets without their values", async () => {
    const { antfly, workspace, sent } = await programOf(
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
      { dialect },
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
