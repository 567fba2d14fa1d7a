import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../../../build/repository.ts";
import { waitOf } from "../../../provider/akkeris/app-queue.ts";
import { type Recording, replay } from "./replay.ts";
import { rules, tableOf } from "./rules.ts";

const recordings: Recording[] = JSON.parse(
  readFileSync(join(repository, "test", "fixtures", "arrivals.json"), "utf8"),
);

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

async function outcomesOf(recording: Recording) {
  return Promise.all(Object.values(rules).map((rule) => replay(recording, rule)));
}

test.each(recordings.filter(({ program }) => program.startsWith("one app")))(
  "six types of one app that change together are one PATCH ($load)",
  async (recording) => {
    const outcome = await replay(recording, waitOf);
    expect(outcome.patches).toEqual([1]);
  },
);

test.each(recordings)("$program ($load): no other rule has fewer PATCHes", async (recording) => {
  const outcomes = await outcomesOf(recording);
  const counts = outcomes.map(({ patches }) => sum(patches));
  expect(counts.at(-1)).toBe(Math.min(...counts));
  expect(outcomes.every(({ waits }) => waits.length === recording.resources.length)).toBe(true);
});

test("docs/performance.md has the table of what each rule makes of the recordings", async () => {
  const rows = [];
  for (const recording of recordings) {
    rows.push({ recording, outcomes: await outcomesOf(recording) });
  }
  const page = readFileSync(join(repository, "docs", "performance.md"), "utf8");
  const [, table] = page.split("<!-- simulated: batching -->");
  expect(table?.trim()).toBe(tableOf(rows));
});
