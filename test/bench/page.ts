import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../build/repository.ts";
import { fillSection, table } from "../../sdk/generator/markdown.ts";
import { drawCharts, hostTitles, nameTitles, wayOf } from "./charts.ts";
import { type Host, hosts, type Name, names } from "./contender.ts";
import { median } from "./median.ts";
import { aims, type Cost, type Results, type Row, ratioOf, verdict } from "./results.ts";

const page = "docs/performance.md";

/** The page and its charts, by path in the repository, as they follow from the results. */
export async function pageFiles(results: Results): Promise<Map<string, string>> {
  const text = readFileSync(join(repository, page), "utf8");
  const files = new Map([[page, fillSection(text, "measured", measured(results))]]);
  for (const [file, svg] of await drawCharts(results)) files.set(`docs/performance/${file}`, svg);
  return files;
}

/** Everything that was measured, as Markdown. */
export function measured(results: Results): string {
  return [
    results.machine,
    ...section(results.rows, () => ratiosAndTimes(results)),
    ...section(results.costs, () => costs(results.costs)),
    ...section(results.starts, () => starts(results)),
    ...section(results.footprints, () => footprints(results)),
    ...section(results.rows, () => tables(results.rows)),
  ].join("\n\n");
}

function section(found: readonly unknown[], write: () => string): string[] {
  return found.length > 0 ? [write()] : [];
}

function ratiosAndTimes({ rows }: Results): string {
  const lines = hosts
    .filter((host) => rows.some((row) => row.host === host))
    .map((host) => `- ${sentence(host, rows)}`);
  return [
    "### How long an operation takes",
    lines.join("\n"),
    picture("ratios.svg", "Ratio of each operation to the requests alone, by host"),
    picture("times.svg", "Seconds of each operation for the three providers, by host"),
  ].join("\n\n");
}

/** What the figures of a host mean for a user. */
function sentence(host: Host, rows: readonly Row[]): string {
  const own = rows.filter((row) => row.host === host);
  const met = own.filter((row) => verdict(row).isMet).length;
  const usual = own.filter(({ checkpoints, size }) => checkpoints && size >= 100);
  const added = usual.map(({ size, seconds }) => {
    const extra = seconds.formations.map((ours, index) => ours - (seconds.bare[index] ?? ours));
    return (median(extra) * 1000) / size;
  });
  const cost = added.length > 0 ? ` In stacks of 100 formations and more, ${extraOf(added)}.` : "";
  return `**${hostTitles[host]}**: ${met} of ${own.length} rows meet the aim of ${aims[host].toFixed(2)} times the requests alone.${cost}`;
}

/** What operations take beside the requests alone, in milliseconds per formation. */
function extraOf(added: readonly number[]): string {
  const usual = median(added);
  const most = number(Math.max(...added));
  return usual < 0.005
    ? `half of the operations take no longer than the requests alone, and the others at most ${most} ms per formation longer`
    : `it adds ${number(usual)} ms per formation to an operation (median), and ${most} ms at most`;
}

function costs(found: readonly Cost[]): string {
  const parts = [
    "### What an operation costs the provider's process",
    "CPU and time that a busy CI machine pays per formation, in milliseconds and without the engine's own: each verb is called as the engine calls it, eight at a time, in a process that has done it before. Requests sent are this provider's; in brackets are those of the requests alone.",
    "Akkeris has no unique constraint, so this provider creates and deletes the formations of one app one after another, while the requests alone go out eight at a time. The rows *in order* compare it with the same requests one after another; the difference is the wait for one's turn.",
    picture("costs.svg", "CPU per verb for the three providers, by host"),
  ];
  for (const host of hosts) {
    const own = found.filter((cost) => cost.host === host);
    if (own.length > 0) parts.push(`#### ${host}`, costTable(own));
  }
  return parts.join("\n\n");
}

function costTable(found: readonly Cost[]): string {
  const cpuTitles = ["CPU: nothing", "requests", "formations", "ratio"];
  const head = ["verb", ...cpuTitles, "time: requests", "formations", "ratio", "sent"];
  const lines = found.map(({ types, verb, isInOrder, cpu, wall, requests }) => [
    `${verb}${types === 1 ? "" : `, ${types} per app`}${isInOrder ? ", in order" : ""}`,
    ...names.map((name) => (cpu[name] ? number(median(cpu[name])) : "–")),
    cpu.formations && cpu.bare ? ratioText(cpu.formations, cpu.bare) : "–",
    number(median(wall.bare)),
    number(median(wall.formations)),
    ratioText(wall.formations, wall.bare),
    `${number(requests.formations)} (${number(requests.bare)})`,
  ]);
  return table(head, lines);
}

function starts({ starts }: Results): string {
  const head = ["what", "ms", "beside", "ms", "ratio", "aim", "met"];
  const lines = starts.map(({ what, least, aim, ours, theirs }) => {
    // Not of pairs: two starts do not influence each other.
    const ratio = median(ours) / median(theirs);
    return [
      what,
      number(median(ours)),
      least,
      number(median(theirs)),
      number(ratio),
      number(aim),
      yesOrNo(ratio <= aim),
    ];
  });
  return [
    "### How long a start takes",
    "The engine starts the plugin several times per operation, a program loads the package once, and you wait for a command: none of them should be felt.",
    table(head, lines),
  ].join("\n\n");
}

function footprints({ footprints }: Results): string {
  const providers = names.map((name) => nameTitles[name]);
  const states = footprints.map(({ host, size, types, state }) => [
    ...[host, sizeOf(size, types)],
    ...names.map((name) => state[name].whole.toFixed(0)),
    number(state.formations.whole / state.bare.whole),
  ]);
  const measured = footprints.filter(({ memory }) => memory.formations !== undefined);
  const memories = measured.map(({ host, size, types, memory }) => [
    ...[host, sizeOf(size, types)],
    ...names.map((name) => memory[name]?.toFixed(0) ?? "–"),
  ]);
  return [
    "### Memory and state",
    "The state is what each operation reads and writes, so its size is time too. In bytes per resource:",
    table(["host", "resources", ...providers, "ratio"], states),
    "The memory is what the plugin takes beside the engine on a small CI machine. At its peak, in MB:",
    table(["host", "resources", ...providers], memories),
    ...memoryGrowth(footprints),
  ].join("\n\n");
}

function memoryGrowth(footprints: Results["footprints"]): string[] {
  const peak = (size: number) =>
    footprints.find((one) => one.host === "plugin" && one.size === size && one.types === 1)?.memory
      .formations;
  const [few, many] = [peak(10), peak(1000)];
  if (!few || !many) return [];
  const ratio = number(many / few);
  return [
    `With 1,000 formations the plugin takes ${ratio} times the memory that it takes with 10.`,
  ];
}

function tables(rows: readonly Row[]): string {
  const parts = ["### Every row", rowsExplained];
  for (const host of hosts) {
    for (const checkpoints of [true, false]) {
      const own = rows.filter((row) => row.host === host && row.checkpoints === checkpoints);
      if (own.length > 0) parts.push(`#### ${host}: ${wayOf(checkpoints)}`, rowTable(own));
    }
  }
  return parts.join("\n\n");
}

const rowsExplained =
  "Seconds are those of the provider that does nothing, of the one that only sends the requests, and of this one. The ratio is the median of the pairs, with the lowest and the highest; the aim is met where the median is within it. Requests are this provider's; in brackets are those of the requests alone, and the least that the operation can do with.";

function rowTable(rows: readonly Row[]): string {
  const head = ["resources", "operation", "nothing, s", "requests, s", "formations, s"];
  const more = ["ratio", "aim met", "requests sent"];
  const lines = rows.map((row) => [
    ...[sizeOf(row.size, row.types), row.operation],
    ...names.map((name: Name) => number(median(row.seconds[name]))),
    ratioText(row.seconds.formations, row.seconds.bare),
    yesOrNo(verdict(row).isMet),
    `${row.requests.formations} (${row.requests.bare}, ${row.leastRequests})`,
  ]);
  return table([...head, ...more], lines);
}

/** How many resources, and of how many types each app has them, unless of one. */
function sizeOf(size: number, types: number): string {
  return types === 1 ? String(size) : `${size}, ${types} per app`;
}

function ratioText(ours: readonly number[], theirs: readonly number[]): string {
  const { median: middle, lowest, highest } = ratioOf(ours, theirs);
  if (ours.length === 1) return number(middle);
  return `${number(middle)} (${number(lowest)}–${number(highest)})`;
}

function picture(file: string, description: string): string {
  return `![${description}](performance/${file})`;
}

function yesOrNo(is: boolean): string {
  return is ? "yes" : "no";
}

function number(value: number): string {
  return value.toFixed(value < 100 ? 2 : 0);
}
