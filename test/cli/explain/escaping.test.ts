import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Explanation } from "../../../cli/explain/model.ts";
import { markdown } from "../../../cli/explain/output/markdown.ts";
import { text } from "../../../cli/explain/output/text.ts";
import { isExhaustive } from "../../support/exhaustive.ts";
import { change, effect, explanation, other, property } from "./builder.ts";
import { rendered } from "./rendered.ts";

/** An explanation that has a text everywhere where a preview or a server may put one. */
function full(of: string): Explanation {
  return explanation(
    [
      change("refused", { operation: "refuse", reasons: [of], name: of }),
      change("database", {
        operation: "replace",
        effect: effect("data loss", `it was ${of}`),
        reasons: ["a reason", of],
        properties: [
          property(of, "one", of),
          property("second", of, ["a", of], { why: of, effect: effect("none", of) }),
        ],
        notes: [of],
        messages: [
          { severity: "error", text: `it says ${of}` },
          { severity: "warning", text: `it says ${of}`, policy: of },
        ],
      }),
      change("secret", {
        of: "AntflySecret",
        properties: [property("x", { [of]: of }, undefined)],
      }),
      { ...other("foreign", "replace", of), name: of },
    ],
    {
      project: of,
      stack: of,
      messages: [
        { severity: "error", text: `it says ${of}` },
        { severity: "info", text: `it says ${of}`, policy: of },
      ],
    },
  );
}

/** What breaks out of Markdown and HTML, mentions, links, hides or commands, alone and in mixtures. */
const bits = [
  ..."`*_~[]()<>#|\\!&$^:@-+=./ 1".split(""),
  ...[
    "``",
    "```",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "    ",
    "<!--",
    "-->",
    "--!>",
    "</details>",
    "</code>",
  ],
  ...[
    "<img src=x onerror=alert(1)>",
    "<script>",
    "<pre>",
    "</pre>",
    "&lt;",
    "&#64;",
    "&amp;",
    "\\|",
    "\\\\|",
  ],
  ...["@octocat", "@org/team", "#123", "GH-1", "octo/repo#7", "!42", "~bug", "%3", "&5", ":tada:"],
  ...[
    "https://example.com",
    "www.example.com",
    "mailto:a@b.example",
    "a@b.example",
    "[x](y)",
    "![x](y)",
    "[x]: y",
  ],
  ...[
    "deadbeef1",
    "$x$",
    "$$",
    "$`x`$",
    "/close",
    "- [ ] x",
    "1. x",
    "# x",
    "> x",
    "---",
    "===",
    "[^1]",
    "[[x]]",
  ],
  ...[
    "\u202e",
    "\u2066",
    "\u200b",
    "\u00a0",
    "\u00ad",
    "\ufeff",
    "\u2028",
    "\u0000",
    "\u001b[31m",
    "\u{e0041}",
    "\ud800",
  ],
  ...["##[error]x", "##vso[task.complete]", "::error::x", "é", "日本", "👩‍👩‍👧"],
];

const nasty = fc
  .array(fc.oneof(fc.constantFrom(...bits), fc.string({ unit: "binary", maxLength: 5 })), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.join("").slice(0, 60))
  .filter((one) => /\S/.test(one));

const allowed = new Set([
  ...["h2", "h3", "h4", "p", "ul", "li", "code", "strong", "b", "sub", "pre"],
  ...["details", "summary", "table", "tbody", "tr", "th", "td"],
]);

/** What GitHub or GitLab makes something of in text that is not code. */
const links =
  /(?:^|\W)@\w|#\d|\bGH-\d|https?:\/\/|\bwww\.|\w@\w|:\w+:|(?:^|\s)[!%~&]\w|\$|\b(?=[a-f]*\d)[0-9a-f]{7,40}\b/i;

describe("no value becomes markup", () => {
  const plain = rendered(markdown([full("plain")])).skeleton;

  test.each(bits.filter((one) => /\S/.test(one)))("%j", (bit) => {
    demandHarmless(bit, plain);
  });

  test("mixtures of all of them", () => {
    fc.assert(
      fc.property(nasty, (one) => demandHarmless(one, plain)),
      { seed: 1, numRuns: isExhaustive ? 1500 : 100, endOnFailure: true },
    );
  });
});

function demandHarmless(of: string, plain: string): void {
  const source = markdown([full(of)]);
  const { elements, attributes, text: texts, code, comments, skeleton } = rendered(source);
  expect([...elements].filter((name) => !allowed.has(name))).toEqual([]);
  expect([...attributes].filter((name) => name !== "colspan")).toEqual([]);
  expect(skeleton).toBe(plain);
  expect(comments).toEqual([expect.stringMatching(/^ formations explain: \S+( \S+)+ $/)]);
  expect(texts.filter((one) => links.test(one))).toEqual([]);
  expect(source.split("\n").filter((line) => /^\s*(?:\/|::)/.test(line))).toEqual([]);
  expect(source).not.toMatch(/##\w*\[/);
  expect(source).not.toMatch(invisible);
  // The second property's new value is a list, so it is shown as JSON, with what can't be seen escaped.
  expect(code.map(unescaped)).toContain(JSON.stringify(["a", of]));
}

const invisible = /[\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u00a0]|(?!\n)\p{Cc}/u;

/** What the escapes of invisible characters stand for, which are the same as JSON's or like them. */
function unescaped(shown: string): string {
  return shown.replaceAll(
    /(?<!\\)((?:\\\\)*)\\u(?:\{(\w+)\}|([\da-f]{4}))/g,
    (whole, before: string, long?: string, short?: string) => {
      const one = String.fromCodePoint(Number.parseInt(long ?? short ?? "", 16));
      return JSON.stringify(one) === `"${one}"` ? `${before}${one}` : whole;
    },
  );
}

test("a value is shown as it is, whatever is in it", () => {
  const shown = (one: unknown) => {
    const source = markdown([
      explanation([change("x", { properties: [property("p", one, "end")] })]),
    ]);
    return rendered(source).code[4];
  };
  expect(shown("a|b `c` *d*")).toBe("a|b `c` *d*");
  expect(shown("``` x")).toBe("``` x");
  expect(shown("`")).toBe("`");
  expect(shown("16")).toBe('"16"');
  expect(shown(16)).toBe("16");
  expect(shown("null")).toBe('"null"');
  expect(shown(null)).toBe("null");
  expect(shown("")).toBe('""');
  expect(shown(" a ")).toBe('" a "');
  expect(shown("a  b")).toBe('"a \\u0020b"'.replace(" \\u0020", "\\u0020 "));
  expect(shown("a\nb")).toBe('"a\\nb"');
  expect(shown("user\u202etxt.exe")).toBe('"user\\u202etxt.exe"');
  expect(shown({ b: [1], a: "x" })).toBe('{"b":[1],"a":"x"}');
});

test("a secret is shown on neither side, an unknown and an absent value by words", () => {
  const source = markdown([
    explanation([
      change("x", {
        properties: [
          { property: "a", from: { kind: "secret" }, to: { kind: "value", value: "hunter2" } },
          {
            property: "b",
            from: { kind: "value", value: "hunter2" },
            to: { kind: "secret" },
            mayDiffer: true,
          },
          { property: "c", from: { kind: "absent" }, to: { kind: "unknown" } },
        ],
      }),
    ]),
  ]);
  expect(source).toContain(
    "`a` changed, secret, `b` may have changed, secret, `c` not set → not known yet",
  );
  expect(source).not.toContain("hunter2");
});

test("a value that is sent again is shown once", () => {
  const source = markdown([
    explanation([change("x", { properties: [property("quantity", 4, 4)] })]),
  ]);
  expect(source).toContain("`quantity` `4` (sent again).");
});

test("a long value is shortened in the middle, with its length, and shows where it differs", () => {
  const long = (middle: string) => `${"a".repeat(600_000)}${middle}${"\u202e".repeat(448_572)}zzzz`;
  const source = markdown([
    explanation([change("x", { properties: [property("p", long("OLD"), long("NEW!"))] })]),
  ]);
  expect(source).toMatch(
    /(?:`"?a{40,50}`) … `a{10}OLD(\\u202e)+` … `(\\u202e)+zzzz"?` \(1,\d{3},\d{3} characters\)/,
  );
  expect(source).toContain("a".repeat(10).concat("NEW!"));
  expect(source.length).toBeLessThan(4000);
  expect(source).not.toMatch(/\\u202(?!e)|\\u20(?!2)|\\u2(?!0)/);
});

test("a value with line breaks is not shortened within one of them", () => {
  for (const start of ["", "a", "ab"]) {
    const source = markdown([
      explanation([
        change("x", { properties: [property("p", "short", `${start}${"\n".repeat(300)}`)] }),
      ]),
    ]);
    const parts = rendered(source).code.filter((part) => part.includes("\\n"));
    expect(parts).toEqual(
      [
        expect.stringMatching(/^"a?b?(?:\\n){20,}$/),
        expect.stringMatching(/^(?:\\n){20,}$/),
        expect.stringMatching(/^(?:\\n){8,}"$/),
      ].filter((_, at) => at !== 1 || parts.length === 3),
    );
  }
});

test("two pieces of code in a row stay two", () => {
  const source = markdown([explanation([change("x", { notes: ["run `a``b`", "`a@b`c@d"] })])]);
  expect(rendered(source).code.filter((one) => /^[abcd@]+$/.test(one))).toEqual([
    ...["a", "b", "a@b", "c@d"],
  ]);
});

test("a text for a terminal has no control character, and no command of a CI system", () => {
  const shown = text([full("\u001b[31m ::error::x ##[group] \u202e\nend")]);
  expect(shown.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(shown).not.toMatch(/^\s*::|##\[/m);
});
