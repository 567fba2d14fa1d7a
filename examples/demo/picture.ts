import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";

/*
 * Draws what a terminal shows of a run, for the documentation, or one chapter of it:
 *   FORCE_COLOR=1 npm run --silent demo > recorded.txt
 *   node examples/demo/picture.ts < recorded.txt > docs/demo.svg
 *   node examples/demo/picture.ts --chapter 2 < recorded.txt > docs/preview.svg
 */

const columns = 100;
const fontSize = 13;
const characterWidth = 7.83;
const lineHeight = 18;
const margin = 16;

/** The terminal's sixteen colours, on a dark ground. */
const ground = "#161b22";
const plain = "#d1d5da";
const palette = [
  ...["#484f58", "#ff7b72", "#56d364", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#d1d5da"],
  ...["#6e7681", "#ffa198", "#7ee787", "#f2cc60", "#a5d6ff", "#e2c5ff", "#b3f0ff", "#ffffff"],
];

interface Look {
  colour: string;
  isBold: boolean;
}

interface Run extends Look {
  text: string;
}

/** A line's runs, each of one look; `look` becomes what the line leaves on. */
function runsOf(line: string, look: Look): Run[] {
  const runs: Run[] = [];
  const [before = "", ...parts] = line.split("\u001b[");
  if (before !== "") runs.push({ ...look, text: before });
  for (const part of parts) {
    const [sequence = "", codes = ""] = /^([\d;]*)m/.exec(part) ?? [];
    apply(codes.split(";").map(Number), look);
    const text = part.slice(sequence.length);
    if (text !== "") runs.push({ ...look, text });
  }
  return runs;
}

function apply(codes: number[], look: Look): void {
  const [code = 0, , index = 0] = codes;
  if (code === 0) Object.assign(look, { colour: plain, isBold: false });
  else if (code === 1) look.isBold = true;
  else if (code === 22) look.isBold = false;
  else if (code === 38) look.colour = palette[index] ?? plain;
  else if (code === 39) look.colour = plain;
  else if (code >= 30 && code <= 37) look.colour = palette[code - 30] ?? plain;
}

/** Breaks a line where the terminal does. */
function wrapped(runs: readonly Run[]): Run[][] {
  const lines: Run[][] = [[]];
  let used = 0;
  for (const run of runs) {
    let rest = run.text;
    while (rest !== "") {
      const piece = rest.slice(0, columns - used);
      lines.at(-1)?.push({ ...run, text: piece });
      rest = rest.slice(piece.length);
      used += piece.length;
      if (used < columns) continue;
      used = 0;
      if (rest !== "") lines.push([]);
    }
  }
  return lines;
}

function draw(run: Run): string {
  const escaped = run.text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const fill = run.colour === plain ? "" : ` fill="${run.colour}"`;
  const weight = run.isBold ? ' font-weight="bold"' : "";
  return fill || weight ? `<tspan${fill}${weight}>${escaped}</tspan>` : escaped;
}

/** One chapter of a recording, without its title. */
function chapterOf(recorded: string, number: string): string {
  const [, ...chapters] = recorded.split(/^\S*── /m);
  const chapter = chapters.find((one) => one.startsWith(`${number} `));
  if (chapter === undefined) throw new Error(`The recording has no chapter ${number}.`);
  return chapter.slice(chapter.indexOf("\n") + 1).trim();
}

const look: Look = { colour: plain, isBold: false };
const { values } = parseArgs({ options: { chapter: { type: "string" } } });
const recorded = (await text(process.stdin)).trim();
const shown = values.chapter === undefined ? recorded : chapterOf(recorded, values.chapter);
const lines = shown.split("\n").flatMap((line) => wrapped(runsOf(line, look)));
const width = Math.ceil(columns * characterWidth + 2 * margin);
const height = lines.length * lineHeight + 2 * margin;
console.log(
  [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    "<title>npm run demo, as a terminal shows it</title>",
    // Indentation: browsers collapse blanks in each text, whatever the group says.
    "<style>text { white-space: pre }</style>",
    `<rect width="100%" height="100%" rx="8" fill="${ground}"/>`,
    `<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="${fontSize}" fill="${plain}">`,
    ...lines.map((runs, index) => {
      const y = margin + (index + 0.75) * lineHeight;
      return `<text x="${margin}" y="${y}">${runs.map(draw).join("")}</text>`;
    }),
    "</g>",
    "</svg>",
  ].join("\n"),
);
