import { expect, test } from "vitest";
import type { Fault } from "../../simulators/kit/fault.ts";
import { args, programOf, schedule, stackOf } from "./antfly-support.ts";
import { refusals, told } from "./support.ts";

test("wrong values are refused in the preview, all at once, each with what is allowed", async () => {
  const wrong = {
    ...{ schedule: "0 3 * *", location: "s3:///path/", timezone: "Mars/Olympus", connection: "" },
    ...{ tableNames: ["orders", "orders"], format: "zip", backupIdPrefix: ".nightly" },
    ...{ suspend: "perhaps", url: "antfly.example.com", retention: 7 },
  };
  // YAML checks types itself.
  const { workspace, declare, sent } = await stackOf(schedule(wrong), { host: "dynamic" });

  expect(refusals(await workspace.preview({ expectFailure: true }))).toEqual([
    'backupIdPrefix value {.nightly} has a problem: is ".nightly"; it must begin with a letter or a digit',
    'connection value {} has a problem: is ""; it must be at least 1 character long',
    'format value {zip} has a problem: is "zip"; allowed: native, portable',
    'location value {s3:///path/} has a problem: is "s3:///path/"; it must name a bucket: s3://bucket/path',
    expect.stringContaining("retention value {7} has a problem: is not an input of this resource"),
    'schedule value {0 3 * *} has a problem: is "0 3 * *"; it must have five fields: minute, hour, day of month, month, day of week',
    'suspend value {perhaps} has a problem: is "perhaps"; it must be of type boolean',
    expect.stringMatching(/^tableNames .* names "orders" more than once$/),
    'timezone value {Mars/Olympus} has a problem: is "Mars/Olympus"; it must be a time zone of the IANA database, for instance UTC or Europe/Berlin',
    expect.stringMatching(/^url .* it must be the server's root, with http:\/\/ or https:\/\/$/),
  ]);

  const others = {
    ...{ schedule: "0 3 30 2 *", location: "backups", tableNames: [] },
    backupIdPrefix: "x".repeat(112),
  };
  await declare(schedule(others));
  expect(refusals(await workspace.preview({ expectFailure: true }))).toEqual([
    expect.stringMatching(/^backupIdPrefix .* it must be at most 111 characters long$/),
    'location value {backups} has a problem: is "backups"; it must begin with file://, s3:// or gs://',
    'schedule value {0 3 30 2 *} has a problem: is "0 3 30 2 *"; it never fires: no month has such a day',
    expect.stringMatching(/^tableNames .* it must be at least 1 item long$/),
  ]);
  expect(sent()).toEqual([]);
});

test("what the server does not list is refused with what to do, and nothing is in the state", async () => {
  const { workspace, declare, sent } = await stackOf({});
  const refused: [change: object, words: string[]][] = [
    [
      { connection: undefined },
      ["Missing required query parameter: connection", "This server requires `connection`"],
    ],
    [
      { connection: "unknown" },
      ['through the connection "unknown"', "backup connection was not found", "`--config`"],
    ],
    [
      { location: "s3://backups/orders" },
      ["protocol does not match the location", "`s3://` one with s3"],
    ],
  ];
  for (const [change, words] of refused) {
    await declare(schedule({ ...change }));
    const failed = await workspace.up({ expectFailure: true });
    for (const text of words) expect(told(failed)).toContain(text);
    expect(sent()).toEqual(["GET /api/v1/status", "GET /db/v1/backups"]);
  }
  const { resources } = (await workspace.exportState()).deployment;
  expect(resources.filter(({ type }) => type.endsWith("Schedule"))).toEqual([]);
});

test("a missing, a malformed, a wrong and a weak key are told apart; a server without authentication needs none", async () => {
  const config = { antflyApiKey: null };
  const { antfly, workspace, sent } = await stackOf(schedule(), { config });
  const names = "formations:antflyApiKey";
  const variable = "FORMATIONS_ANTFLY_API_KEY";

  expect((await workspace.preview()).changes).toEqual({ create: 1 });
  const missing = await workspace.up({ expectFailure: true });
  expect(told(missing)).toContain("Antfly: the API key is missing.");
  expect(told(missing)).toContain(`${names}\` or in the environment variable ${variable}`);
  // The server was asked without a credential, as one without authentication would be.
  antfly.unexpected.splice(0);
  sent();

  const malformed = "no key at all";
  const env = { [variable]: malformed };
  const unread = await workspace.up({ env, expectFailure: true });
  expect(told(unread)).toContain(`Antfly: ${names} (or ${variable}) is malformed.`);
  expect(unread.stdout + unread.stderr).not.toContain(malformed);
  expect(sent()).toEqual([]);

  const secret = "wrong-secret-55d0";
  const wrong = await workspace.up({ env: { [variable]: `key:${secret}` }, expectFailure: true });
  expect(told(wrong)).toContain("returned 401: unauthorized");
  expect(told(wrong)).toContain(`${names} (or ${variable}) was rejected`);
  expect(wrong.stdout + wrong.stderr).not.toContain(secret);

  const weak = await workspace.up({
    env: { [variable]: antfly.limitedToken },
    expectFailure: true,
  });
  expect(told(weak)).toContain("returned 403: forbidden");
  expect(told(weak)).toContain("a key whose user has the permission `*`/`*`/`admin`");
  expect(weak.stdout + weak.stderr).not.toContain(antfly.limitedToken);

  antfly.state.authEnabled = false;
  expect((await workspace.up()).changes).toEqual({ create: 1 });
});

test("a server that is none, or is down, is a clear error, and keeps no schedule from being changed or deleted", async () => {
  const { antfly, workspace, declare, sent } = await stackOf(schedule());
  const quickly = { "retry-after": "0" };
  const broken: [kind: Fault["kind"], words: string][] = [
    [{ type: "html" }, "returned 200 with an HTML page"],
    [{ type: "html", status: 404 }, "returned 404 with an HTML page"],
    [{ type: "status", status: 500, body: "Oh no", headers: quickly }, "returned 500: Oh no"],
  ];
  for (const [kind, words] of broken) {
    antfly.order({ times: 10, kind });
    const failed = await workspace.up({ expectFailure: true });
    // Where something else than the API responds, the whole address is named.
    expect(told(failed)).toMatch(new RegExp(`GET (http://[\\d.:]+)?/api/v1/status ${words}`));
    antfly.clearFaults();
  }
  await workspace.up();
  sent();

  await antfly.refuse();
  expect((await workspace.refresh()).changes).toEqual({ same: 1 });
  await declare(schedule({ suspend: true }));
  expect((await workspace.up()).changes).toEqual({ update: 1 });
  await declare(schedule({ suspend: true, location: "file:///elsewhere" }));
  const failed = await workspace.up({ expectFailure: true });
  expect(told(failed)).toContain("GET /api/v1/status got no response");
  const kept = (await workspace.exportState()).deployment.resources;
  expect(kept.filter(({ type }) => type.endsWith("Schedule"))).toMatchObject([
    { outputs: { ...args, suspend: true } },
  ]);
  expect((await workspace.destroy()).changes).toEqual({ delete: 1 });
});

test("without a URL it is said which key is missing", async () => {
  const { workspace, sent } = await stackOf(schedule(), { config: { antflyUrl: null } });
  const missing = await workspace.up({ expectFailure: true });
  expect(told(missing)).toContain("Antfly: the server's URL is missing.");
  expect(told(missing)).toContain(
    "formations:antflyUrl` or in the environment variable FORMATIONS_ANTFLY_URL",
  );
  expect(sent()).toEqual([]);
});

test("a get says that there is nothing to read", async () => {
  const { workspace, sent } = await programOf(`AntflyBackupSchedule.get("theirs", "nightly");`);

  const read = await workspace.preview({ expectFailure: true });
  expect(told(read)).toContain('with backupIdPrefix "nightly" to continue that series');
  expect(sent()).toEqual([]);
});
