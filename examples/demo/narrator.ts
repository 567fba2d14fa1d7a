import { styleText } from "node:util";

/** Columns that a rule takes, and text where the terminal has no width. */
const width = 90;
let chapters = 0;

/** What the demo says between the commands. */
export const say = {
  line: (text: string) => console.log(text),
  /** A command, as you would type it. */
  command: (text: string) => console.log(styleText("bold", `$ ${text}`)),
  /** A remark on what was just shown. */
  aside: (text: string) => console.log(`\n${styleText("green", wrapped(text))}\n`),
};

/** Breaks a text between words; further lines begin with the indent. */
export function wrapped(text: string, indent = ""): string {
  const room = (process.stdout.columns ?? width) - indent.length;
  const line = new RegExp(`(.{1,${Math.max(room, 20)}})(?: |$)`, "g");
  const lines = [...text.matchAll(line)].map(([, words = ""]) => words);
  return lines.join(`\n${indent}`);
}

/** Begins a part, and says what to look at. */
export function chapter(title: string, ...lookAt: string[]): void {
  chapters += 1;
  const head = `── ${chapters}  ${title} `;
  console.log(`\n${styleText(["bold", "cyan"], head.padEnd(width, "─"))}`);
  for (const line of lookAt) console.log(line);
  console.log("");
}
