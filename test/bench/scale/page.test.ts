import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { hosts } from "../contender.ts";
import { fleet, lineOf, stackOf, stacksOf } from "./figures.ts";
import { filled, pageFile } from "./page.ts";
import { merge, readResults, type StackResult } from "./results.ts";
import { bytes, minutes } from "./units.ts";

const results = readResults();

describe("the page on scale", () => {
  test("has the tables that follow from the results", () => {
    const page = readFileSync(pageFile, "utf8");
    expect(page).toBe(filled(page, results));
  });

  test.each(hosts)("rests on stacks of the fleet's size and on larger ones: %s host", (host) => {
    expect(stackOf(results, host, fleet.size).creation.plain).toBeDefined();
    expect(stacksOf(results, host).at(-1)?.size).toBeGreaterThan(fleet.size);
  });
});

describe("what the page says of all stacks that were measured", () => {
  test.each(results.stacks.map((stack) => [stack.host, stack.size, stack] as const))(
    "%s host, %i resources: a read per resource, and two writes per created one",
    (_, size, { operations, creation, state, kept }) => {
      expect(operations.preview.requests).toBe(0);
      expect(operations.up.requests).toBe(0);
      expect(operations.refresh.requests).toBe(size);
      // The state once as a backup and once as a history entry, which has a head of its own.
      expect(kept / state).toBeGreaterThan(1.9);
      expect(kept / state).toBeLessThan(2.2);
      // The stack and the provider are resources too; lock, backup and history are four more.
      if (creation.plain) expect(creation.plain.uploads).toBe(2 * (size + 2) + 4);
    },
  );
});

test("the line through points on a line is that line", () => {
  const [stack] = results.stacks;
  const at = (size: number) => ({ ...stack, size }) as StackResult;
  expect(lineOf([10, 50, 200].map(at), ({ size }) => 3 * size + 7)).toEqual({
    slope: expect.closeTo(3),
    start: expect.closeTo(7),
  });
});

test("new results take the place of those of the same host and size, with what was sent to a store before", () => {
  const [first, ...others] = results.stacks;
  if (!first) throw new Error("there are no results");
  const measured = { machine: "another", stacks: [{ ...first, state: 1, creation: {} }] };
  const merged = merge(results, measured);
  expect(merged.machine).toBe("another");
  expect(merged.stacks).toEqual([{ ...first, state: 1 }, ...others]);
});

test.each([
  [0.4, "0.4 B"],
  [999, "999 B"],
  [1_500, "1.5 KB"],
  [31_600_000, "32 MB"],
  [2.5e15, "2,500 TB"],
])("%f bytes are %s", (value, text) => {
  expect(bytes(value)).toBe(text);
});

test.each([
  [89, "89 s"],
  [90, "1.5 min"],
  [3_600, "60 min"],
  [7_200, "2.0 h"],
])("%i s are %s", (value, text) => {
  expect(minutes(value)).toBe(text);
});
