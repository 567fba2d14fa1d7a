import type { Fault, FaultKind } from "../kit/fault.ts";
import { literally } from "./pattern.ts";
import { SimulationProblem } from "./problem.ts";

/** A fault as a person orders it. */
export interface FaultOrder {
  /** As it was written. */
  text: string;
  /** The system that it strikes. Default: whichever gets such a request. */
  system?: string;
  fault: Fault;
}

/** What a message says of the grammar. */
const grammar =
  "A fault is [SYSTEM] METHOD PATH: WHAT [HOW OFTEN], such as `POST /clusters/*/replicas: lost once`. " +
  "WHAT is lost, reset, hang, slow, delay 5s or status 503 [BODY]; " +
  "HOW OFTEN is once, twice, 3 times or always";

const shape =
  /^(?:(?<system>[a-z]+)\s+)?(?<method>GET|POST|PUT|PATCH|DELETE|\*)\s+(?<path>\/\S*?):\s+(?<rest>.+)$/s;

/**
 * Reads a fault.
 *
 * @param systems those that are simulated.
 * @throws SimulationProblem with the grammar.
 */
export function parseFault(text: string, systems: readonly string[]): FaultOrder {
  const refuse = (why: string) => new SimulationProblem(`The fault "${text}" ${why}. ${grammar}.`);
  const { system, method = "", path = "", rest = "" } = shape.exec(text.trim())?.groups ?? {};
  if (method === "") throw refuse("is not a method, a path, a colon and what happens");
  if (system !== undefined && !systems.includes(system)) {
    throw refuse(`names ${system}, which is not simulated (${systems.join(", ")} are)`);
  }
  if (path.includes("?")) throw refuse("has a query; a fault goes by the path alone");
  const { what, times } = howOften(rest.trim());
  if (times === 0) throw refuse("strikes 0 times");
  const kind = kindOf(what);
  if (kind === undefined) throw refuse(`says "${what}", which is not something that happens`);
  const fault = { path: patternOf(path), times, kind, ...(method !== "*" && { method }) };
  return { text: text.trim(), system, fault };
}

/** Takes how often it strikes off the end of what happens. */
function howOften(rest: string): { what: string; times: number } {
  const [whole, word = "", count] = /\s+(once|twice|always|(\d+)\s+times?)$/.exec(rest) ?? [];
  if (whole === undefined) return { what: rest, times: 1 };
  const known: Record<string, number> = { once: 1, twice: 2, always: Number.POSITIVE_INFINITY };
  return { what: rest.slice(0, -whole.length), times: known[word] ?? Number(count) };
}

function kindOf(what: string): FaultKind | undefined {
  const [word = "", ...others] = what.split(/\s+/);
  const argument = others.join(" ");
  if (word === "status") {
    const [, status = "", body = ""] = /^status\s+([2-5]\d\d)(?:\s+(.+))?$/s.exec(what) ?? [];
    if (status === "") return undefined;
    return { type: "status", status: Number(status), ...(body && { body: bodyOf(body) }) };
  }
  if (word === "delay") {
    const milliseconds = timeOf(argument);
    return milliseconds === undefined ? undefined : { type: "delay", milliseconds };
  }
  if (argument !== "") return undefined;
  const plain: Record<string, FaultKind> = {
    lost: { type: "reset", apply: true },
    reset: { type: "reset", apply: false },
    hang: { type: "hang", apply: false },
    slow: { type: "slowBody", bytesPerSecond: 100 },
  };
  return plain[word];
}

/** A body is JSON, or else text. */
function bodyOf(text: string): string | object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : text;
  } catch {
    return text;
  }
}

/** The longest delay, in milliseconds: no timer takes 25 days. */
const longestDelay = 24 * 60 * 60_000;

/** `500ms`, `5s` or `1m` in milliseconds. */
function timeOf(text: string): number | undefined {
  const [, count, unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  const factor = { ms: 1, s: 1_000, m: 60_000 }[unit];
  const milliseconds = factor === undefined ? undefined : Number(count) * factor;
  return milliseconds !== undefined && milliseconds <= longestDelay ? milliseconds : undefined;
}

/** Citus Cloud's base, and a slash at the end, may be left out. */
function patternOf(path: string): RegExp {
  const pattern = path
    .replace(/\/$/, "")
    .split(/(\*+)/)
    .map((part) => ({ "*": "[^/]+", "**": ".*" })[part] ?? literally(part))
    .join("");
  return new RegExp(`^(?:/api/v1)?${pattern}/?$`);
}
