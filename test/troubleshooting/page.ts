import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../build/repository.ts";

/** What the page says of an error code. */
export interface Entry {
  code: string;
  /** A message with this code; empty: none. */
  message: string;
  /** Its questions, in order: `What it means.` */
  questions: string[];
  /** How many steps it has. */
  steps: number;
  /** Whether it says what `formations doctor` shows. */
  namesDoctor: boolean;
  /** The answer to the question whether anything was changed. */
  changed: string;
}

const page = readFileSync(join(repository, "docs/troubleshooting.md"), "utf8");

/** The entries of the page of errors, in its order. */
export const entries: readonly Entry[] = page.split(/^(?=## )/m).flatMap((section) => {
  const [, code] = /^## ([A-Z][A-Z_]+)\n/.exec(section) ?? [];
  return code === undefined ? [] : [entryOf(code, section)];
});

function entryOf(code: string, section: string): Entry {
  const quoted = [...section.matchAll(/^> (.+)$/gm)].map(([, line = ""]) => line);
  const questions = [...section.matchAll(/\*\*([^*]+[.?])\*\*/g)].map(([, text = ""]) => text);
  const steps = [...section.matchAll(/^\d+\. /gm)].length;
  const [, changed = ""] = /\*\*Was anything changed\?\*\* (.+?) \*\*/.exec(section) ?? [];
  const namesDoctor = section.includes("`formations doctor`");
  return { code, message: quoted.join("\n"), questions, steps, namesDoctor, changed };
}

const [, lists = ""] = /^## Error codes\n([\s\S]*?)^## /m.exec(page) ?? [];

/** The codes that the lists before the entries link to. */
export const listed: readonly string[] = [...lists.matchAll(/\[([A-Z_]+)\]\(#[a-z_]+\)/g)].map(
  ([, code = ""]) => code,
);

/** A message with the same ports, IDs, times and folders in every run, as the page has it. */
export function settled(message: string): string {
  return message
    .replaceAll(/\/\S*formations-test-\w+\//g, "")
    .replace(/(Pages: \w+), .*? (Commands: \w+), .*?\. /, "$1, … $2, …. ")
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:8080")
    .replaceAll(/\b[a-z2-7]{26}\b/g, "rvf73a77ozfsvcttryebfrnlem")
    .replaceAll(/\b[0-9a-f]{27}\b/g, "0fbed5229fa967219e46d2c9434")
    .replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/g, "2026-03-01T09:00:00.000Z")
    .replaceAll(/\b\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d+Z/g, "2026-03-01T09-00-00-000Z");
}
