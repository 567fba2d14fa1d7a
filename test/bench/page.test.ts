import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../../build/repository.ts";
import { pageFiles } from "./page.ts";
import { combined, type Results, type Row, readResults, verdict } from "./results.ts";

const files = await pageFiles(readResults());

test.each([...files.keys()])("%s is what the results say", (file) => {
  const text = readFileSync(join(repository, file), "utf8");

  expect(text, "run `npm run bench -- --draw`").toBe(files.get(file));
});

function row(part: Partial<Row>): Row {
  return {
    ...{ host: "plugin", size: 100, types: 1, checkpoints: true, operation: "refresh" },
    seconds: { floor: [1], bare: [1], formations: [1] },
    requests: { floor: 0, bare: 100, formations: 100 },
    leastRequests: 100,
    ...part,
  };
}

test("a ratio is the median of the runs that followed each other, not of all runs", () => {
  // The machine was busy in the second pair and in the last.
  const seconds = { floor: [1, 1, 1], bare: [1, 4, 2], formations: [1.2, 4.4, 2] };

  const { median, lowest, highest } = verdict(row({ seconds }));

  expect(median).toBeCloseTo(1.1);
  expect([lowest, highest]).toEqual([1, 1.2]);
});

test.each([
  ["plugin", 1.05, true],
  ["plugin", 1.06, false],
  ["dynamic", 1.1, true],
  ["dynamic", 1.11, false],
] as const)(
  "on the %s host, %d times the bare requests meets the aim: %s",
  (host, ratio, isMet) => {
    const seconds = { floor: [0.1], bare: [1], formations: [ratio] };

    expect(verdict(row({ host, seconds })).isMet).toBe(isMet);
  },
);

test("what is measured anew takes the place of the same, in the page's order", () => {
  const results = (rows: Row[]): Results => ({
    ...{ machine: "", rows, footprints: [], costs: [], starts: [] },
  });
  const before = results([
    row({ size: 100, operation: "up, all created" }),
    row({ size: 100, operation: "refresh" }),
    row({ size: 300, operation: "refresh" }),
    row({ size: 1, operation: "refresh", host: "dynamic" }),
  ]);
  const leastRequests = 7;
  const found = results([
    row({ size: 1000, operation: "refresh" }),
    row({ size: 100, operation: "up, all created", leastRequests }),
    row({ size: 100, operation: "destroy", leastRequests }),
  ]);

  const { rows } = combined(before, found);

  expect(rows.map((one) => [one.host, one.size, one.operation, one.leastRequests])).toEqual([
    ["plugin", 100, "up, all created", 7],
    ["plugin", 100, "destroy", 7],
    ["plugin", 300, "refresh", 100],
    ["plugin", 1000, "refresh", 100],
    ["dynamic", 1, "refresh", 100],
  ]);
});
