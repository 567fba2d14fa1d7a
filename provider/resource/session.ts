import { type Clock, systemClock } from "../process/clock";
import { resolveConfig } from "./config";
import type { Definition, System } from "./definition";
import { placeOf } from "./identity";
import type { Values } from "./values";

/** A resource of the stack that has a place on a server. */
export interface Holder {
  /** Undefined: the host does not know it. */
  urn?: string;
}

/** A resource on a server. */
interface Located {
  id: string;
  /** Absent: it is known by its ID alone. */
  state?: Values;
}

/** Resources of the stack, by definition and by ID or place. */
export class Managed {
  readonly #holders = new Map<string, Holder>();

  add(definition: Definition, one: Located, { urn }: Holder): void {
    for (const key of keysOf(definition, one)) this.#holders.set(key, { urn });
  }

  /** The resource that has an ID or a place; undefined: none is known. */
  at(definition: Definition, id: string): Holder | undefined {
    return this.#holders.get(keyOf(definition, id));
  }

  delete(definition: Definition, one: Located): void {
    for (const key of keysOf(definition, one)) this.#holders.delete(key);
  }
}

function keysOf(definition: Definition, { id, state }: Located): string[] {
  const places = state === undefined ? [id] : [id, placeOf(definition, id, state)];
  return places.map((place) => keyOf(definition, place));
}

function keyOf({ name }: Definition, place: string): string {
  return `${name} ${place}`;
}

/** One process of a host: what its calls share. */
export interface Session {
  /**
   * The client of a system, made at its first use: a system that isn't used needs no configuration.
   *
   * @throws ConfigurationError when that is missing or malformed
   */
  api(system: System): unknown;
  clock: Clock;
  /** IDs of what this process will replace. */
  replaced: ReadonlySet<string>;
  /**
   * Notes what the host will replace, and what that has replaced before: none of them is a rival of what
   * is created instead.
   */
  willReplace(id: string, predecessors?: readonly string[]): void;
  /**
   * What this process knows that the stack manages, since it planned, read or created it: nobody can adopt
   * it.
   */
  managed: Managed;
  /** Whether a text is new to this session: a replacement is checked twice, and would warn twice. */
  isNew(text: string): boolean;
}

/**
 * Starts a session.
 *
 * @param read returns the stack's value of a configuration key (`citusToken`), or undefined
 * @param environment has the values of keys that the stack does not set
 */
export function createSession(
  read: (key: string) => unknown,
  environment: NodeJS.ProcessEnv = process.env,
  clock: Clock = systemClock,
): Session {
  const clients = new Map<System, unknown>();
  function api(system: System): unknown {
    if (!clients.has(system)) {
      clients.set(system, system.connect(resolveConfig(system, read, environment), clock));
    }
    return clients.get(system);
  }
  const replaced = new Set<string>();
  function willReplace(id: string, predecessors: readonly string[] = []): void {
    for (const each of [id, ...predecessors]) replaced.add(each);
  }
  const said = new Set<string>();
  function isNew(text: string): boolean {
    const isFirst = !said.has(text);
    said.add(text);
    return isFirst;
  }
  return { api, clock, replaced, willReplace, managed: new Managed(), isNew };
}
