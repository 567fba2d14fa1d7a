import { expect } from "vitest";
import { campaign, report } from "./campaign.ts";

/**
 * Kills stacks of both hosts, side by side, and fails where something was lost or made twice.
 *
 * @param seed of the moments and of what is killed: fixed, so that a failure is seen again.
 * `npm run kills -- --seed N` tries others.
 */
export async function demandWhole({
  plugin,
  dynamic,
  seed,
}: {
  plugin: number;
  dynamic: number;
  seed: number;
}): Promise<void> {
  const tallies = await Promise.all([
    campaign({ host: "plugin", kills: plugin, seed }),
    campaign({ host: "dynamic", kills: dynamic, seed }),
  ]);
  for (const tally of tallies) console.log(report(tally));
  expect(tallies.flatMap(({ failures }) => failures)).toEqual([]);
  const none = { duplicates: 0, orphans: 0, missing: 0 };
  expect(tallies).toMatchObject([
    { kills: plugin, ...none },
    { kills: dynamic, ...none },
  ]);
}
