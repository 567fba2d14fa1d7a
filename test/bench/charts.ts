import { parse, resetSVGDefIds, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { type Host, hosts, type Name, names } from "./contender.ts";
import { median } from "./median.ts";
import { aims, type Cost, type Results, type Row, verdict } from "./results.ts";

/** What a reader calls the hosts. */
export const hostTitles: Record<Host, string> = {
  plugin: "plugin (every language)",
  dynamic: "classes (TypeScript)",
};

/** What a reader calls the providers. */
export const nameTitles: Record<Name, string> = {
  floor: "does nothing",
  bare: "only sends the requests",
  formations: "formations",
};

/** What a reader calls the engine's two ways. */
export function wayOf(checkpoints: boolean): string {
  return checkpoints ? "as users run it" : "without checkpoints";
}

/** The stacks that the chart of times is about: the largest that were measured as users run them. */
function shownSize(rows: readonly Row[]): number {
  return Math.max(...rows.filter(({ checkpoints }) => checkpoints).map(({ size }) => size));
}

/** Colours that people with any colour vision tell apart, on white. */
const colours: Record<Name, string> = {
  floor: "#bbbbbb",
  bare: "#ee9944",
  formations: "#2266aa",
};

/** The charts, as SVG by the name of the file. */
export async function drawCharts(results: Results): Promise<Map<string, string>> {
  const { rows, costs } = results;
  const drawn = new Map<string, string>();
  if (rows.length > 0) {
    drawn.set("ratios.svg", await draw(ratioChart(rows)));
    drawn.set("times.svg", await draw(timeChart(rows)));
  }
  if (costs.length > 0) drawn.set("costs.svg", await draw(costChart(costs)));
  return drawn;
}

async function draw(spec: TopLevelSpec): Promise<string> {
  resetSVGDefIds();
  const view = new View(parse(compile(spec).spec), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  return `${svg}\n`;
}

/** What all charts have in common: a white card, which can be read on a dark page too. */
const common = {
  $schema: "https://vega.github.io/schema/vega-lite/v6.json",
  background: "white",
  padding: 16,
  config: {
    font: "system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif",
    view: { stroke: "#dddddd" },
    axis: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal", gridColor: "#eeeeee" },
    legend: { labelFontSize: 12, titleFontSize: 12, orient: "bottom", labelLimit: 300 },
    title: { anchor: "start", offset: 14 },
    header: { labelFontSize: 13, labelFontWeight: "bold", title: null },
  },
} as const;

function hostColumn() {
  return { field: "host", type: "nominal", sort: hosts.map((host) => hostTitles[host]) } as const;
}

/** Each row's ratio to the bare request, a dot; and the aim, a line. */
function ratioChart(rows: readonly Row[]): TopLevelSpec {
  const values = rows.map((row) => ({
    host: hostTitles[row.host],
    operation: row.operation,
    way: wayOf(row.checkpoints),
    ratio: verdict(row).median,
    aim: aims[row.host],
  }));
  const y = {
    field: "operation",
    type: "nominal",
    sort: null,
    title: null,
    axis: { grid: true },
  } as const;
  return {
    ...common,
    title: "How much longer than the requests alone? Each dot is a row of the table.",
    data: { values },
    facet: { column: hostColumn() },
    spec: {
      width: 330,
      height: 190,
      layer: [
        {
          mark: { type: "rule", color: "#999999" },
          encoding: { x: { datum: 1 } },
        },
        {
          mark: { type: "rule", color: "#cc3311", strokeDash: [5, 4] },
          encoding: { x: { aggregate: "min", field: "aim", type: "quantitative" } },
        },
        {
          mark: { type: "point", filled: true, size: 70, opacity: 0.75 },
          encoding: {
            x: {
              field: "ratio",
              type: "quantitative",
              scale: { type: "log", nice: false },
              title: "times the requests alone (dashed: the aim)",
            },
            y,
            yOffset: { field: "way", type: "nominal" },
            color: {
              field: "way",
              type: "nominal",
              title: null,
              scale: { domain: [wayOf(true), wayOf(false)], range: ["#2266aa", "#ee9944"] },
            },
          },
        },
      ],
    },
  };
}

/** Seconds of the three providers, side by side. */
function timeChart(rows: readonly Row[]): TopLevelSpec {
  const shown = shownSize(rows);
  const values = rows
    .filter(({ size, types }) => size === shown && types === 1)
    .flatMap((row) => names.map((name) => ({ ...barOf(row), ...secondsOf(row, name) })));
  return {
    ...common,
    title: `Seconds that pulumi takes for ${shown} formations`,
    data: { values },
    facet: {
      column: hostColumn(),
      row: { field: "way", type: "nominal", sort: [wayOf(true), wayOf(false)] },
    },
    spec: { width: 330, height: 260, ...bars("seconds, median") },
  };
}

function barOf({ host, operation, checkpoints }: Row) {
  return { host: hostTitles[host], group: operation, way: wayOf(checkpoints) };
}

function secondsOf({ seconds }: Row, name: Name) {
  return { provider: nameTitles[name], value: median(seconds[name]) };
}

/** CPU of the three providers per operation, side by side. */
function costChart(costs: readonly Cost[]): TopLevelSpec {
  const values = costs
    .filter(({ types }) => types === 1)
    .flatMap(({ host, verb, cpu }) =>
      names.map((name) => ({
        host: hostTitles[host],
        group: verb,
        provider: nameTitles[name],
        value: median(cpu[name] ?? []),
      })),
    );
  return {
    ...common,
    title: "CPU that the provider's process takes per formation",
    data: { values },
    facet: { column: hostColumn() },
    spec: { width: 330, height: 260, ...bars("milliseconds, median") },
  };
}

type BarLayers = Pick<Extract<TopLevelSpec, { layer: unknown }>, "layer">;

/** Groups of three bars, with their values. */
function bars(title: string): BarLayers {
  const y = { field: "group", type: "nominal", sort: null, title: null } as const;
  const yOffset = {
    field: "provider",
    type: "nominal",
    sort: names.map((name) => nameTitles[name]),
  } as const;
  const x = { field: "value", type: "quantitative", title } as const;
  const color = {
    field: "provider",
    type: "nominal",
    title: null,
    scale: {
      domain: names.map((name) => nameTitles[name]),
      range: names.map((name) => colours[name]),
    },
  } as const;
  return {
    layer: [
      { mark: { type: "bar" }, encoding: { x, y, yOffset, color } },
      {
        mark: { type: "text", align: "left", dx: 4, fontSize: 10 },
        encoding: { x, y, yOffset, text: { field: "value", type: "quantitative", format: ".2f" } },
      },
    ],
  };
}
