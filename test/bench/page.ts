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
  const cost =
    added.length > 0
      ? ` In stacks of 100 formations and more it adds ${number(median(added))} ms per formation to an operation (median), and ${number(Math.max(...added))} ms at most.`
      : "";
  return `**${hostTitles[host]}**: ${met} of ${own.length} rows meet the aim of ${aims[host].toFixed(2)} times the requests alone.${cost}`;
}

function costs(found: readonly Cost[]): string {
  const head = [
    "host",
    "types per app",
    "verb",
    "CPU, ms: nothing",
    "requests alone",
    "formations",
  ];
  const more = ["ratio", "wall, ms: requests alone", "formations", "ratio"];
  const sent = ["requests: alone", "formations"];
  const lines = found.map(({ host, types, verb, cpu, wall, requests }) => [
    ...[host, String(types), verb],
    ...names.map((name) => (cpu[name] ? number(median(cpu[name])) : "–")),
    cpu.formations && cpu.bare ? ratioText(cpu.formations, cpu.bare) : "–",
    number(median(wall.bare)),
    number(median(wall.formations)),
    ratioText(wall.formations, wall.bare),
    number(requests.bare),
    number(requests.formations),
  ]);
  return [
    "### What an operation costs the provider's process",
    "CPU that a busy CI machine pays per formation, without the engine's own: each verb is called as the engine calls it, eight at a time, in a process that has done it before.",
    picture("costs.svg", "CPU per verb for the three providers, by host"),
    table([...head, ...more, ...sent], lines),
  ].join("\n\n");
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
  const state = names.map((name) => `state per resource, bytes: ${nameTitles[name]}`);
  const memory = names.map((name) => `peak memory, MB: ${nameTitles[name]}`);
  const head = ["host", "resources", "types per app", ...state, "ratio", ...memory];
  const lines = footprints.map(({ host, size, types, state, memory }) => [
    ...[host, String(size), String(types)],
    ...names.map((name) => state[name].whole.toFixed(0)),
    number(state.formations.whole / state.bare.whole),
    ...names.map((name) => memory[name]?.toFixed(0) ?? "–"),
  ]);
  return [
    "### Memory and state",
    "The state is what each operation reads and writes, so its size is time too; the memory is what the plugin takes beside the engine on a small CI machine.",
    ...memoryGrowth(footprints),
    table(head, lines),
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
  "The ratio is the median of the pairs, with the lowest and the highest; the aim is met where the median is within it.";

function rowTable(rows: readonly Row[]): string {
  const head = ["resources", "types per app", "operation"];
  const seconds = names.map((name) => `${nameTitles[name]}, s`);
  const more = ["ratio", "aim met", "requests: alone", "formations", "at least"];
  const lines = rows.map((row) => [
    ...[String(row.size), String(row.types), row.operation],
    ...names.map((name: Name) => number(median(row.seconds[name]))),
    ratioText(row.seconds.formations, row.seconds.bare),
    yesOrNo(verdict(row).isMet),
    String(row.requests.bare),
    String(row.requests.formations),
    String(row.leastRequests),
  ]);
  return table([...head, ...seconds, ...more], lines);
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
