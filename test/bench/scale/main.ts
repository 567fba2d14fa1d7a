import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { countOf, runMain } from "../../support/command.ts";
import { hosts } from "../contender.ts";
import { hostsOf, machine } from "../options.ts";
import { measureStack } from "./measure.ts";
import { writePage } from "./page.ts";
import { merge, type Results, readResults, resultsFile, writings } from "./results.ts";

const usage = `Usage: npm run bench:scale -- [options]

Measures how state, memory, time and requests grow with the resources of a stack: AppFormations on the
real engine, a simulator on this machine, and a stand-in for an object store.

  --hosts H    plugin, dynamic, or both (default: plugin,dynamic)
  --sizes N    how many resources (default: 10,50,100,200,500,1000,2000)
  --stores N   up to which size the state is written to an object store as well (default: 500; 0: not at all)
  --repeats N  of each run that changes nothing; the medians are shown (default: 3)
  --write      puts what was measured into docs/scale.json, in place of what it has of the same hosts and
               sizes, and makes the tables of docs/scale.md anew
  --help       this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      hosts: { type: "string", default: hosts.join() },
      sizes: { type: "string", default: "10,50,100,200,500,1000,2000" },
      stores: { type: "string", default: "500" },
      repeats: { type: "string", default: "3" },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const repeats = countOf(values.repeats, 1, usage);
  const mostStored = countOf(values.stores, 0, usage);
  const sizes = values.sizes.split(",").map((text) => countOf(text, 1, usage));
  for (const host of hostsOf(values.hosts, usage)) {
    for (const size of sizes) {
      const plan = { host, size, repeats, writings: size <= mostStored ? writings : [] };
      const stack = await measureStack(plan);
      console.log(JSON.stringify(stack));
      if (values.write) keep({ machine: machine(), stacks: [stack] });
    }
  }
}

function keep(measured: Results): void {
  const results = merge(readResults(), measured);
  writeFileSync(resultsFile, `${JSON.stringify(results, null, 2)}\n`);
  writePage(results);
}

runMain(main);
