import { describe, expect, test } from "vitest";
import { type Change, explained, forms, hosts, stepOf } from "./previews.ts";

const events = {
  ...{ name: "events", region: "us-east-1", coordinatorTune: "r5.large", coordinatorDiskSize: 512 },
  ...{ workerTune: "r5.large", workerCount: 2, workerDiskSize: 512 },
};
const reports = { clusterId: "rvf73a77ozfsvcttryebfrnlem", name: "reports" };
const web = { app: "shop-default", type: "web", size: "gp1", quantity: 2 };
const nightly = { ...{ schedule: "0 3 * * *", location: "file:///backups", backupIdPrefix: "n" } };
const key = { key: "openai.api_key", value: "sk-1" };

/** What the engine replaces although nothing of it changes. */
function unchanged(type: string, given: object, more: Partial<Change> = {}): Change {
  return { type, op: "replace", applied: { ...given }, desired: { ...given }, ...more };
}

/** A replacement with its three steps, the new one created first or last. */
function replaced(change: Change, order: "new first" | "old first" = "new first") {
  const [creation, deletion] = ["create-replacement", "delete-replaced"];
  const ops =
    order === "new first" ? [creation, "replace", deletion] : [deletion, "replace", creation];
  return (host: (typeof hosts)[number]) => ops.map((op = "") => ({ ...stepOf(change, host), op }));
}

/** What is said of one replacement, which all hosts and forms agree on. */
function saidOf(steps: ReturnType<typeof replaced>) {
  const all = hosts.flatMap((host) =>
    forms.map((form) => explained(steps(host), { host, form }).changes[0]),
  );
  for (const one of all) expect(one?.notes).toEqual(all[0]?.notes);
  return { operations: new Set(all.map((one) => one?.operation)), notes: all[0]?.notes ?? [] };
}

const refused = new Set(["refuse"]);
const carriedOut = new Set(["replace"]);

describe("a replacement that the engine demands without asking the provider", () => {
  test.each([
    ["Formation", events, 'formation "events" in us-east-1'],
    ["Replica", reports, "reports"],
    ["AppFormation", web, "shop-default/web"],
    ["AntflySecret", key, 'secret "openai.api_key"'],
  ])("will be refused for a %s, whose place the old one has", (type, given, place) => {
    for (const replaceReasons of [["id"], ["replaceWith"], ["provider"]]) {
      const { operations, notes } = saidOf(replaced(unchanged(type, given, { replaceReasons })));
      expect(operations).toEqual(refused);
      expect(notes[0]).toContain(place);
      expect(notes[0]).toContain("Set `deleteBeforeReplace: true`");
    }
  });

  test("is carried out if the old one goes first", () => {
    const { operations, notes } = saidOf(replaced(unchanged("AppFormation", web), "old first"));
    expect([operations, notes]).toEqual([carriedOut, []]);
  });

  test.each([
    ["AntflyBackupSchedule", nightly],
    ["Formation", { ...events, allowDuplicateName: true }],
  ])("is carried out for a %s, of which there may be two", (type, given) => {
    expect(saidOf(replaced(unchanged(type, given))).operations).toEqual(carriedOut);
  });

  test("is carried out if it gets another name", () => {
    const renamed = unchanged("Replica", reports, { desired: { ...reports, name: "summaries" } });
    expect(saidOf(replaced(renamed)).operations).toEqual(carriedOut);
  });

  test("is refused also where the plan replaces the formation, which then is not asked", () => {
    const resized = unchanged("Formation", events, { desired: { ...events, workerCount: 4 } });
    expect(saidOf(replaced(resized)).operations).toEqual(refused);
    const asked = { ...resized, replaceReasons: ["workerCount"] };
    expect(saidOf(replaced(asked)).operations).toEqual(carriedOut);
  });
});

test("a trigger, of which the engine names no reason, is the same", () => {
  const triggered = unchanged("AppFormation", web, { replaceReasons: [] });
  expect(saidOf(replaced(triggered)).operations).toEqual(refused);
});
