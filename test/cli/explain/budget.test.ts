import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Explanation, ResourceChange } from "../../../cli/explain/model.ts";
import { LengthTooSmall } from "../../../cli/explain/output/budget.ts";
import { leastLength, markdown } from "../../../cli/explain/output/markdown.ts";
import { effectKinds } from "../../../provider/resource/plan-rules.ts";
import { isExhaustive } from "../../support/exhaustive.ts";
import { change, effect, explanation, inStack, other, property } from "./builder.ts";
import { everyKind, threeStacks } from "./examples.ts";

const anyText = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: "binary", minLength: 150, maxLength: 400 }),
);

const anyChange: fc.Arbitrary<ResourceChange> = fc
  .record({
    name: anyText,
    kind: fc.constantFrom(...effectKinds, undefined),
    operation: fc.constantFrom(
      ...(["create", "replace", "update", "delete", "abandon", "keep", "refuse"] as const),
    ),
    isOurs: fc.boolean(),
    texts: fc.array(anyText, { maxLength: 3 }),
    values: fc.array(fc.tuple(anyText, fc.jsonValue(), fc.jsonValue()), { maxLength: 6 }),
  })
  .map(({ name, kind, operation, isOurs, texts, values }) =>
    isOurs
      ? change(name, {
          operation,
          effect: kind && effect(kind, "an effect"),
          reasons: texts,
          properties: values.map(([key, from, to]) => property(key, from, to, { why: texts[0] })),
          messages: texts.map((text) => ({ severity: "warning" as const, text })),
        })
      : other(name, operation),
  );

const anyExplanations: fc.Arbitrary<Explanation[]> = fc.array(
  fc
    .record({
      stack: anyText,
      project: anyText,
      changes: fc.array(anyChange, { maxLength: 12 }),
      hasFailed: fc.boolean(),
      messages: fc.array(
        anyText.map((text) => ({ severity: "error" as const, text })),
        { maxLength: 5 },
      ),
    })
    .map(({ changes, ...more }) => explanation(changes, more)),
  { minLength: 1, maxLength: 6 },
);

/** The lines that a text has for lack of room. */
const shorter = /not listed here|^- (?:and )?`|^Nothing more is listed|No changes in|^<!--/;

describe("a text with a longest length", () => {
  test("is never longer, has all counts, and no line that is cut", () => {
    fc.assert(
      fc.property(
        anyExplanations,
        fc.integer({ min: leastLength, max: 30_000 }),
        (explanations, maxLength) => {
          const whole = markdown(explanations, { maxLength: 100_000_000 });
          const short = markdown(explanations, { maxLength });
          expect(short.length).toBeLessThanOrEqual(maxLength);
          if (whole.length <= maxLength) expect(short).toBe(whole);
          const lines = new Set(whole.split("\n"));
          const headlines = explanations.length > 1 ? /^- `.*`: / : /^$/;
          expect(
            short
              .split("\n")
              .filter((line) => !lines.has(line) && !shorter.test(line) && !headlines.test(line)),
          ).toEqual([]);
          expect(short.split("\n").slice(0, 5)).toEqual(whole.split("\n").slice(0, 5));
          expect(short.match(/<details>/g)?.length).toBe(short.match(/<\/details>/g)?.length);
        },
      ),
      { seed: 2, numRuns: isExhaustive ? 400 : 30, endOnFailure: true },
    );
  });

  test.each([leastLength, 5_000, 6_000, 8_000, 12_000])(
    "%d: details go first, then the least severe",
    (maxLength) => {
      const many = Array.from({ length: 200 }, (_, at) =>
        change(`small-${at}`, { properties: [property("nodeCount", 1, 2, { why: "because" })] }),
      );
      const source = markdown([explanation([...everyKind().changes, ...many])], { maxLength });
      expect(source).toContain("🟢 202 change in place");
      expect(source).toContain("- **`events`** (Formation, Citus Cloud) is replaced");
      const hasDetails = (name: string) =>
        new RegExp(`\\*\\*\`${name}\`.*\\n(?:  - .*\\n)*  <details>`).test(source);
      if (hasDetails("small-0")) expect(hasDetails("events")).toBe(true);
      if (source.includes("**`small-0`**")) expect(source).toContain("**`web`**");
    },
  );

  test("10,000 resources: those that lose data by line, the rest as names and counts", () => {
    const many = Array.from({ length: 10_000 }, (_, at) =>
      change(`database-${at}`, {
        effect: effect("in place"),
        properties: [property("nodeCount", 1, 2)],
      }),
    );
    const gone = Array.from({ length: 10 }, (_, at) =>
      change(`gone-${at}`, { operation: "delete", effect: effect("data loss", "it is gone") }),
    );
    const source = markdown([explanation([...gone, ...many])]);
    expect(source.length).toBeLessThanOrEqual(65_000);
    expect(source.length).toBeGreaterThan(60_000);
    expect(source.match(/^- \*\*`gone-\d+`/gm)).toHaveLength(10);
    expect(source).toContain("🟢 10,000 change in place");
    expect(source).toMatch(/^- and [\d,]+ more, not listed here/m);
  });

  test("hundreds of stacks become lines, then a count, and each total stays", () => {
    const stacks = Array.from({ length: 300 }, (_, at) => inStack(`stack-${at}`, everyKind()));
    const source = markdown(stacks, { maxLength: 8_000 });
    expect(source.length).toBeLessThanOrEqual(8_000);
    expect(source).toContain("🔴 600 lose data");
    expect(source).toMatch(/^- [\d,]+ more stacks, not listed here/m);
    expect(source).toMatch(/<!-- formations explain: shop -->\n$/);
  });

  test("without room for the long fingerprints, the short ones are kept", () => {
    const many = Array.from({ length: 49 }, (_, at) =>
      change(`a-${"x".repeat(90)}-${at}`, { operation: "create" }),
    );
    const source = markdown([explanation(many)], { maxLength: 5_000 });
    expect(source).toMatch(/<!-- formations explain: shop shop\/production=f1\.[\w-]{22} -->/);
  });
});

test.each([0, leastLength - 1, Number.NaN])("a longest length of %d is refused", (maxLength) => {
  expect(() => markdown(threeStacks(), { maxLength })).toThrow(LengthTooSmall);
});
