/** How a check ended; `skipped`: it was not made, and `found` says why. */
export type Status = "ok" | "warning" | "problem" | "skipped";

/** What one check found out. */
export interface Check {
  /** Stable, for programs: `node`, `citus.credential`. */
  id: string;
  /** The heading that it is under: `Tools`, `Stack dev`, `Citus Cloud`. */
  about: string;
  status: Status;
  /** What was found, in whole sentences. */
  found: string;
  /** What to do about it, in whole sentences. */
  cure?: string;
}

/** A request that reached the network. */
export interface SentRequest {
  method: string;
  /** Without its query. */
  url: string;
  /** The response's; undefined: none came. */
  status?: number;
  /** By how much the server's clock is ahead of this machine's, in milliseconds, as the response says. */
  skewMs?: number;
}

/** What was checked, in the order in which one thing rests on another. */
export interface Report {
  checks: readonly Check[];
  requests: readonly SentRequest[];
}

/** Makes the checks of one heading. */
export interface Section {
  ok(id: string, found: string): Check;
  warning(id: string, found: string, cure?: string): Check;
  problem(id: string, found: string, cure?: string): Check;
  skipped(id: string, why: string): Check;
}

/** The checks of a heading. @param about the heading */
export function section(about: string): Section {
  const make = (status: Status) => (id: string, found: string, cure?: string) => {
    return { id, about, status, found: found.replace(/(?<![.?!])$/, "."), cure };
  };
  return {
    ok: make("ok"),
    warning: make("warning"),
    problem: make("problem"),
    skipped: make("skipped"),
  };
}

/** The checks that have a status. */
export function having(status: Status, checks: readonly Check[]): Check[] {
  return checks.filter((one) => one.status === status);
}

/** A cause in words, on one line. */
export function inWords(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s+/g, " ").trim();
}
