import { descriptionOf, type Page } from "./pages.ts";

/** The page whose sections are error codes. */
const source = "docs/troubleshooting.md";

/** A heading that is an error code and nothing else. */
const codeHeading = /^(#{2,3}) `?([A-Z]+(?:_[A-Z]+)*)`?$/;

/** Where the page of an error code is. */
export function errorId(code: string): string {
  return `errors/${code.toLowerCase()}`;
}

/**
 * The page on troubleshooting without its sections on error codes, and a page for each of these, so that
 * each code has an address and is a result of its own in a search. Any other page stays whole.
 */
export function splitErrors(page: Page): Page[] {
  if (page.source !== source) return [page];
  const kept: string[] = [];
  const errors: { code: string; level: number; lines: string[] }[] = [];
  let current: (typeof errors)[number] | undefined;
  for (const { line, isCode } of linesOf(page.body)) {
    const level = isCode ? 0 : (/^(#+) /.exec(line)?.[1]?.length ?? 0);
    const [, , code] = (!isCode && codeHeading.exec(line)) || [];
    if (code !== undefined) {
      current = { code, level, lines: [] };
      errors.push(current);
    } else {
      if (current && level > 0 && level <= current.level) current = undefined;
      const raised = current && level > 0 ? line.slice(current.level - 1) : line;
      (current?.lines ?? kept).push(raised);
    }
  }
  return [
    { ...page, body: kept.join("\n").trim() },
    ...errors.map(({ code, lines }) => {
      const body = lines.join("\n").trim();
      const description = descriptionOf(body.replace("**What it means.** ", ""));
      return { id: errorId(code), source, title: code, description, body };
    }),
  ];
}

/** The lines of Markdown, and whether each is in a block of code. */
function linesOf(markdown: string): { line: string; isCode: boolean }[] {
  let fence: string | undefined;
  return markdown.split("\n").map((line) => {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    const isCode = fence !== undefined || mark !== undefined;
    if (fence === undefined) fence = mark;
    else if (mark?.startsWith(fence)) fence = undefined;
    return { line, isCode };
  });
}
