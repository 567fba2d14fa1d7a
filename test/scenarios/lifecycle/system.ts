import { z } from "zod";
import type { RecordedRequest, Simulator } from "../../../simulators/kit/simulator.ts";
import type { Access } from "../../support/subject.ts";

/** A simulated system, and what makes records of it the same from run to run. */
export interface System<S extends Simulator = Simulator> {
  simulator: S;
  /** Configuration of the stack. */
  config(): Access;
  /** Every name that the server has made, and what replaces it in a record. */
  aliases(): ReadonlyMap<string, string>;
  /** What a request is about, most often a resource's logical name. */
  subject(request: RecordedRequest): string;
  /** What the server has. */
  contents(): unknown;
  /** What no state and no output may show, by a name to fail with. */
  secrets(): Record<string, string>;
}

/** A name that the provider made, without its hash: the logical name. */
export function stem(name: string): string {
  return name.replace(/-[0-9a-f]{7}$/, "");
}

/**
 * What stands for IDs: the name without its hash, with an apostrophe for each successor of that name.
 *
 * @param named IDs and names, in the order of their creation
 */
export function aliasesOf(named: Iterable<[id: string, name: string]>): Map<string, string> {
  const aliases = new Map<string, string>();
  const used = new Map<string, number>();
  for (const [id, name] of named) {
    const alias = stem(name);
    const times = used.get(alias) ?? 0;
    used.set(alias, times + 1);
    aliases.set(id, alias + "'".repeat(times));
  }
  return aliases;
}

/** The name that the body of a creation asks for. */
export function nameIn(body: unknown): string | undefined {
  return z.object({ name: z.string() }).safeParse(body).data?.name;
}
