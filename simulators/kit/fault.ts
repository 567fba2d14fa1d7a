/**
 * What goes wrong with a request. `apply` says whether the server carries the request out before
 * the fault strikes, so that the client can't tell whether it took effect.
 */
export type FaultKind =
  /** Another answer instead of the server's own. `apply` defaults to false. */
  | {
      type: "status";
      status: number;
      body?: string | object;
      headers?: Record<string, string>;
      apply?: boolean;
    }
  /** The connection is destroyed without an answer. */
  | { type: "reset"; apply: boolean }
  /** Carried out and answered whole, so many real milliseconds later. */
  | { type: "delay"; milliseconds: number }
  /** No answer at all, until the client leaves or the simulator closes. */
  | { type: "hang"; apply: boolean }
  /** A proxy's page (status 200 unless told); not applied. */
  | { type: "html"; status?: number }
  /** Applied; half of the body, with the Content-Length of that half. */
  | { type: "cutJson" }
  /** Applied; half of the body under the whole one's Content-Length, then the connection ends. */
  | { type: "truncated" }
  /** Applied; a status (200 unless told) and no body. */
  | { type: "empty"; status?: number }
  /** Applied; the body comes a few bytes at a time. */
  | { type: "slowBody"; bytesPerSecond: number }
  /** Applied; a body that never ends, as fast as the client reads. */
  | { type: "endlessBody" }
  /** Applied and answered whole, with the server gone from then on: further connections are refused. */
  | { type: "departure" }
  /** Not applied; a redirect (302 unless told). */
  | { type: "redirect"; location: string; status?: number };

/** A fault to strike requests to come. */
export interface Fault {
  /** Strikes this method only; any if absent. */
  method?: string;
  /** Strikes this path only (decoded, without query: equal to the string, or matched); any if absent. */
  path?: string | RegExp;
  /** How many requests it strikes (1). */
  times?: number;
  /** How many matching requests pass first (0), counted from the order on. */
  skip?: number;
  kind: FaultKind;
}

interface OrderedFault {
  fault: Fault;
  skip: number;
  left: number;
  struck: boolean;
}

/** Whether a request is one that a filter of method and path means. */
export function matches(
  request: { method: string; path: string },
  method?: string,
  path?: string | RegExp,
): boolean {
  if (method !== undefined && method.toUpperCase() !== request.method) return false;
  if (path === undefined) return true;
  if (typeof path === "string") return path === request.path;
  path.lastIndex = 0;
  return path.test(request.path);
}

/** The faults ordered of one simulator. */
export class FaultBook {
  private ordered: OrderedFault[] = [];

  order(fault: Fault): void {
    this.ordered.push({ fault, skip: fault.skip ?? 0, left: fault.times ?? 1, struck: false });
  }

  /** The fault that strikes this request: the first ordered one that is due. */
  strike(request: { method: string; path: string }): FaultKind | undefined {
    let kind: FaultKind | undefined;
    for (const entry of this.ordered) {
      if (!matches(request, entry.fault.method, entry.fault.path)) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
      } else if (kind === undefined && entry.left > 0) {
        entry.left -= 1;
        entry.struck = true;
        kind = entry.fault.kind;
      }
    }
    return kind;
  }

  /** The faults that never struck. */
  left(): Fault[] {
    return this.ordered.filter((entry) => !entry.struck).map((entry) => entry.fault);
  }

  clear(): void {
    this.ordered = [];
  }
}

/** Whether the server carries out a request before this fault strikes. */
export function isApplied(kind: FaultKind): boolean {
  switch (kind.type) {
    case "status":
      return kind.apply ?? false;
    case "reset":
    case "hang":
      return kind.apply;
    case "html":
    case "redirect":
      return false;
    default:
      return true;
  }
}
