import { FaultBook } from "../kit/fault.ts";
import type { RecordedRequest, Simulator } from "../kit/simulator.ts";
import { Control, type SimulationCommand } from "./control.ts";
import { find, kindNamed, valuesOf } from "./drift.ts";
import { type FaultOrder, parseFault } from "./fault-text.ts";
import type { Entry, Kind } from "./kind.ts";
import { SimulationProblem } from "./problem.ts";
import { defaultSeed, parseSeed, plant } from "./seed.ts";
import { makers, type SimulatedSystem } from "./systems.ts";

/** What a simulation is to be like. */
export interface SimulationOptions {
  /** By name. Default: all. */
  systems?: readonly string[];
  /** The text of a seed and the name of its file. Default: what the examples name exists. */
  seed?: { text: string; file: string };
  /** See {@link parseFault}. */
  faults?: readonly string[];
  /** Simulated seconds in a real one. */
  speed: number;
  /** Told of each request once its response has begun, or was dropped. */
  onRequest?: (system: string, request: RecordedRequest) => void;
}

/** A system as a list shows it. */
export interface ListedSystem {
  name: string;
  url: string;
  isDown: boolean;
  things: (Entry & { kind: string })[];
}

/** Simulated systems with what exists in them, on ports of 127.0.0.1 that were free. */
export class Simulation {
  readonly #systems: ReadonlyMap<string, SimulatedSystem>;
  readonly #down = new Set<string>();
  readonly #faults = new FaultBook();
  readonly #orders: FaultOrder[] = [];
  readonly #control = new Control((command) => this.#obey(command));

  /** @throws SimulationProblem where the options are at fault. */
  constructor({ systems = Object.keys(makers), seed, faults = [], ...rest }: SimulationOptions) {
    this.#systems = new Map(systems.map((name) => [name, made(name, rest.speed)]));
    for (const [name, { simulator }] of this.#systems) {
      simulator.sharedFaults = this.#faults;
      simulator.onAnswer = (request) => rest.onRequest?.(name, request);
    }
    const content = seed ? parseSeed(seed.text, seed.file) : defaultSeed;
    plant(content, this.#kinds, seed?.file ?? "the default seed");
    for (const text of faults) this.#order(text);
  }

  /** What tells the provider of the systems. */
  get environment(): Record<string, string> {
    return Object.assign({}, ...[...this.#systems.values()].map((one) => one.environment()));
  }

  /** Where commands are taken, and what they have to know for that. */
  get control(): { url: string; token: string } {
    return { url: this.#control.url, token: this.#control.token };
  }

  /** The faults that never struck, as they were written. */
  get faultsLeft(): string[] {
    const simulators = [...this.#systems.values()].flatMap(({ simulator }) =>
      simulator.faultsLeft(),
    );
    const left = new Set([...simulators, ...this.#faults.left()]);
    return this.#orders.filter(({ fault }) => left.has(fault)).map(({ text }) => text);
  }

  async start(): Promise<this> {
    for (const { simulator } of this.#systems.values()) await simulator.start();
    await this.#control.start();
    return this;
  }

  /** May be called at any time, and again. */
  async close(): Promise<void> {
    const simulators = [...this.#systems.values()].map(({ simulator }) => simulator.close());
    await Promise.all([...simulators, this.#control.close()]);
  }

  /** What exists, by system. */
  list(): ListedSystem[] {
    return [...this.#systems].map(([name, { simulator, kinds }]) => ({
      ...{ name, url: simulator.url, isDown: this.#down.has(name) },
      things: kinds.flatMap((kind) =>
        kind.list().map((entry) => {
          return { ...entry, kind: kind.name };
        }),
      ),
    }));
  }

  get #kinds(): Kind[] {
    return [...this.#systems.values()].flatMap(({ kinds }) => kinds);
  }

  #order(text: string): void {
    const order = parseFault(text, [...this.#systems.keys()]);
    this.#orders.push(order);
    if (order.system === undefined) this.#faults.order(order.fault);
    else this.#simulator(order.system).order(order.fault);
  }

  async #obey(command: SimulationCommand): Promise<unknown> {
    switch (command.do) {
      case "list":
        return this.list();
      case "set": {
        const { kind, entry } = find(this.#kinds, command.what);
        return kind.set(entry, valuesOf(command.values));
      }
      case "delete": {
        const { kind, entry } = find(this.#kinds, command.what);
        return kind.remove(entry);
      }
      case "add":
        return kindNamed(this.#kinds, command.kind).add(valuesOf(command.values));
      case "fault":
        return this.#order(command.text);
      default:
        return this.#turn(command.system, command.do);
    }
  }

  /** Has a system refuse connections, or accept them again, on the same port. */
  async #turn(system: string, to: "down" | "up"): Promise<void> {
    const simulator = this.#simulator(system);
    const isDown = this.#down.has(system);
    if (isDown === (to === "down")) throw new SimulationProblem(`${system} is ${to} already`);
    if (to === "down") {
      await simulator.refuse();
      this.#down.add(system);
    } else {
      await simulator.start();
      this.#down.delete(system);
    }
  }

  #simulator(name: string): Simulator {
    const system = this.#systems.get(name);
    if (system) return system.simulator;
    const names = [...this.#systems.keys()].join(", ");
    throw new SimulationProblem(`${name} is not simulated. Systems: ${names}`);
  }
}

function made(name: string, speed: number): SimulatedSystem {
  const make = makers[name];
  if (make) return make({ speed });
  const names = Object.keys(makers).join(", ");
  throw new SimulationProblem(`"${name}" can't be simulated. Systems: ${names}`);
}
