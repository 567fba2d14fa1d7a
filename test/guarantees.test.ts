import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { repository } from "../build/repository.ts";

const page = readFileSync(join(repository, "docs", "guarantees.md"), "utf8");
const proofs = [...page.matchAll(/^- (.+)\n {2}- `(test\/[^`]+)`: (.+)$/gm)].map(
  ([, promise = "", file = "", name = ""]) => ({ promise, file, name }),
);

/** The titles that a test file gives, each with one mark for all that varies. */
function titlesIn(source: string): Set<string> {
  const texts = source.match(/"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g) ?? [];
  return new Set(texts.map((text) => marked(text.slice(1, -1))));
}

/** A title, or a part of one on the page, by what does not vary. */
function marked(title: string): string {
  return title.replaceAll(/%[sdij]|\$\{[^}]*\}|\$[\w.]+|‹[^›]+›/g, "‹›").replace(/:$/, "");
}

describe("each promise names a test that there is", () => {
  test("in a list that can be read, up to what is not promised", () => {
    const [promised = ""] = page.split("## What is not promised");
    const lines = promised.split("\n").filter((line) => line.startsWith("- "));
    expect(lines.length).toBeGreaterThan(0);
    expect(proofs).toHaveLength(lines.length);
  });

  test("in sentences that need no other, and names that a reader can search for", () => {
    expect(
      proofs.filter(({ promise }) => !/^(?!It |Nor |The same holds)[^a-z].*[.)]$/.test(promise)),
    ).toEqual([]);
    expect(
      proofs.filter(({ name }) => /%[a-z]|\$\w|…|^(?:is|and|has|becomes) /.test(name)),
    ).toEqual([]);
  });

  test.each(proofs)("$promise", ({ promise, file, name }) => {
    const path = join(repository, file);
    expect(existsSync(path), file).toBe(true);
    // The ordinary tests prove every promise, except what only a real server can show.
    if (!/real servers/.test(promise)) expect(file).not.toMatch(/\.exhaustive\./);
    // The name of a test in a group follows the name of the group.
    const titles = titlesIn(readFileSync(path, "utf8"));
    expect(name.split(" › ").filter((part) => !titles.has(marked(part)))).toEqual([]);
  });
});
