import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { repository } from "../../build/repository.ts";
import { countOf, runMain } from "../support/command.ts";
import { type Host, hosts, type Shape } from "./contender.ts";
import { measureCosts } from "./costs.ts";
import { Stacks } from "./measure.ts";
import { hostsOf, machine } from "./options.ts";
import { measured, pageFiles } from "./page.ts";
import { combined, type Results, readResults, writeResults } from "./results.ts";
import { measureStarts } from "./start.ts";

const parts = ["engine", "costs", "starts"] as const;
type Part = (typeof parts)[number];

const usage = `Usage: npm run bench -- [options]

Times this provider beside two others on the same host, by turns: one that does nothing, and one that only
sends the requests which an operation can't do without. All run AppFormations against a simulator on this
machine.

  --parts P    engine: pulumi up, preview, refresh and destroy, with the engine and the state's size;
               costs: CPU and requests of the provider's process per verb, called without an engine;
               starts: the plugin, the command and the package (default: engine,costs,starts)
  --hosts H    plugin, dynamic, or both (default: plugin,dynamic)
  --sizes N    how many resources (default: 1,10,100,300,1000; 1000 once, and without checkpoints)
  --types N    how many of them an app has, in stacks of 100 and more; others have one (default: 1,10)
  --repeats N  of each operation; the medians are shown (default: 3)
  --quick      one resource, one repeat, the plugin, as users run it: whether the bench works
  --write      puts what was measured in place of the same in docs/performance/results.json, and writes
               docs/performance.md and its charts from that file
  --draw       measures nothing: writes the page and the charts from the file
  --help       this text
`;

/** From this size on the engine's own work with the state takes minutes, in which the rest disappears. */
const huge = 1000;

/** The smallest stack whose apps have several types. */
const large = 100;

/** How many resources the costs are averaged over. */
const costSize = 300;

interface Plan {
  parts: readonly Part[];
  hosts: readonly Host[];
  sizes: readonly number[];
  types: readonly number[];
  repeats: number;
  checkpoints: readonly boolean[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      parts: { type: "string", default: parts.join() },
      hosts: { type: "string", default: hosts.join() },
      sizes: { type: "string", default: "1,10,100,300,1000" },
      types: { type: "string", default: "1,10" },
      repeats: { type: "string", default: "3" },
      quick: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      draw: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(usage);
  if (values.draw) return writePage(readResults());
  const found = await measure(
    values.quick
      ? { ...{ parts, hosts: ["plugin"], sizes: [1], types: [1] }, repeats: 1, checkpoints: [true] }
      : {
          parts: values.parts.split(",").map(partOf),
          hosts: hostsOf(values.hosts, usage),
          sizes: values.sizes.split(",").map((text) => countOf(text, 1, usage)),
          types: values.types.split(",").map((text) => countOf(text, 1, usage)),
          repeats: countOf(values.repeats, 1, usage),
          checkpoints: [true, false],
        },
  );
  console.log(measured(found));
  if (!values.write) return;
  writeResults(combined(readResults(), found));
  // From the file, which has fewer digits.
  await writePage(readResults());
}

async function measure(plan: Plan): Promise<Results> {
  const found: Results = {
    machine: `${machine()}.`,
    rows: [],
    footprints: [],
    costs: [],
    starts: [],
  };
  if (plan.parts.includes("starts")) found.starts.push(...(await measureStarts(plan.repeats * 5)));
  for (const host of plan.hosts) {
    for (const shape of plan.parts.includes("engine") ? shapesOf(plan) : []) {
      note(`${host}: ${shape.size} resources, ${shape.types} an app`);
      await using stacks = await Stacks.open(host, shape);
      for (const checkpoints of plan.checkpoints) {
        if (shape.size >= huge && checkpoints) continue;
        const repeats = shape.size >= huge ? 1 : plan.repeats;
        found.rows.push(...(await stacks.measure(checkpoints, repeats)));
      }
      found.footprints.push(stacks.footprint);
    }
    for (const types of plan.parts.includes("costs") ? plan.types : []) {
      note(`${host}: costs, ${types} an app`);
      const size = Math.min(costSize, Math.max(...plan.sizes));
      found.costs.push(...(await measureCosts(host, { size, types }, plan.repeats)));
    }
  }
  return found;
}

function shapesOf({ sizes, types }: Plan): Shape[] {
  return sizes.flatMap((size) => {
    const several = size >= large && size < huge;
    return (several ? types : [1]).map((each) => ({ size, types: each }));
  });
}

async function writePage(results: Results): Promise<void> {
  for (const [file, text] of await pageFiles(results)) writeFileSync(join(repository, file), text);
}

/** Says how far it is, for those who wait. */
function note(text: string): void {
  if (process.stderr.isTTY) console.error(text);
}

function partOf(text: string): Part {
  const part = parts.find((one) => one === text);
  if (part === undefined) throw new Error(`--parts: there is no part "${text}"\n\n${usage}`);
  return part;
}

runMain(main);
