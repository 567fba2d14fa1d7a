import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { repository } from "../../build/repository.ts";
import { fillSection } from "../../sdk/generator/markdown.ts";
import { countOf, runMain } from "../support/command.ts";
import { type Host, hosts } from "./contender.ts";
import { type Footprint, Pair, type Row, type Setting } from "./measure.ts";
import { hostsOf, machine } from "./options.ts";
import { footprints, starts, times } from "./report.ts";
import { measureStarts } from "./start.ts";

const usage = `Usage: npm run bench -- [options]

Times pulumi up, preview, refresh and destroy of AppFormations beside a provider on the same host that
does nothing, by turns, on the real engine and a simulator on this machine.

  --hosts H    plugin, dynamic, or both (default: plugin,dynamic)
  --sizes N    how many resources (default: 1,100,300)
  --repeats N  of each operation; the medians are shown (default: 3)
  --quick      one resource, one repeat, the plugin, one setting: whether the bench works
  --write      puts what was measured into docs/performance.md
  --help       this text
`;

const settings: readonly Setting[] = [
  { checkpoints: true, latency: 0 },
  { checkpoints: false, latency: 0 },
  { checkpoints: false, latency: 20 },
];

interface Plan {
  hosts: readonly Host[];
  sizes: readonly number[];
  repeats: number;
  settings: readonly Setting[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      hosts: { type: "string", default: hosts.join() },
      sizes: { type: "string", default: "1,100,300" },
      repeats: { type: "string", default: "3" },
      quick: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const plan: Plan = values.quick
    ? { hosts: ["plugin"], sizes: [1], repeats: 1, settings: settings.slice(0, 1) }
    : {
        hosts: hostsOf(values.hosts, usage),
        sizes: values.sizes.split(",").map((text) => countOf(text, 1, usage)),
        repeats: countOf(values.repeats, 1, usage),
        settings,
      };
  const sections: string[] = [`${machine()}; medians of ${plan.repeats}.`];
  console.log(sections[0]);
  for (const host of plan.hosts) {
    for await (const section of measure(host, plan)) {
      console.log(`\n${section}`);
      sections.push(section);
    }
  }
  if (values.write) writeReport(sections.join("\n\n"));
}

/** Measures one host, size by size, and gives its tables. */
async function* measure(host: Host, { sizes, repeats, settings }: Plan): AsyncGenerator<string> {
  const rows = settings.map((): Row[] => []);
  const found: Footprint[] = [];
  for (const size of sizes) {
    await using pair = await Pair.open(host, size);
    for (const [index, setting] of settings.entries()) {
      rows[index]?.push(...(await pair.measure(setting, repeats)));
    }
    found.push(pair.footprint);
  }
  for (const [index, setting] of settings.entries()) yield times(host, setting, rows[index] ?? []);
  yield footprints(host, found);
  if (host === "plugin") yield starts(await measureStarts(repeats * 5));
}

function writeReport(text: string): void {
  const file = join(repository, "docs", "performance.md");
  writeFileSync(file, fillSection(readFileSync(file, "utf8"), "measured", text));
}

runMain(main);
