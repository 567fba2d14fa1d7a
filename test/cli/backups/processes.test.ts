import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { compiledClone } from "../../../build/engine/package.ts";
import { type RunningCommand, startCommand } from "../../../build/engine/process.ts";
import { lastSlot } from "../../../cli/backups/runner/slots.ts";
import { type AntflyOptions, AntflySimulator } from "../../../simulators/antfly.ts";
import { running } from "../../simulators/kit/testing.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";
import { dialects, place } from "./world.ts";

beforeAll(() => compiledClone(), 120_000);

/** Fires once a year, so that no slot comes while a test runs; the tables make v0.1 tell a whole backup. */
const yearly = { schedule: "0 0 1 1 *", timezone: "UTC", ...place, tableNames: ["t1", "t2"] };

const year = new Date(lastSlot(yearly, Date.now()) ?? 0).getUTCFullYear();
const idOf = (prefix: string) => `${prefix}-${year}0101T000000Z`;

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

/**
 * A server, and schedules of it in a file as `formations backups export` writes it.
 *
 * @param createdAt when the schedules were created, since when their first backup is due
 */
async function world(
  options: AntflyOptions = {},
  prefixes = ["nightly"],
  createdAt: string | undefined = hoursAgo(0),
) {
  const folder = ownTemporaryFolder();
  const simulator = await running(new AntflySimulator(options));
  simulator.addTable("t1", { d1: { a: 1 } });
  simulator.addTable("t2");
  const schedules = prefixes.map((prefix) => {
    const location = `file:///backups/${prefix}`;
    simulator.addLocation(location);
    return { name: prefix, ...yearly, createdAt, location, backupIdPrefix: prefix };
  });
  const file = join(folder, "schedules.json");
  writeFileSync(file, JSON.stringify({ version: 1, schedules }));
  const cli = join(await compiledClone(), "bin", "cli", "main.js");
  const environment = {
    PATH: process.env.PATH,
    TMPDIR: folder,
    FORMATIONS_ANTFLY_URL: simulator.url,
    FORMATIONS_ANTFLY_API_KEY: simulator.token,
  };
  const [, secret] = Buffer.from(simulator.token, "base64").toString().split(":");
  const keys = [simulator.token, secret];
  const start = (program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const command = startCommand(program, args, {
      env: { ...environment, ...env },
      timeoutMs: 200_000,
    });
    onTestFinished(() => command.kill());
    // Whatever a command says, it never says the key.
    const done = command.done.then((ended) => {
      for (const key of keys) expect(ended.stdout + ended.stderr).not.toContain(key);
      return ended;
    });
    return { ...command, done };
  };
  return {
    simulator,
    folder,
    file,
    /** Where the runners remember what they did. */
    memory: join(folder, `pulumi-formations-${process.getuid?.() ?? "user"}`),
    /** The IDs of all backups that the server has. */
    ids: () => schedules.flatMap(({ location }) => [...simulator.backups(location).keys()]),
    start: (args: readonly string[], env?: NodeJS.ProcessEnv): RunningCommand =>
      start(process.execPath, [cli, "backups", ...args], env),
    /** At a terminal, whose screen is the output, with a line typed in. */
    atTerminal(typed: string, ...args: string[]): RunningCommand {
      const command = [process.execPath, cli, "backups", ...args]
        .map((one) => `'${one}'`)
        .join(" ");
      const made = `printf '%s\\n' "$0" | script --quiet --return --command "$1" /dev/null`;
      return start("sh", ["-c", made, typed, command]);
    },
    runFile(...args: string[]): RunningCommand {
      return this.start(["run", "--file", file, ...args]);
    },
  };
}

/** Whether `script` makes a terminal here and passes on how its command ended, as util-linux's does. */
function hasScript(): boolean {
  const flags = ["--quiet", "--return", "--command", "exit 7", "/dev/null"];
  return spawnSync("script", flags, { timeout: 5_000 }).status === 7;
}

/** A server that pings go to; what it was told, as `path: body`. */
async function listener() {
  const told: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    told.push(`${request.method} ${request.url}: ${Buffer.concat(chunks)}`);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { told, url: `http://127.0.0.1:${port}/ping/0b5e-uuid` };
}

test.each(dialects)(
  "twenty runners at once on five due schedules of %s leave five backups, and all end well",
  { timeout: 240_000 },
  async (dialect) => {
    const prefixes = ["a", "b", "c", "d", "e"];
    const given = await world({ dialect, backupSeconds: 0.2 }, prefixes);
    // Ten machines, as far as runners know of each other, with two runners on each.
    const runners = Array.from({ length: 20 }, (_, index) =>
      given.runFile("--state-dir", join(given.folder, `machine-${index % 10}`)),
    );
    const results = await Promise.all(runners.map(({ done }) => done));
    expect(results.map(({ code }) => code)).toEqual(Array.from({ length: 20 }, () => 0));
    expect(given.ids()).toEqual(prefixes.map(idOf));
    const taken = given.simulator.requests.filter(
      ({ method, status }) => method === "POST" && status === 200,
    );
    expect(taken).toHaveLength(5);
  },
);

test.each(dialects)(
  "a runner of %s killed in mid-backup is followed by one that ends with one whole backup",
  { timeout: 60_000 },
  async (dialect) => {
    const given = await world({ dialect, backupSeconds: 60, speed: 0 });
    const { simulator, ids } = given;
    const first = given.runFile();
    await expect.poll(() => simulator.count("POST"), { timeout: 20_000 }).toBe(1);
    first.crash();
    await first.done;
    const second = given.runFile();
    await expect.poll(() => simulator.count("POST"), { timeout: 20_000 }).toBe(2);
    simulator.clock.advance(60_000);
    const { code, stdout, stderr } = await second.done;
    expect(code, stdout + stderr).toBe(0);
    expect(ids()).toEqual([idOf("nightly")]);
    const [backup] = simulator.backups("file:///backups/nightly").values();
    expect([...(backup?.tables.keys() ?? [])].toSorted()).toEqual(["t1", "t2"]);
  },
);

test("while a runner waits for a server that hangs, another says so, looks after the metrics and ends", async () => {
  const given = await world({ speed: 0 });
  const { simulator, folder } = given;
  simulator.backupsHang = true;
  const metrics = join(folder, "backups.prom");
  const flags = ["--metrics-file", metrics];
  const first = given.runFile();
  await expect.poll(() => simulator.count("POST"), { timeout: 20_000 }).toBe(1);
  const second = await given.runFile(...flags).done;
  expect(second.code, second.stderr).toBe(0);
  expect(second.stdout).toMatch(
    /Another runner on this machine \(process \d+, running since 2[-\d: ]+ UTC\) is at work on \S+schedules\.json/,
  );
  expect(readFileSync(metrics, "utf8")).toMatch(/^formations_backup_overdue\{.*\} 0$/m);

  // Once the backup is late, it fails, so that somebody looks after the first.
  const { schedules } = JSON.parse(readFileSync(given.file, "utf8"));
  const late = schedules.map((one: object) => ({ ...one, createdAt: hoursAgo(2) }));
  writeFileSync(given.file, JSON.stringify({ version: 1, schedules: late }));
  const third = await given.runFile(...flags).done;
  expect(third.code).toBe(1);
  expect(third.stderr).toMatch(
    /nightly: left to the other runner, and overdue: nightly-\S+ is not taken yet/,
  );
  expect(readFileSync(metrics, "utf8")).toMatch(/^formations_backup_overdue\{.*\} 1$/m);
  const watcher = await given.runFile("--watch").done;
  expect(watcher.code).toBe(1);
  expect(watcher.stderr).toMatch(/Another runner on this machine/);
  expect(simulator.count("POST")).toBe(1);

  // A runner that was killed holds nobody up.
  first.crash();
  await first.done;
  await simulator.kill();
  await simulator.start();
  simulator.backupsHang = false;
  simulator.expireLease("file:///backups/nightly");
  simulator.clock.advance(5 * 60_000);
  const last = await given.runFile().done;
  expect(last.code, last.stdout + last.stderr).toBe(0);
  expect(given.ids()).toEqual([idOf("nightly")]);
}, 60_000);

test("a backup that was removed is not taken again by a later process, unless another folder forgets it", async () => {
  const given = await world();
  expect((await given.runFile().done).code).toBe(0);
  given.simulator.removeBackup("file:///backups/nightly", idOf("nightly"));
  const again = await given.runFile("--log", "json").done;
  expect(again.code).toBe(0);
  expect(JSON.parse(again.stdout.trim())).toMatchObject({ result: "expired" });
  const status = await given.start(["status", "--file", given.file]).done;
  expect(status.code).toBe(0);
  expect(status.stdout).toMatch(/nightly\s.*expired/);
  expect(given.simulator.count("POST")).toBe(1);
  const other = join(given.folder, "other");
  const forgotten = await given.runFile("--state-dir", other).done;
  expect(forgotten.stdout).toContain(`took ${idOf("nightly")}`);
  expect(existsSync(other)).toBe(true);
});

test.each([
  ["SIGTERM", 143],
  ["SIGINT", 130],
] as const)(
  "%s in mid-backup ends a runner at once, with what is under way named",
  async (signal, code) => {
    const given = await world({ backupSeconds: 60, speed: 0 });
    const runner = given.runFile("--watch");
    await expect.poll(() => given.simulator.count("POST"), { timeout: 8_000 }).toBe(1);
    // The simulated backup stands still: only the signal can end the runner.
    runner.signal(signal);
    const ended = await runner.done;
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(`nightly: ${idOf("nightly")}: ${idOf("nightly")} was under way`);
    given.simulator.clock.advance(60_000);
  },
);

test("a runner that stays up ends well when it is idle", async () => {
  const given = await world();
  const runner = given.runFile("--watch", "--log", "json");
  await expect.poll(() => given.ids(), { timeout: 8_000 }).toEqual([idOf("nightly")]);
  runner.signal("SIGTERM");
  const { code, stdout } = await runner.done;
  expect(code).toBe(0);
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.at(-1)).toMatchObject({
    ...{ level: "info", schedule: "nightly", result: "taken", backupId: idOf("nightly") },
    durationSeconds: expect.any(Number),
  });
});

test("metrics and pings tell success and failure apart", async () => {
  const { told, url } = await listener();
  const given = await world({}, ["nightly"], hoursAgo(2));
  const metrics = join(given.folder, "backups.prom");
  const flags = ["--metrics-file", metrics, "--ping-url", url];
  expect((await given.runFile(...flags).done).code).toBe(0);
  const sample = (name: string) =>
    new RegExp(`^formations_backup_${name}(?:\\{[^}]*\\})? (.+)$`, "m").exec(
      readFileSync(metrics, "utf8"),
    )?.[1];
  const [, rid] = /rid=([0-9a-f-]{36})/.exec(told[0] ?? "") ?? [];
  expect(told).toEqual([
    `POST /ping/0b5e-uuid/start?rid=${rid}: nightly`,
    `POST /ping/0b5e-uuid?rid=${rid}: nightly: ${idOf("nightly")} taken`,
  ]);
  const [success, took] = [
    sample("last_success_timestamp_seconds"),
    sample("last_duration_seconds"),
  ];
  expect(Number(success)).toBeGreaterThan(1_700_000_000);
  expect([sample("last_result"), sample("overdue")]).toEqual(["1", "0"]);

  given.simulator.removeBackup("file:///backups/nightly", idOf("nightly"));
  rmSync(given.memory, { recursive: true });
  const failed = await given.start(["run", "--file", given.file, ...flags], {
    FORMATIONS_ANTFLY_API_KEY: "id:wrong-secret-51c0",
  }).done;
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(/401.*was rejected/);
  expect(failed.stderr).not.toContain("wrong-secret");
  expect(told.at(-1)).toMatch(/^POST \/ping\/0b5e-uuid\/fail\?rid=\S+: nightly: Antfly: could not/);
  expect([sample("last_result"), sample("overdue")]).toEqual(["0", "1"]);
  expect(sample("last_success_timestamp_seconds")).toBe(success);
  expect(sample("last_duration_seconds")).toBe(took);
});

test("status shows what is due, and fails where something is overdue", async () => {
  const given = await world({}, ["nightly"], hoursAgo(2));
  const before = await given.start(["status", "--file", given.file]).done;
  expect(before.code).toBe(1);
  expect(before.stdout).toMatch(/nightly.*overdue/);
  await given.runFile().done;
  const after = await given.start(["status", "--file", given.file, "--json"]).done;
  expect(after.code).toBe(0);
  expect(JSON.parse(after.stdout)).toMatchObject({
    schedules: [
      {
        ...{ name: "nightly", state: "ok", lastSlot: `${year}-01-01T00:00:00Z` },
        nextSlot: `${year + 1}-01-01T00:00:00Z`,
        backups: [{ backupId: idOf("nightly") }],
      },
    ],
  });
});

test("--dry-run says what it would do, and does nothing", async () => {
  const given = await world();
  const metrics = join(given.folder, "backups.prom");
  const { code, stdout } = await given.runFile("--dry-run", "--metrics-file", metrics).done;
  expect(code).toBe(0);
  expect(stdout).toContain(
    `nightly: ${idOf("nightly")} is due; without --dry-run it would be taken now`,
  );
  expect(given.simulator.count("POST")).toBe(0);
  expect(existsSync(metrics)).toBe(false);
});

test("a backup that is partial ends a run with 1, its table named on standard error", async () => {
  const given = await world();
  given.simulator.tables.delete("t2");
  const { code, stderr } = await given.runFile().done;
  expect(code).toBe(1);
  expect(stderr).toContain(`nightly: ${idOf("nightly")}: the backup is partial: t2 failed`);
});

test("with --log json a failure is an object on the output too", async () => {
  const given = await world();
  given.simulator.tables.delete("t2");
  const { code, stdout, stderr } = await given.runFile("--log", "json").done;
  expect([code, stderr]).toEqual([1, ""]);
  expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({
    ...{ level: "error", schedule: "nightly", result: "failed", backupId: idOf("nightly") },
    message: expect.stringContaining("the backup is partial: t2 failed"),
  });
});

test.for([
  { answer: "y", typed: "y", code: 0, people: { ann: { age: 1 } } },
  { answer: "n", typed: "n", code: 1, people: { ann: { age: 2 } } },
  { answer: "nothing", typed: "", code: 1, people: { ann: { age: 2 } } },
  { answer: "Ctrl-D", typed: "\u0004", code: 1, people: { ann: { age: 2 } } },
])(
  "a restore asks at a terminal before it overwrites: $answer ends it with $code",
  async ({ typed, code, people }, { skip }) => {
    skip(!hasScript(), "util-linux's `script` makes no terminal here");
    const given = await world();
    const { simulator, file } = given;
    simulator.addTable("people", { ann: { age: 1 } });
    simulator.addBackup("file:///backups/nightly", "b1", ["people"]);
    simulator.addTable("people", { ann: { age: 2 } });
    const flags = ["--mode", "overwrite", "--file", file];
    const ended = await given.atTerminal(typed, "restore", "b1", ...flags).done;
    expect(ended.stdout).toContain("people would be overwritten by backup b1");
    expect(ended.stdout).toContain(
      code === 0 ? "people: restored" : "formations: Nothing was restored.",
    );
    expect(ended.code, ended.stdout).toBe(code);
    expect(simulator.tables.get("people")).toEqual(people);
    expect(simulator.count("POST")).toBe(code === 0 ? 1 : 0);
  },
);

test("a schedule may be given by flags alone", async () => {
  const given = await world();
  const flags = ["--schedule", yearly.schedule, "--location", "file:///backups/nightly"];
  const more = ["--connection", "bk", "--prefix", "nightly", "--table", "t1", "--table", "t2"];
  const { code, stderr } = await given.start(["run", ...flags, ...more, "--catch-up", "366d"]).done;
  expect(code, stderr).toBe(0);
  expect(given.ids()).toEqual([idOf("nightly")]);
});

test.each([
  ["no source", [], /--stack, --file, or --schedule/],
  ["six fields", ["--schedule", "0 0 3 * * *"], /--schedule is .*five fields/],
  ["an impossible date", ["--schedule", "0 3 30 2 *"], /--schedule .*never fires/],
  ["no such zone", ["--timezone", "Mars/Olympus"], /--timezone .*IANA/],
  ["no such location", ["--location", "ftp://x"], /--location .*file:\/\/, s3:\/\/ or gs:\/\//],
  ["a table twice", ["--table", "t", "--table", "t"], /--table .*more than once/],
  ["a long prefix", ["--prefix", "p".repeat(112)], /--prefix .*at most 111/],
  ["a deadline that is none", ["--deadline", "soon"], /--deadline .*90s, 15m, 2h, 1d/],
  ["no file", ["--file", "/nonexistent.json"], /Cannot read \/nonexistent\.json/],
])("%s is refused before anything is sent", async (_, flags, message) => {
  const given = await world();
  const { code, stderr } = await given.start(["run", ...flags]).done;
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
  expect(given.simulator.requests).toEqual([]);
  expect(existsSync(join(given.folder, "backups.prom"))).toBe(false);
});
