import type { Simulator } from "../../simulators/kit/simulator.ts";

/** All requests that a simulator has had since they were last taken or cleared, each as `METHOD path`. */
export function requestsTo({ requests }: Simulator): string[] {
  return requests.map(({ method, path }) => `${method} ${path}`);
}

/** The same, and forgets them: the next call gives those that have come since. */
export function takeRequests(simulator: Simulator): string[] {
  const lines = requestsTo(simulator);
  simulator.clearRequests();
  return lines;
}

/** Whether a request, as `METHOD path`, only reads. */
export function isRead(line: string): boolean {
  return line.startsWith("GET ");
}

/**
 * Requests with each that reads once between two that change something: how often a wait looks
 * depends on the machine's pace.
 *
 * @param lineOf the request as `METHOD path`
 */
export function readsOnce<T>(requests: readonly T[], lineOf: (request: T) => string): T[] {
  const seen = new Set<string>();
  return requests.filter((request) => {
    const line = lineOf(request);
    if (!isRead(line)) {
      seen.clear();
      return true;
    }
    const isRepeated = seen.has(line);
    seen.add(line);
    return !isRepeated;
  });
}
