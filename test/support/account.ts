import type { Simulator } from "../../simulators/kit/simulator.ts";
import type { Access, TestSystem } from "./subject.ts";

/** An account of each of several systems, each with its simulator. */
export class Account {
  readonly #simulators = new Map<TestSystem, Simulator>();
  readonly #speed: number;

  /** @param speed simulated seconds in a real one */
  constructor(systems: Iterable<TestSystem>, speed: number) {
    this.#speed = speed;
    for (const system of systems) this.add(system);
  }

  /** Adds a system, whose simulator has not started. */
  add(system: TestSystem): Simulator {
    const simulator = system.simulator({ speed: this.#speed });
    this.#simulators.set(system, simulator);
    return simulator;
  }

  get simulators(): Simulator[] {
    return [...this.#simulators.values()];
  }

  /** The provider's configuration for all of them, once they have started. */
  get access(): Access {
    const accesses = [...this.#simulators].map(([system, simulator]) => system.access(simulator));
    return Object.assign({}, ...accesses);
  }

  /**
   * The simulator of a system.
   *
   * @throws Error where the account has none
   */
  in(system: TestSystem): Simulator {
    const simulator = this.#simulators.get(system);
    if (!simulator) throw new Error(`the account has no ${system.title}`);
    return simulator;
  }

  /** Whether the account has a system. */
  has(system: TestSystem): boolean {
    return this.#simulators.has(system);
  }

  /** Adds what the examples of the definitions name. */
  addExamples(): void {
    for (const [system, simulator] of this.#simulators) system.addExamples(simulator);
  }

  /** Prepares the simulators for thousands of operations; gives the access to them. */
  endure(): Access {
    const changes = [...this.#simulators].map(([system, simulator]) => system.endure?.(simulator));
    return Object.assign(this.access, ...changes);
  }

  /** Requests that no correct client sends. */
  get unexpected(): string[] {
    return this.simulators.flatMap(({ unexpected }) => unexpected);
  }

  async start(): Promise<this> {
    for (const simulator of this.simulators) await simulator.start();
    return this;
  }

  /** May be called at any time, and again. */
  async close(): Promise<void> {
    await Promise.all(this.simulators.map((simulator) => simulator.close()));
  }
}
