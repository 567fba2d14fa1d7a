import { expect, test } from "vitest";
import { fileMemory } from "../../../../cli/backups/runner/memory.ts";
import { ownTemporaryFolder } from "../../../support/temporary-folder.ts";
import { due, place, world } from "../world.ts";

const minute = 60_000;

test("a backup that always fails is started at pauses that double, whatever the ticks, and says so", async () => {
  const { simulator, run, schedule, clock } = await world();
  const folder = ownTemporaryFolder();
  const broken = schedule({ tableNames: ["x"] });
  const begun = clock.now();
  const [started, results]: [number[], string[]] = [[], []];
  for (let tick = 0; tick < 48; tick += 1) {
    clock.advance(begun + tick * 5 * minute - clock.now());
    const before = simulator.count("POST");
    // Each tick is a process of its own: only the folder outlives it.
    const [report] = await run([broken], { memory: fileMemory(folder) });
    results.push(report?.result ?? "");
    if (simulator.count("POST") > before) started.push(tick * 5);
    if (report?.result === "delayed") {
      expect(report).toMatchObject({
        isOverdue: true,
        reason: expect.stringMatching(
          /failed.* retried after 2031-.*--retry-now.*the backup is failed: x/,
        ),
      });
    }
  }
  expect(started).toEqual([0, 5, 10, 15, 25, 45, 80, 145]);
  expect(new Set(results)).toEqual(new Set(["failed", "delayed"]));
});

test("--retry-now, another request and the next slot do not wait", async () => {
  const { simulator, run, schedule, clock } = await world();
  const memory = fileMemory(ownTemporaryFolder());
  const broken = schedule({ tableNames: ["x"] });
  for (const _ of [1, 2, 3]) await run([broken], { memory, retryNow: true });
  expect(simulator.count("POST")).toBe(3);
  expect(await run([broken], { memory })).toMatchObject([{ result: "delayed" }]);
  expect(await run([schedule({ tableNames: ["y"] })], { memory })).toMatchObject([
    { result: "failed" },
  ]);
  expect(simulator.count("POST")).toBe(4);
  clock.advance(15 * 60 * minute);
  expect(await run([broken], { memory })).toMatchObject([{ result: "failed" }]);
  expect(await run([schedule({ tableNames: ["t1"] })], { memory })).toMatchObject([
    { result: "taken" },
  ]);
});

test("a refusal that costs the server nothing is retried at each tick", async () => {
  const { simulator, run } = await world();
  const memory = fileMemory(ownTemporaryFolder());
  const kind = { type: "status", status: 400, body: "backup connection was not found" } as const;
  simulator.order({ method: "POST", kind });
  expect(await run(undefined, { memory })).toMatchObject([{ result: "failed" }]);
  expect(await run(undefined, { memory })).toMatchObject([{ result: "taken" }]);
});

test("a folder that can't be written costs a warning, not a backup", async () => {
  const { run, ids } = await world();
  const warnings: string[] = [];
  const memory = fileMemory("/dev/null/nowhere", (text) => void warnings.push(text));
  expect(await run(undefined, { memory })).toMatchObject([{ result: "taken" }]);
  expect(await run(undefined, { memory })).toMatchObject([{ result: "found" }]);
  expect(ids()).toEqual([due]);
  expect(warnings).toEqual([expect.stringMatching(/Cannot remember slots.*--state-dir/)]);
});

test("a server that hangs is told from one that was killed, and from another runner's backup", async () => {
  const { simulator, run, schedule, clock, options } = await world();
  const memory = fileMemory(ownTemporaryFolder());
  simulator.backupsHang = true;
  // The limit of the request runs on the machine's clock.
  const [silent] = await run(undefined, { ...options, memory, deadlineMs: 1_000 });
  expect(simulator.isBusy(place.location)).toBe(true);
  expect(silent?.reason).toMatch(
    /not listed yet.* still working on the backup, or hangs.*kill and restart/,
  );

  const other = schedule({ backupIdPrefix: "other" });
  const here = await run([other], { memory, deadlineMs: 20 * minute });
  expect(here[0]?.reason).toMatch(
    new RegExp(`is busy .*Backup ${due}, begun from here at 2031-.*has not ended: .*or hangs`),
  );
  const elsewhere = await run([schedule({ backupIdPrefix: "third" })], {
    ...{ memory: fileMemory(ownTemporaryFolder()), deadlineMs: 20 * minute },
  });
  expect(elsewhere[0]?.reason).toMatch(
    /is busy .*Another backup is running there, or one hangs, or a lock was left/,
  );

  await simulator.kill();
  await simulator.start();
  simulator.backupsHang = false;
  expect(simulator.isBusy(place.location)).toBe(true);
  simulator.expireLease(place.location);
  clock.advance(6 * 60 * minute);
  expect(await run(undefined, { memory })).toMatchObject([{ result: "taken" }]);
});
