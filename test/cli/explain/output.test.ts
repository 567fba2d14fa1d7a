import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { differences, reviewedIn } from "../../../cli/explain/expectation.ts";
import type { Explanation } from "../../../cli/explain/model.ts";
import { json } from "../../../cli/explain/output/json.ts";
import { markdown } from "../../../cli/explain/output/markdown.ts";
import { text } from "../../../cli/explain/output/text.ts";
import { change, effect, explanation, inStack, other, property } from "./builder.ts";
import { everyKind, failedPreview, pullRequest, threeStacks } from "./examples.ts";

const examples: [name: string, of: Explanation[]][] = [
  ["pull-request", [pullRequest()]],
  ["every-kind", [everyKind()]],
  ["failed", [failedPreview()]],
  ["three-stacks", threeStacks()],
];

describe.each(examples)("%s", (name, of) => {
  const snapshot = (ending: string) => join(import.meta.dirname, "snapshots", `${name}.${ending}`);

  test("is this comment, whichever order the previews come in", async () => {
    await expect(markdown(of)).toMatchFileSnapshot(snapshot("md"));
    expect(markdown(of.toReversed())).toBe(markdown(of));
  });

  test("is this text, in 80 columns", async () => {
    await expect(text(of)).toMatchFileSnapshot(snapshot("txt"));
    expect(
      text(of)
        .split("\n")
        .filter((line) => line.length > 80),
    ).toEqual([]);
  });

  test("is this JSON", async () => {
    await expect(json(of)).toMatchFileSnapshot(snapshot("json.txt"));
  });
});

/** The first line of a comment, without its marks. */
function titleOf(...changes: Explanation["changes"]): string | undefined {
  return markdown([explanation(changes)])
    .split("\n")[0]
    ?.replace(/^## (.*) — `shop\/production`$/, "$1");
}

test("the title counts what is destructive; if nothing is, it says what happens", () => {
  const lost = change("a", { operation: "delete", effect: effect("data loss") });
  const deleted = change("b", { operation: "delete", effect: effect("deletion") });
  const interrupted = change("c", { effect: effect("interruption") });
  const inPlace = change("d", { effect: effect("in place") });
  const created = change("e", { operation: "create" });
  const kept = change("f", { operation: "keep" });
  expect(titleOf(lost, lost, deleted, interrupted, inPlace)).toBe(
    "2 resources lose data, 1 is deleted",
  );
  expect(titleOf(deleted, other("x", "delete"))).toBe(
    "1 resource is deleted, 1 of other providers deleted or replaced",
  );
  expect(titleOf(interrupted, inPlace, created)).toBe("1 resource is interrupted");
  expect(titleOf(inPlace, created, other("x", "update"))).toBe(
    "1 resource changes in place, 1 is created, 1 of other providers changes",
  );
  expect(titleOf(other("x", "create"), other("y", "update"))).toBe("2 of other providers change");
  expect(titleOf(kept)).toBe("No changes");
  expect(titleOf()).toBe("No changes");
  expect(titleOf(change("g", { operation: "replace", effect: effect("none") }))).toBe(
    "No effect on data or service",
  );
  expect(titleOf(change("h", { operation: "replace" }), inPlace)).toBe(
    "1 resource is replaced with an unknown effect",
  );
});

test("a stack without a change is one line, alone too", () => {
  const source = markdown([explanation([])]);
  expect(source).toMatch(
    /^## No changes — `shop\/production`\n\n<sub>Reviewed as `f1\.[\w-]{22}`<\/sub>\n\n<!-- /,
  );
});

test("what it costs is shown where the price is known, and why where it is not", () => {
  const unknown = { note: "Citus Cloud publishes no prices" };
  const source = markdown([
    explanation([
      change("a", {
        operation: "create",
        cost: { before: 0, after: 1234.5, note: "without storage" },
      }),
      change("b", { operation: "delete", cost: { before: 35, after: 0 } }),
      change("c", { cost: { before: 35, after: 35 } }),
      change("d", { cost: unknown }),
      change("e", { operation: "keep" }),
    ]),
  ]);
  expect(source).toContain("is created. `$1,234.50` more per month (without storage).");
  expect(source).toMatch(/\*\*`b`\*\*.* `\$35\.00` less per month\.$/m);
  expect(source).toMatch(/\*\*`c`\*\* \(Formation, Citus Cloud\) is updated\.$/m);
  expect(source).toContain("Cost: not known, Citus Cloud publishes no prices.");
  expect(source).toContain(
    "**Cost:** `$1,199.50` more per month, not counting 1 resource whose cost is not known.",
  );
  expect(markdown([explanation([change("c")])])).not.toContain("Cost");
  expect(markdown([explanation([change("d", { cost: unknown })])])).toContain(
    "**Cost:** not known of 1 resource.",
  );
});

test("more properties than a line has room for are folded below it", () => {
  const properties = ["a", "b", "c", "d", "e"].map((name) => property(name, 1, 2));
  const source = markdown([explanation([change("x", { properties })])]);
  expect(source).toContain("`a` `1` → `2`, `b` `1` → `2`, `c` `1` → `2`, and 2 more.");
  expect(source).toContain("<summary>5 properties</summary>");
});

test("the line has the reasons of its properties; what only some have is folded below it", () => {
  const of = (...whys: (string | undefined)[]) =>
    markdown([
      explanation([
        change("x", {
          reasons: ["as a whole"],
          notes: ["said once", "said once"],
          properties: whys.map((why, at) => property(`p${at}`, 1, 2, { why })),
        }),
      ]),
    ]);
  expect(of("one", "one")).toContain("Why: as a whole; one.");
  expect(of("one", "one")).not.toContain("<details>");
  expect(of("one", "one").match(/Said once\./g)).toHaveLength(1);
  expect(of("one", undefined)).toContain("<summary>2 properties</summary>");
});

test("of what is deleted, the properties it had are listed once, and not in a text", () => {
  const gone = change("x", {
    operation: "delete",
    properties: [property("region", "us-east-1", undefined)],
  });
  expect(markdown([explanation([gone])])).toContain(
    "<tr><th>Property</th><th>Value</th></tr><tr><td><code>region</code></td><td><code>us-east-1</code></td></tr>",
  );
  expect(markdown([explanation([gone])])).not.toContain("not set");
  expect(text([explanation([gone])])).not.toContain("region");
});

test("a consequence that the heading has is not repeated", () => {
  const source = markdown([
    explanation([
      change("x", { effect: effect("in place", "changed in place, without interruption") }),
      change("y", { operation: "keep", effect: effect("none", "nothing changes") }),
    ]),
  ]);
  expect(source.match(/without interruption/gi)).toHaveLength(1);
  expect(source).not.toMatch(/nothing changes/i);
});

test("a message of many lines is one sentence, and folded below it", () => {
  const lines = Array.from(
    { length: 150 },
    (_, at) => `  at line ${at} of a program that is <not> short`,
  );
  const source = markdown([
    explanation([], { messages: [{ severity: "error", text: lines.join("\n") }], hasFailed: true }),
  ]);
  expect(source).toMatch(
    /\*\*Error\*\*: at line 0 of a program that is \\<not\\> short .* \(and 14\d more lines\)$/m,
  );
  expect(source).toContain(
    "at line 99 of a program that is &lt;not&gt; short&#10;… and 50 more lines</pre>",
  );
});

test("a footer and another name for the comment are what the user gives, escaped", () => {
  const source = markdown([explanation([])], {
    footer: "for @you at <b>1234567</b>",
    id: "second -->",
  });
  expect(source).toContain("<sub>for `@you` at `<b>1234567</b>`</sub>");
  expect(source).toMatch(/<!-- formations explain: second%20--%3E shop\/production=f1\.\S+ -->\n$/);
});

test("names and values of a megabyte take no room from the rest", () => {
  const big = "x@y #1 `".repeat(131_072);
  const of = explanation(
    [
      change(big, {
        effect: effect("interruption", big),
        reasons: [big],
        notes: [big],
        properties: [property(big, big, `${big}!`, { why: big })],
        messages: [{ severity: "error", text: `${"\n".repeat(1000)}${big}`, policy: big }],
      }),
    ],
    { project: big, stack: big },
  );
  const source = markdown([of], { footer: big });
  expect(source.length).toBeLessThan(12_000);
  expect(source).toContain("(1,048,576 characters)");
  expect(source).toContain("<details>");
  expect(differences(of, reviewedIn(source, of))).toEqual([]);
  expect(text([of]).length).toBeLessThan(8_000);
});

test("colours are for terminals only", () => {
  expect(text([everyKind()])).not.toContain("\u001b");
  const coloured = text([everyKind()], { colours: true });
  expect(coloured).toContain("\u001b[31m");
  expect(stripVTControlCharacters(coloured)).toBe(text([everyKind()]));
});

test("the JSON has a version, and says of each change whose it is", () => {
  const { version, stacks } = JSON.parse(
    json([inStack("dev", explanation([other("x", "create"), change("y")]))]),
  );
  expect(version).toBe(1);
  expect(stacks[0].counts).toEqual({ "in place": 1, others: 1 });
  expect(stacks[0].changes.map((one: { resource?: string }) => one.resource)).toEqual([
    undefined,
    "Formation",
  ]);
});

test("what a refused change would do is not said as if it happened", () => {
  const lost = { operation: "refuse", effect: effect("data loss", "its data is lost") } as const;
  expect(markdown([explanation([change("events", lost)])])).toContain(
    "is refused. **If it were carried out: its data is lost.**",
  );
});
