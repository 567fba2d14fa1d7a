import type { RecordedRequest } from "../../test/simulators/kit/simulator.ts";

/** Requests by the name of the system that they came to. */
export type RequestsBySystem = Map<string, RecordedRequest[]>;

/** The methods that the four APIs know. */
export const methods = ["GET", "POST", "PATCH", "PUT", "DELETE"] as const;

/** How often each method was sent. */
export function countMethods(requests: readonly RecordedRequest[]): Record<string, number> {
  return Object.fromEntries(
    methods.map((method) => [method, requests.filter((one) => one.method === method).length]),
  );
}

/** In a line: `Citus Cloud 2 GET, 1 POST; Akkeris 1 PATCH`. */
export function summary(requests: RequestsBySystem): string {
  const parts = [...requests].flatMap(([name, list]) => {
    const counts = Object.entries(countMethods(list)).filter(([, count]) => count > 0);
    if (counts.length === 0) return [];
    return [`${name} ${counts.map(([method, count]) => `${count} ${method}`).join(", ")}`];
  });
  return parts.join("; ") || "nothing";
}
