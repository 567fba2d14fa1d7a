import { openSync, writeSync } from "node:fs";
import { counted } from "../../provider/process/counted";
import type { ListedSystem, SimulationOptions } from "../../simulators/index.js";
import { fail } from "../say";
import { exportLines, type Variables } from "./environment";
import { SimulationFailed } from "./errors";

/** Says where what is simulated can be reached, for somebody who then works in another shell. */
export function startText(
  systems: readonly ListedSystem[],
  variables: Variables,
  speed: number,
): string {
  const width = Math.max(...systems.map(({ name }) => name.length));
  const served = systems.map(({ name, url, things }) => {
    return `  ${name.padEnd(width)}  ${url}  ${contentsOf(things)}`;
  });
  return [
    "Simulated, on this machine only:",
    ...served,
    "",
    "Another shell takes part after these lines:",
    ...exportLines(variables),
    "",
    "Use a stack that has nothing real: a run writes to its state.",
    "`formations simulate list` shows what exists, `formations simulate drift --help`",
    `says how to change it. Time runs ${speed} times as fast. Ctrl-C ends it all.`,
  ].join("\n");
}

/** `1 cluster, 4 apps`. */
function contentsOf(things: ListedSystem["things"]): string {
  const counts = new Map<string, number>();
  for (const { kind } of things) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const parts = [...counts].map(([kind, count]) => counted(count, kind));
  return parts.join(", ") || "nothing yet";
}

/** What exists, by system, in lines that a terminal of 80 columns has room for. */
export function listText(systems: readonly ListedSystem[]): string {
  return systems
    .flatMap(({ name, url, isDown, things }) => [
      `${name}  ${url}${isDown ? "  (down)" : ""}${things.length === 0 ? "  nothing" : ""}`,
      ...things.flatMap(({ kind, name: own, ...rest }) => [
        `  ${kind}/${own}`,
        ...wrapped(wordsOf(rest)).map((line) => `      ${line}`),
      ]),
    ])
    .join("\n");
}

function wordsOf({ id, values }: Pick<ListedSystem["things"][number], "id" | "values">): string[] {
  return Object.entries({ ...values, id })
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
}

/** Words in lines of up to 72 characters, unless one is longer. */
function wrapped(words: readonly string[]): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 72) lines.push(`${lines.pop()} ${word}`);
    else lines.push(word);
  }
  return lines;
}

/**
 * Writes a line per request, without headers or bodies, which may have credentials.
 *
 * @param to a file, which is added to; `-`: standard error
 * @throws SimulationFailed if the file can't be written; if that fails later, a message says so, once
 */
export function requestLog(to: string): NonNullable<SimulationOptions["onRequest"]> {
  const write = to === "-" ? (line: string) => void process.stderr.write(line) : fileLog(to);
  return (system, { at, method, path, query, status }) => {
    const search = new URLSearchParams(query).toString();
    const target = search === "" ? path : `${path}?${search}`;
    write(`${new Date(at).toISOString()} ${system} ${method} ${target} ${status}\n`);
  };
}

function fileLog(path: string): (line: string) => void {
  const failure = (error: unknown) => `The log can't be written: ${(error as Error).message}`;
  let file: number | undefined;
  try {
    file = openSync(path, "a");
  } catch (error) {
    throw new SimulationFailed(failure(error));
  }
  return (line) => {
    try {
      if (file !== undefined) writeSync(file, line);
    } catch (error) {
      file = undefined;
      fail(failure(error));
    }
  };
}
