import { type Clock, systemClock } from "../process/clock";
import { checkAddresses, resolveConfig, resolveTimeout } from "./config";
import type { Definition, System } from "./definition";
import { placeOf } from "./identity";
import { logicalName } from "./urn";
import { containsUnknown, unknownValue, type Values } from "./values";

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

/** What is known of places of each kind of resource, by the place's name. */
class Places<Fact> {
  readonly #facts = new Map<Definition, Map<string, Fact>>();

  get(definition: Definition, name: string): Fact | undefined {
    return this.#facts.get(definition)?.get(name);
  }

  set(definition: Definition, name: string, fact: Fact): void {
    const known = this.#facts.get(definition);
    if (known) known.set(name, fact);
    else this.#facts.set(definition, new Map([[name, fact]]));
  }

  delete(definition: Definition, name: string): void {
    this.#facts.get(definition)?.delete(name);
  }
}

/** Resources of the stack, by definition and by ID or place. */
export class Managed {
  readonly #holders = new Places<Holder>();

  add(definition: Definition, one: Located, { urn }: Holder): void {
    for (const name of namesOf(definition, one)) this.#holders.set(definition, name, { urn });
  }

  /** The resource that has an ID or a place; undefined: none is known. */
  at(definition: Definition, id: string): Holder | undefined {
    return this.#holders.get(definition, id);
  }

  delete(definition: Definition, one: Located): void {
    for (const name of namesOf(definition, one)) this.#holders.delete(definition, name);
  }
}

function namesOf(definition: Definition, { id, state }: Located): string[] {
  const place = state === undefined ? id : placeOf(definition, id, state);
  return place === id ? [id] : [id, place];
}

/** Steps of the engine that its pace is taken from. */
const rememberedSteps = 8;

/**
 * How fast the engine plans. It checks and diffs one resource after another, and asks for updates
 * meanwhile, so its pace says how soon the next update may come.
 */
export class Pace {
  readonly #clock: Clock;
  #urn: string | undefined;
  #plannedAt = Number.NEGATIVE_INFINITY;
  #resources = 0;
  readonly #steps: number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes that a check or a diff has been served. A resource's diff follows its check at once. */
  planned(urn: string | undefined): void {
    const now = this.#clock.now();
    if (urn !== undefined && urn === this.#urn) {
      this.#steps.push(now - this.#plannedAt);
      if (this.#steps.length > rememberedSteps) this.#steps.shift();
    } else this.#resources += 1;
    this.#urn = urn;
    this.#plannedAt = now;
  }

  /** When the engine last planned, in milliseconds since the epoch. */
  get plannedAt(): number {
    return this.#plannedAt;
  }

  /**
   * How many resources the engine has planned. It plans the next when it has handed over what becomes of the one
   * before: the update that was planned before the latest resource is certain to come.
   */
  get resources(): number {
    return this.#resources;
  }

  /** The longest of the last steps from a check to its diff, in milliseconds; 0: none was seen. */
  get step(): number {
    return Math.max(0, ...this.#steps);
  }
}

/** One process of a host: what its calls share. */
export interface Session {
  /**
   * The client of a system, made at its first use: a system that isn't used needs no configuration.
   *
   * @throws ConfigurationError when that is missing or malformed
   */
  api(system: System): unknown;
  /** Whether the client of a system has been made. */
  isConnected(system: System): boolean;
  /** How fast the engine plans. */
  pace: Pace;
  /**
   * What of a system's addresses is allowed but unlikely to be meant, in whole sentences.
   *
   * @throws ConfigurationError as {@link api} does
   */
  addressWarnings(system: System): readonly string[];
  /** Whether the stack's values for a system are all known: some may be outputs of what is still to be created. */
  isKnown(system: System): boolean;
  clock: Clock;
  /** How long an operation may take that has no limit of its own, in milliseconds. */
  timeout: number;
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
  /**
   * What this process has failed to create or change, by URN: its ID, or "" if it was not created. With
   * `--continue-on-error`, newer engines ask for the deletion of what it replaces all the same.
   */
  unready: Map<string, string>;
  /** Whether a text is new to this session: a replacement is checked twice, and would warn twice. */
  isNew(text: string): boolean;
  /**
   * Notes the place that a resource of the program is to have, where only one can have it.
   *
   * @param inputs checked inputs
   * @returns why it can't: another resource has it, and one of the two is still to be created
   */
  claim(definition: Definition, inputs: Values, claim: Claim): string | undefined;
  /** Forgets what a resource has: it is deleted. */
  release(urn: string): void;
}

/** Who claims a place. */
export interface Claim {
  /** The resource's; undefined: it is not known, and nothing is claimed. */
  urn: string | undefined;
  /** Whether the resource is still to be created. */
  isNew: boolean;
  /** Inputs that the program made secrets: no message shows them. */
  secrets?: ReadonlySet<string>;
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
  const connections = new Map<System, { api: unknown; addressWarnings: readonly string[] }>();
  const pace = new Pace(clock);
  function connection(system: System) {
    const open = connections.get(system);
    if (open) return open;
    const config = resolveConfig(system, read, environment);
    const addressWarnings = checkAddresses(system, read, environment);
    const opened = { api: system.connect(config, clock, pace), addressWarnings };
    connections.set(system, opened);
    return opened;
  }
  const replaced = new Set<string>();
  function willReplace(id: string, predecessors: readonly string[] = []): void {
    for (const each of [id, ...predecessors]) replaced.add(each);
  }
  let timeout: number | undefined;
  const said = new Set<string>();
  function isNew(text: string): boolean {
    const isFirst = !said.has(text);
    said.add(text);
    return isFirst;
  }
  return {
    api: (system) => connection(system).api,
    isConnected: (system) => connections.has(system),
    pace,
    addressWarnings: (system) => connection(system).addressWarnings,
    isKnown: ({ config }) => !Object.keys(config.shape).some((key) => containsUnknown(read(key))),
    clock,
    // The host may have its configuration only later.
    get timeout() {
      timeout ??= resolveTimeout(read, environment);
      return timeout;
    },
    replaced,
    willReplace,
    managed: new Managed(),
    unready: new Map(),
    isNew,
    ...createClaims(),
  };
}

function createClaims(): Pick<Session, "claim" | "release"> {
  const claims = new Places<Claim>();
  /** The places of each resource, by its URN. */
  const places = new Map<string, [definition: Definition, name: string][]>();
  return {
    claim(definition, inputs, own) {
      const place = definition.claims?.(inputs);
      if (own.urn === undefined || !place || place.name.includes(unknownValue)) return undefined;
      const first = claims.get(definition, place.name);
      if (first === undefined) {
        claims.set(definition, place.name, own);
        places.set(own.urn, [...(places.get(own.urn) ?? []), [definition, place.name]]);
      }
      const isOther = first !== undefined && first.urn !== own.urn;
      if (!isOther || !(first.isNew || own.isNew)) return undefined;
      const isSecret = [first, own].some(
        ({ secrets }) => secrets !== undefined && secrets.size > 0,
      );
      const what = isSecret ? "what this one asks for (values are secret)" : place.name;
      return `${logicalName(first.urn ?? "")} in this program already manages ${what}; ${place.rule}. Remove one of the two.`;
    },
    release(urn) {
      for (const place of places.get(urn) ?? []) claims.delete(...place);
      places.delete(urn);
    },
  };
}
