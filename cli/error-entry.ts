/**
 * The entry of an error code in the page of troubleshooting; undefined: it has none.
 *
 * @param page the page's text, where each code is a heading
 * @param name the code, also in lower case or with hyphens: `no-answer`
 */
export function entryOf(page: string, name: string): string | undefined {
  const heading = `## ${name.toUpperCase().replaceAll("-", "_")}\n`;
  const sections = page.split(/^(?=## )/m);
  return sections.find((section) => section.startsWith(heading))?.trimEnd();
}

/** The error codes that have an entry in the page. */
export function codesIn(page: string): string[] {
  return [...page.matchAll(/^## ([A-Z][A-Z_]+)$/gm)].map(([, code = ""]) => code);
}
