import { table } from "../../sdk/generator/markdown.ts";
import { type Host, type Name, names } from "./contender.ts";
import type { Footprint, Row, Setting } from "./measure.ts";
import { median } from "./median.ts";
import type { Start } from "./start.ts";

/** The times of one host under one setting, as Markdown. */
export function times(host: Host, setting: Setting, rows: readonly Row[]): string {
  const head = ["resources", "operation", "floor, s", "formations, s", "ratio"];
  const requests = ["requests", "at least", "connections"];
  const lines = rows.map((row) => [
    String(row.size),
    row.operation,
    row.floor.toFixed(2),
    row.formations.toFixed(2),
    row.ratio.toFixed(2),
    ...[row.requests, row.leastRequests, row.connections].map(String),
  ]);
  return `${title(host, setting)}\n\n${table([...head, ...requests], lines)}`;
}

/** What else both providers of one host take, as Markdown. */
export function footprints(host: Host, found: readonly Footprint[]): string {
  const state = ["state per resource, bytes", "of them ID, inputs, outputs"];
  const head = ["resources", "provider", ...state, "peak memory, MB"];
  const lines = found.flatMap(({ size, state, memory }) =>
    names.map((name) => [
      String(size),
      name,
      state[name].whole.toFixed(0),
      state[name].properties.toFixed(0),
      memory[name]?.toFixed(0) ?? "–",
    ]),
  );
  return `### ${host}: state and memory\n\n${table(head, lines)}`;
}

/** How long the plugin takes to start, as Markdown. */
export function starts(found: Record<Name, readonly Start[]>): string {
  const head = ["provider", "port reported, ms", "first response, ms"];
  const of = (name: Name, key: keyof Start) => median(found[name].map((start) => start[key]));
  const lines = names.map((name) => [
    name,
    of(name, "port").toFixed(0),
    of(name, "answer").toFixed(0),
  ]);
  const ratio = (of("formations", "answer") / of("floor", "answer")).toFixed(2);
  const times = `Medians of ${found.floor.length} starts; ratio of the first responses: ${ratio}.`;
  return `### plugin: its start\n\n${table(head, lines)}\n\n${times}`;
}

function title(host: Host, { checkpoints, latency }: Setting): string {
  const engine = checkpoints ? "as users run it" : "engine without checkpoints";
  return `### ${host}: ${engine}, ${latency} ms per response`;
}
