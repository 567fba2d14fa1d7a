import { expect, test } from "vitest";
import { campaign, report } from "./campaign.ts";

/** Another each time; a failure names it. */
const seed = Date.now() % 1_000_000;

test("20 kills at random moments lose nothing and make nothing twice", {
  timeout: 15 * 60_000,
}, async () => {
  const tallies = await Promise.all([
    campaign({ host: "plugin", kills: 15, seed }),
    campaign({ host: "dynamic", kills: 5, seed }),
  ]);
  for (const tally of tallies) console.log(report(tally));
  expect(tallies.flatMap(({ failures }) => failures)).toEqual([]);
  expect(
    tallies.map(({ kills, duplicates, orphans, missing }) => [kills, duplicates, orphans, missing]),
  ).toEqual([
    [15, 0, 0, 0],
    [5, 0, 0, 0],
  ]);
});
