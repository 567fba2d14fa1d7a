import { stripVTControlCharacters } from "node:util";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { hasColours, styled } from "../../../cli/terminal/colour.ts";
import { sentencesIn, widthOf } from "../../../cli/terminal/layout.ts";
import { drawTable } from "../../../cli/terminal/table.ts";
import { inUtc, inUtcIfTime, zoned } from "../../../cli/terminal/time.ts";
import { tableWidth, textWidth } from "../../../cli/terminal/width.ts";

beforeEach(() => {
  for (const name of ["NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS"]) vi.stubEnv(name, undefined);
  return () => void vi.unstubAllEnvs();
});

describe("colours", () => {
  test.each([
    [true, {}, true],
    [false, {}, false],
    [true, { TERM: "xterm-256color" }, true],
    [true, { TERM: "dumb" }, false],
    [true, { NO_COLOR: "1" }, false],
    // The convention is about a variable that is not empty.
    [true, { NO_COLOR: "" }, true],
    [false, { FORCE_COLOR: "1" }, true],
    [false, { FORCE_COLOR: "" }, true],
    [true, { FORCE_COLOR: "0" }, false],
    [true, { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
  ])("on a terminal: %s, with %j: %s", (isTTY, environment, expected) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    expect(hasColours({ isTTY })).toBe(expected);
  });
});

describe("widths", () => {
  test("are those of the terminal, else of COLUMNS, else 80", () => {
    expect([tableWidth({ columns: 200 }), textWidth({ columns: 200 })]).toEqual([200, 100]);
    for (const columns of [undefined, 0]) expect(tableWidth({ columns })).toBe(80);
    expect(textWidth({})).toBe(80);
    vi.stubEnv("COLUMNS", "132");
    expect([tableWidth({}), textWidth({}), tableWidth({ columns: 60 })]).toEqual([132, 100, 60]);
    vi.stubEnv("COLUMNS", "many");
    expect(tableWidth({})).toBe(80);
  });
});

describe("a table", () => {
  const id = "0123456789abcdef0123456789a";
  const rows = [
    [id, "a sentence that is long enough to be broken", "ok"],
    ["注文", "short", "overdue"],
  ];

  test.each([52, 60, 80])("fits %i columns, and breaks no ID", (width) => {
    const lines = drawTable(["ID", "what", "state"], rows, { width, whole: [0] }).split("\n");
    expect(new Set(lines.map(widthOf)).size).toBe(1);
    expect(widthOf(lines[0] ?? "")).toBeLessThanOrEqual(width);
    expect(lines.join("\n")).toContain(`│ ${id} │`);
  });

  test("that has no room for a whole ID is broken everywhere", () => {
    const lines = drawTable(["ID", "what", "state"], rows, { width: 34, whole: [0] }).split("\n");
    for (const line of lines) expect(widthOf(line)).toBe(34);
  });

  test("that has no room for its columns is a list", () => {
    expect(drawTable(["ID", "what", "state"], rows, { width: 30, whole: [0] })).toBe(
      [
        "ID:",
        `  ${id}`,
        ...["what: a sentence that is long", "  enough to be broken"],
        ...["state: ok", "", "ID: 注文", "what: short", "state: overdue"],
      ].join("\n"),
    );
  });

  test("is as wide in colours as without", () => {
    const style = (text: string) => (text === "overdue" ? styled("red", text) : text);
    const plain = drawTable(["ID", "what", "state"], rows, { width: 60 });
    const coloured = drawTable(["ID", "what", "state"], rows, { width: 60, style });
    expect(coloured).toContain("\u001b[31moverdue\u001b[39m");
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });
});

test.each(["⭐", "⬛", "文", "🚀", "⌚"])("%s takes two columns", (character) => {
  expect(widthOf(character)).toBe(2);
});

test("sentences break between words, but not within a command, nor where a line is one", () => {
  const text =
    "Run `pulumi stack select dev`. Then:\n\n  formations recover --adopt web=shop/web --yes\n";
  expect(sentencesIn(text, 20)).toBe(
    "Run\n`pulumi stack select dev`.\nThen:\n\n  formations recover --adopt web=shop/web --yes\n",
  );
});

describe("a time", () => {
  const ms = Date.parse("2026-11-23T02:00:00Z");

  test("is shown in its zone, beside UTC", () => {
    expect(zoned(ms, "Europe/Berlin")).toBe("2026-11-23 03:00 Europe/Berlin (02:00 UTC)");
    expect(zoned(ms, "America/New_York")).toBe(
      "2026-11-22 21:00 America/New_York (2026-11-23 02:00 UTC)",
    );
    expect(zoned(ms, "UTC")).toBe("2026-11-23 02:00 UTC");
  });

  test("has seconds only where there are any", () => {
    expect([inUtc(ms), inUtc(ms + 5_000)]).toEqual([
      "2026-11-23 02:00 UTC",
      "2026-11-23 02:00:05 UTC",
    ]);
  });

  test("that a server does not give in a form that can be read stays as it is", () => {
    expect(inUtcIfTime("2026-11-23T03:00:00+01:00")).toBe("2026-11-23 02:00 UTC");
    expect(inUtcIfTime("yesterday")).toBe("yesterday");
  });
});
