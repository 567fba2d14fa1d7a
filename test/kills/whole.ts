import { expect } from "vitest";
import { type Host, hosts } from "../scenarios/lifecycle/hosts.ts";
import { campaign, report } from "./campaign.ts";

/**
 * Kills stacks, those of both hosts side by side, and fails where something was lost or made twice.
 *
 * @param kills how many on each host
 *
 * @param seed of the moments and of what is killed: fixed, so that a failure is seen again.
 * `npm run kills -- --seed N` tries others.
 *
 * @param atOnce how many kills follow one another before each comparison
 */
export async function demandWhole(
  kills: Partial<Record<Host["name"], number>>,
  seed: number,
  atOnce = 1,
): Promise<void> {
  const campaigns = hosts.flatMap(({ name }) => {
    const wanted = kills[name];
    return wanted === undefined ? [] : [{ host: name, kills: wanted, seed, atOnce }];
  });
  const tallies = await Promise.all(campaigns.map(campaign));
  for (const tally of tallies) console.log(report(tally));
  expect(tallies.flatMap(({ failures }) => failures)).toEqual([]);
  const none = { duplicates: 0, orphans: 0, missing: 0 };
  expect(tallies).toMatchObject(campaigns.map(({ kills }) => ({ kills, ...none })));
}
