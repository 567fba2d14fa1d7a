import { Console } from "node:console";
import { PassThrough } from "node:stream";
import type { RecordedRequest } from "../../simulators/kit/simulator.ts";

/** Requests by the name of the system that received them. */
export type RequestsBySystem = Map<string, RecordedRequest[]>;

/** The methods that the four APIs know. */
const methods = ["GET", "POST", "PATCH", "PUT", "DELETE"] as const;

/** How many requests used each method. */
function countMethods(requests: readonly RecordedRequest[]): Record<string, number> {
  return Object.fromEntries(
    methods.map((method) => [method, requests.filter((one) => one.method === method).length]),
  );
}

/** In one line: `Citus Cloud 2 GET, 1 POST; Akkeris 1 PATCH`. */
export function summary(requests: RequestsBySystem): string {
  const parts = [...requests].flatMap(([name, list]) => {
    const counts = Object.entries(countMethods(list)).filter(([, count]) => count > 0);
    if (counts.length === 0) return [];
    return [`${name} ${counts.map(([method, count]) => `${count} ${method}`).join(", ")}`];
  });
  return parts.join("; ") || "nothing";
}

/** As a table: one row per system, one column per method. */
export function table(requests: RequestsBySystem): string {
  const rows = [...requests].map(([name, list]) => [name, countMethods(list)]);
  const printed = new PassThrough({ encoding: "utf8" });
  new Console(printed).table(Object.fromEntries(rows), [...methods]);
  return String(printed.read()).replace("(index)", "       ").trimEnd();
}
