import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../../build/repository.ts";
import { fillSection, table } from "../../../sdk/generator/markdown.ts";
import { type Host, hosts } from "../contender.ts";
import { fleet, growing, lineOf, stackOf, stacksOf, uploadedPerSquare } from "./figures.ts";
import { limits } from "./limits.ts";
import type { Results, StackResult } from "./results.ts";
import { bytes, count, minutes, seconds } from "./units.ts";

/** The page whose tables are made from the results. */
export const pageFile = join(repository, "docs", "scale.md");

/** Makes the tables of the page anew. */
export function writePage(results: Results): void {
  writeFileSync(pageFile, filled(readFileSync(pageFile, "utf8"), results));
}

/** A page with its tables made from the results. */
export function filled(page: string, results: Results): string {
  const sections = {
    limits: limits(results),
    cuts: hosts.map((host) => cuts(results, host)).join("\n\n"),
    slopes: slopes(results),
    runs: `${results.machine}.\n\n${hosts.map((host) => runs(results, host)).join("\n\n")}`,
    uploads: hosts.map((host) => uploads(results, host)).join("\n\n"),
    exports: exports(results),
  };
  return Object.entries(sections).reduce(
    (text, [name, section]) => fillSection(text, name, section),
    page,
  );
}

/** The fleet in stacks of one size or another. */
function cuts(results: Results, host: Host): string {
  const head = [
    ...["stack size", "stacks", "preview of one", "of all, one runner", "of all, 20 runners"],
    ...["engine", "state file", "upload to create one", "kept per `up`, all stacks"],
  ];
  const stacks = stacksOf(results, host);
  const square = uploadedPerSquare(stacks);
  const rows = stacks
    .filter(({ size }) => size >= 50)
    .map((stack) => {
      const { size, state, kept, operations } = stack;
      const many = fleet.resources / size;
      const all = operations.preview.seconds * many;
      return [
        ...[count(size), count(many), seconds(operations.preview.seconds)],
        ...[minutes(all), minutes(all / 20), bytes(operations.preview.memory.engine * 1e6)],
        ...[bytes(state), bytes(square * size ** 2), bytes(kept * many)],
      ];
    });
  return `### ${host} host\n\n${table(head, rows)}`;
}

/** What one more resource in a stack adds. */
function slopes(results: Results): string {
  const head = ["one more resource in a stack adds", ...hosts.map((host) => `${host} host`)];
  const row = (title: string, figure: (stacks: readonly StackResult[]) => string) => [
    title,
    ...hosts.map((host) => figure(stacksOf(results, host))),
  ];
  const line = (figure: (stack: StackResult) => number, unit: (value: number) => string) => {
    return (stacks: readonly StackResult[]) => unit(lineOf(stacks, figure).slope);
  };
  const milliseconds = (value: number) => `${(value * 1_000).toFixed(1)} ms`;
  const megabytes = (value: number) => bytes(value * 1e6);
  return table(head, [
    row("to the state file", line(growing.state, bytes)),
    row("to what each `pulumi up` leaves in the backend", line(growing.kept, bytes)),
    row("to a preview or an `up` without changes", line(growing.seconds("preview"), milliseconds)),
    row("to a refresh", line(growing.seconds("refresh"), milliseconds)),
    row("to the engine's peak memory", line(growing.engine, megabytes)),
    row("to the provider's peak memory", line(growing.provider, megabytes)),
    row("to each of two uploads per changed resource", line(growing.state, bytes)),
    row("to all uploads of a creation, times the resources", (stacks) =>
      bytes(uploadedPerSquare(stacks)),
    ),
  ]);
}

/** What was measured of each stack. */
function runs(results: Results, host: Host): string {
  const stacks = stacksOf(results, host);
  const times = stacks.map(({ size, checkpoints, operations }) => {
    const { create, preview, up, refresh, export: exported } = operations;
    return [
      ...[count(size), `${create.seconds.toFixed(1)}${checkpoints ? "" : " *"}`],
      ...[preview, up, refresh, exported].map((one) => one.seconds.toFixed(1)),
    ];
  });
  const loads = stacks.map(({ size, operations: { preview, refresh } }) => {
    const { engine, provider, program } = preview.memory;
    const memory = [engine, provider, program].map((one) => one.toFixed(0));
    return [count(size), ...memory, preview.cpu.toFixed(1), count(refresh.requests)];
  });
  const memoryTitles = ["engine, MB", "provider, MB", "program, MB"];
  return [
    `### Runs on the ${host} host`,
    table(
      ["resources", "create, s", "preview, s", "`up`, no change, s", "refresh, s", "export, s"],
      times,
    ),
    table(["resources", ...memoryTitles, "CPU of a preview, s", "requests of a refresh"], loads),
  ].join("\n\n");
}

/** What was written to an object store. */
function uploads(results: Results, host: Host): string {
  const head = [
    ...["resources", "state file", "uploads of a creation", "bytes", "bytes, gzip"],
    ...["bytes, written at the end only", "requests of a creation", "bytes of an `up`, no change"],
  ];
  const rows = stacksOf(results, host).flatMap(({ size, state, creation, unchanged }) => {
    const { plain, gzip, end } = creation;
    if (!plain || !gzip || !end || !unchanged) return [];
    const uploaded = [plain, gzip, end].map((one) => bytes(one.uploaded));
    return [
      [
        ...[count(size), bytes(state), count(plain.uploads), ...uploaded],
        ...[count(plain.requests), bytes(unchanged.uploaded)],
      ],
    ];
  });
  return `### Uploads from the ${host} host\n\n${table(head, rows)}`;
}

/** How long it takes to read the states of the whole fleet. */
function exports(results: Results): string {
  const { operations, size } = stackOf(results, "plugin", fleet.size);
  const many = fleet.resources / size;
  const one = operations.export;
  const cores = Number.parseInt(results.machine, 10);
  return `\`pulumi stack export\` of a stack of ${size} takes ${seconds(one.seconds)} and ${seconds(one.cpu)} of CPU. So \`formations environments\`, \`discover\` with every stack, and a runner of backups with every stack need at least ${minutes((one.cpu * many) / cores)} for ${many} of them on ${cores} cores, plus what the backend takes.`;
}
