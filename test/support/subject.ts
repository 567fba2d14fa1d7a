import type { ConfigValue } from "../../build/engine/workspace.ts";
import type { Values } from "../../provider/resource/values.ts";
import type { Simulator, SimulatorOptions } from "../../simulators/kit/simulator.ts";

/*
 * What the tests that treat all resources alike have to know about one. Nothing here imports the
 * provider's code: `npm run kills` runs without a compiler, which that code needs.
 */

/** The provider's configuration by key without the namespace; credentials are `{ secret }`. */
export type Access = Record<string, ConfigValue>;

/** A system as tests set it up. */
export interface TestSystem<
  S extends Simulator = Simulator,
  O extends SimulatorOptions = SimulatorOptions,
> {
  /** The folder's name in provider/ and test/: `citus`. */
  name: string;
  /** The name that people use: `Citus Cloud`. */
  title: string;
  /** A simulator in which everything exists that the subjects' inputs name. Not started. */
  simulator(options?: O): S;
  /** What a stack configures to reach a simulator that has started. */
  access(simulator: S): Access;
  /** Adds what the examples of the definitions name. */
  addExamples(simulator: S): void;
  /** Prepares a simulator for thousands of operations, and gives what that changes in its access. */
  endure?(simulator: S): Access;
}

/** What the engine shows of a property that changes. */
export type Change = "add" | "add-replace" | "update" | "update-replace";

/** What a server has of a resource, in the words of the inputs. */
export interface Thing extends Values {
  id: string;
  /** Whether the server is taking it away already. */
  isLeaving?: boolean;
}

/** What is done to a resource, in the order in which it is done. */
export const verbs = ["create", "read", "update", "delete"] as const;
export type Verb = (typeof verbs)[number];

/** A request, as a fault is ordered for it. */
export interface Target {
  method: string;
  path: string | RegExp;
}

/** The request of a verb that a fault strikes. */
export interface Strike extends Target {
  /** The request right before it; absent where it is the verb's first. */
  after?: Target;
}

/** A resource whose verbs are struck by faults. */
export interface Struck {
  /** As it is created, and as it is changed. */
  inputs: readonly [Values, Values];
  /** By verb; absent where the verb sends nothing, or nothing besides what is struck elsewhere. */
  strikes: Partial<Record<Verb, Strike>>;
}

/** A life of a resource, from its creation to its deletion. */
export interface Life {
  inputs: Values;
  changed: Values;
  /** A function that reads it, and its arguments. */
  reads: [name: string, args: (id: string) => Values];
}

/** A program has two versions: what changes between them is updated or replaced, in either order. */
export type Version = "first" | "second";

/** The one that belongs to the version. */
export type Pick = <T>(first: T, second: T) => T;

/** A resource of a program that is killed. */
export interface Mixed {
  args: Values;
  /** An input that is the ID of another resource of the program, which it names. */
  from?: { input: string; resource: string };
  dependsOn?: string;
  /** On the plugin it has an explicit provider. */
  isElsewhere?: boolean;
  /** The dynamic host's program, which is smaller, has it too. */
  isOnBothHosts?: boolean;
}

/** A resource of a stack's state, its secrets in plain text. */
export interface KeptResource {
  id: string;
  outputs: Values;
}

/** One resource, with all that the tests for all resources have to know about it. */
export interface Subject<
  S extends Simulator = Simulator,
  O extends SimulatorOptions = SimulatorOptions,
  I extends Values = Values,
> {
  /** Its name in the package: `Formation`. */
  name: string;
  system: TestSystem<S, O>;
  /** The inputs that a program has to give, with values that its system's simulator accepts. */
  inputs: I;
  /** Inputs besides those, which a program may give. */
  more?: Values;
  /** The input that the provider gives a name where the program gives none. */
  named?: string;
  /**
   * What a preview shows of every input of the resource, where the program gives `more` and does not
   * know this one yet; undefined: nothing.
   */
  unknowns: Record<string, Change | undefined>;
  /** Absent where a resource can't be imported. */
  ids?: {
    /** Texts that are not valid IDs, and what the error says an ID is. */
    invalid: readonly [id: string, says: RegExp][];
    /** Valid IDs of nothing that exists. */
    unused: readonly string[];
  };
  /** What the server has; absent where the resource is a record in the stack's state alone. */
  things?(simulator: S): Thing[];
  /** What faults strike: the requests by which verbs change something, else those that read. */
  changing: Struck;
  /** The same at the look before, at the first poll or at a further step of a verb. */
  looking?: Struck;
  /** A life that no other number's meets. */
  life(number: number): Life;
  /** How many requests of a method a life sends; a method whose requests vary in number is left out. */
  lifeSends: Record<string, number>;
  /** Resources of a program that is killed, by their names there. */
  mixed(pick: Pick): Record<string, Mixed>;
  /** Puts into a simulator what a stack's state says of a resource; absent with `things`. */
  keep?(simulator: S, kept: KeptResource): void;
}

/** Types a subject by its simulator and its inputs. */
export function defineSubject<S extends Simulator, O extends SimulatorOptions, I extends Values>(
  subject: Subject<S, O, I>,
): Subject<S, O, I> {
  return subject;
}
