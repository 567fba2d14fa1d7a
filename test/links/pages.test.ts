import { expect, test } from "vitest";
import { isExternal, linked, linkedIn, pages, problemOf } from "./pages.ts";

test.each(pages)("every link of %s leads somewhere", (page) => {
  const inside = linkedIn(page).links.filter((link) => !isExternal(link));

  expect(inside.flatMap((link) => problemOf(page, link) ?? [])).toEqual([]);
});

test("links are found in every form, and not in code", () => {
  const { links } = linked(`
[a](one.md) [b](two.md "title") ![c](three.svg) [d][e] <img src="four.png"> \`[f](no.md)\`

| table |
| --- |
| [g](five.md#x) |

[e]: six.md
`);

  expect(links).toEqual(["one.md", "two.md", "three.svg", "six.md", "four.png", "five.md#x"]);
});

test("headings have the anchors that GitHub gives them", () => {
  const { anchors } = linked(
    '# What `it` is, in [one](a.md)\n\n## Same\n\n## Same\n\n<a id="own"></a>\n',
  );

  expect(anchors).toEqual(["what-it-is-in-one", "same", "same-1", "own"]);
});

test("a link to a file or a heading that is not there is found", () => {
  expect(problemOf("docs/plan.md", "gone.md")).toBe("docs/plan.md: gone.md: no such file");
  expect(problemOf("docs/plan.md", "../README.md#gone")).toBe(
    "docs/plan.md: ../README.md#gone: no such heading",
  );
  expect(problemOf("docs/plan.md", "../README.md#try-it")).toBe(undefined);
});
