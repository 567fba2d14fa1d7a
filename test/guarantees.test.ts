import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { repository } from "../build/repository.ts";

const page = readFileSync(join(repository, "docs", "guarantees.md"), "utf8");
const proofs = [...page.matchAll(/^- (.+)\n {2}- `(test\/[^`]+)`: (.+)$/gm)].map(
  ([, promise = "", file = "", name = ""]) => ({ promise, file, name }),
);

describe("each promise names a test that there is", () => {
  test("in a list that can be read, up to what is not promised", () => {
    const [promised = ""] = page.split("## What is not promised");
    const lines = promised.split("\n").filter((line) => line.startsWith("- "));
    expect(lines.length).toBeGreaterThan(0);
    expect(proofs).toHaveLength(lines.length);
  });

  test.each(proofs)("$promise", ({ promise, file, name }) => {
    const path = join(repository, file);
    expect(existsSync(path), file).toBe(true);
    // The ordinary tests prove every promise, except what only a real server can show.
    if (!/real servers/.test(promise)) expect(file).not.toMatch(/\.exhaustive\./);
    // A name that is made from a row of a table is found up to what varies.
    expect(readFileSync(path, "utf8")).toContain(name);
  });
});
