import { AkkerisSimulator } from "../../simulators/akkeris.ts";
import {
  appOf,
  type Contender,
  type Host,
  type Name,
  names,
  openContender,
  type StateBytes,
} from "./contender.ts";
import { median } from "./median.ts";
import { watchMemory } from "./memory.ts";

/** Under which circumstances an operation is measured. */
export interface Setting {
  /** Whether the engine writes the state after each step, as it does for users. */
  checkpoints: boolean;
  /** By how long the simulator delays each answer, in milliseconds. */
  latency: number;
}

/** A run of `pulumi`, and how many requests a resource it can't do without. */
interface Operation {
  title: string;
  args: readonly string[];
  /** What the program gives every formation by then. */
  quantity: number;
  leastRequests: number;
}

const unattended = ["--yes", "--skip-preview"];

/** In the order in which they are run; the last leaves what the first found. */
const operations: readonly Operation[] = [
  { title: "up, all created", args: ["up", ...unattended], quantity: 1, leastRequests: 1 },
  { title: "preview, no change", args: ["preview"], quantity: 1, leastRequests: 0 },
  // A batch's response may be older than the change, so the provider reads the formation back.
  { title: "up, all changed", args: ["up", ...unattended], quantity: 2, leastRequests: 2 },
  { title: "refresh", args: ["refresh", ...unattended], quantity: 2, leastRequests: 1 },
  { title: "destroy", args: ["destroy", ...unattended], quantity: 2, leastRequests: 1 },
];

/** One operation, over all repeats: medians. */
export interface Row {
  operation: string;
  size: number;
  /** Seconds of wall clock. */
  floor: number;
  formations: number;
  /** Of what was run one after the other, so it need not be the quotient of the two medians. */
  ratio: number;
  requests: number;
  leastRequests: number;
  /** New connections to the API. */
  connections: number;
}

/** What a stack takes besides time. */
export interface Footprint {
  size: number;
  /** Of state per resource, on average. */
  state: Record<Name, StateBytes>;
  /** Peak memory of the plugin's process in MB; undefined where it can't be told. */
  memory: Record<Name, number | undefined>;
}

/** One measured run of an operation. */
interface Sample {
  seconds: number;
  requests: number;
  connections: number;
}

/** Both providers on one host, each with a stack of as many resources, and the simulator. */
export class Pair implements AsyncDisposable {
  readonly #size: number;
  readonly #akkeris: AkkerisSimulator;
  readonly #contenders: Record<Name, Contender>;
  readonly #footprint: Footprint;

  private constructor(
    size: number,
    akkeris: AkkerisSimulator,
    contenders: Record<Name, Contender>,
  ) {
    this.#size = size;
    this.#akkeris = akkeris;
    this.#contenders = contenders;
    const memory = { floor: undefined, formations: undefined };
    const none = { whole: 0, properties: 0 };
    this.#footprint = { size, state: { floor: none, formations: none }, memory };
  }

  static async open(host: Host, size: number): Promise<Pair> {
    const akkeris = await new AkkerisSimulator().start();
    akkeris.writeDelay = 0;
    for (let index = 0; index < size; index++) akkeris.addApp(appOf(index));
    const env = { FORMATIONS_AKKERIS_URL: akkeris.url, FORMATIONS_AKKERIS_TOKEN: akkeris.token };
    const floor = await openContender(host, "floor", size, env);
    const pair = new Pair(size, akkeris, {
      floor,
      formations: await openContender(host, "formations", size, env),
    });
    await pair.#warmUp();
    return pair;
  }

  /** Runs every operation, the two providers by turns. */
  async measure({ checkpoints, latency }: Setting, repeats: number): Promise<Row[]> {
    this.#akkeris.latency = latency;
    const env: Record<string, string> = checkpoints
      ? {}
      : { PULUMI_EXPERIMENTAL: "1", PULUMI_SKIP_CHECKPOINTS: "true" };
    const samples = operations.map((): Record<Name, Sample>[] => []);
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const [index, operation] of operations.entries()) {
        const floor = await this.#sample("floor", operation, env);
        const formations = await this.#sample("formations", operation, env);
        samples[index]?.push({ floor, formations });
      }
    }
    return operations.map(({ title, leastRequests }, index) => ({
      operation: title,
      size: this.#size,
      ...summary(samples[index] ?? []),
      leastRequests: leastRequests * this.#size,
    }));
  }

  /** What was seen over all measurements. */
  get footprint(): Footprint {
    return this.#footprint;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of names) await this.#contenders[name][Symbol.asyncDispose]();
    await this.#akkeris.close();
  }

  /** Fills what a user's machine has from earlier runs: compiled modules, pages of the disk. */
  async #warmUp(): Promise<void> {
    for (const name of names) {
      await this.#contenders[name].declare(1);
      await this.#contenders[name].run(["preview"], {});
    }
  }

  async #sample(
    name: Name,
    { args, quantity }: Operation,
    env: Record<string, string>,
  ): Promise<Sample> {
    const contender = this.#contenders[name];
    const { state, memory } = this.#footprint;
    await contender.declare(quantity);
    this.#akkeris.clearRequests();
    const connected = this.#akkeris.connectionsOpened;
    const endWatch = contender.processes ? watchMemory(contender.processes) : () => undefined;
    const { durationMs } = await contender.run(args, env);
    const peak = endWatch();
    if (peak !== undefined) memory[name] = Math.max(memory[name] ?? 0, peak);
    if (args[0] !== "destroy" && state[name].whole === 0) {
      state[name] = await contender.stateBytes();
    }
    return {
      seconds: durationMs / 1000,
      requests: this.#akkeris.requests.length,
      connections: this.#akkeris.connectionsOpened - connected,
    };
  }
}

function summary(samples: readonly Record<Name, Sample>[]) {
  return {
    floor: median(samples.map(({ floor }) => floor.seconds)),
    formations: median(samples.map(({ formations }) => formations.seconds)),
    ratio: median(samples.map(({ floor, formations }) => formations.seconds / floor.seconds)),
    requests: median(samples.map(({ formations }) => formations.requests)),
    connections: median(samples.map(({ formations }) => formations.connections)),
  };
}
