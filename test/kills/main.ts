import { parseArgs } from "node:util";
import { countOf, runMain } from "../support/command.ts";
import { campaign, report } from "./campaign.ts";
import type { Host } from "./stack.ts";

const usage = `Usage: npm run kills -- [options]

Kills pulumi and the provider at random moments, and counts what is lost or made twice.

  --kills N   how many (default: 200)
  --host H    plugin or dynamic only. Default: the last of the stacks is on the dynamic host
  --stacks N  how many are killed side by side (default: 2)
  --seed N    of the moments and of what is killed (default: another each time)
  --help      this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      kills: { type: "string", default: "200" },
      host: { type: "string" },
      stacks: { type: "string", default: "2" },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const kills = countOf(values.kills, 0, usage);
  const seed = countOf(values.seed, 0, usage);
  const stacks = countOf(values.stacks, 0, usage);
  const say = (line: string) => console.log(line);
  console.log(`seed ${seed}`);
  const plans = Array.from({ length: stacks }, (_, index) => ({
    host: hostOf(values.host, index, stacks),
    kills: Math.floor(kills / stacks) + (index < kills % stacks ? 1 : 0),
    seed: seed + index,
    say,
  }));
  const tallies = await Promise.all(plans.map(campaign));
  for (const tally of tallies) console.log(report(tally));
  if (tallies.some(({ failures }) => failures.length > 0)) process.exitCode = 1;
}

function hostOf(asked: string | undefined, index: number, stacks: number): Host {
  if (asked === "plugin" || asked === "dynamic") return asked;
  if (asked !== undefined) throw new Error(`--host: there is no host "${asked}"\n\n${usage}`);
  return index > 0 && index === stacks - 1 ? "dynamic" : "plugin";
}

runMain(main);
