import { AkkerisSimulator } from "../../simulators/akkeris.ts";
import {
  addApps,
  appsOf,
  type Contender,
  type Each,
  eachOf,
  type Host,
  type Name,
  names,
  openContender,
  type Shape,
} from "./contender.ts";
import { median } from "./median.ts";
import { watchMemory } from "./memory.ts";
import type { Footprint, Row } from "./results.ts";

/** A run of `pulumi`, and how many requests a stack can't do without. */
interface Operation {
  title: string;
  args: readonly string[];
  /** What the program gives every formation by then. */
  quantity: number;
  leastRequests: (shape: Shape) => number;
}

const unattended = ["--yes", "--skip-preview"];
const oneEach = ({ size }: Shape) => size;
const oneAnApp = (shape: Shape) => appsOf(shape).length;

/** In the order in which they are run; the last leaves what the first found. */
const operations: readonly Operation[] = [
  { title: "up, all created", args: ["up", ...unattended], quantity: 1, leastRequests: oneEach },
  { title: "preview, no change", args: ["preview"], quantity: 1, leastRequests: () => 0 },
  // A batch's response may be older than the change, so the provider reads the app back.
  {
    title: "up, all changed",
    args: ["up", ...unattended],
    quantity: 2,
    leastRequests: (shape) => 2 * oneAnApp(shape),
  },
  { title: "refresh", args: ["refresh", ...unattended], quantity: 2, leastRequests: oneAnApp },
  { title: "destroy", args: ["destroy", ...unattended], quantity: 2, leastRequests: oneEach },
];

/** One measured run of an operation. */
interface Sample {
  seconds: number;
  requests: number;
}

/** A stack of the same resources for each provider, on one host, each with a simulator of its own. */
export class Stacks implements AsyncDisposable {
  /** What was seen over all measurements. */
  readonly footprint: Footprint;
  readonly #host: Host;
  readonly #shape: Shape;
  readonly #simulators: Each<AkkerisSimulator>;
  readonly #contenders: Each<Contender>;

  private constructor(
    host: Host,
    shape: Shape,
    simulators: Each<AkkerisSimulator>,
    contenders: Each<Contender>,
  ) {
    this.#host = host;
    this.#shape = shape;
    this.#simulators = simulators;
    this.#contenders = contenders;
    const state = eachOf(() => ({ whole: 0, properties: 0 }));
    this.footprint = { host, ...shape, state, memory: eachOf(() => null) };
  }

  static async open(host: Host, shape: Shape): Promise<Stacks> {
    const simulators = eachOf(() => new AkkerisSimulator());
    const open = async (name: Name) => {
      const akkeris = await simulators[name].start();
      akkeris.writeDelay = 0;
      addApps(akkeris, shape);
      const { url, token } = akkeris;
      const env = { FORMATIONS_AKKERIS_URL: url, FORMATIONS_AKKERIS_TOKEN: token };
      return openContender(host, name, shape, env);
    };
    const stacks = new Stacks(host, shape, simulators, {
      floor: await open("floor"),
      bare: await open("bare"),
      formations: await open("formations"),
    });
    try {
      await stacks.#warmUp();
    } catch (error) {
      // Or the simulators would keep this process.
      await stacks[Symbol.asyncDispose]();
      throw error;
    }
    return stacks;
  }

  /** Runs every operation, the providers by turns, each of them first once in three repeats. */
  async measure(checkpoints: boolean, repeats: number): Promise<Row[]> {
    const env: Record<string, string> = checkpoints
      ? {}
      : { PULUMI_EXPERIMENTAL: "1", PULUMI_SKIP_CHECKPOINTS: "true" };
    const samples = operations.map(() => eachOf((): Sample[] => []));
    for (let repeat = 0; repeat < repeats; repeat++) {
      const turns = names.map((_, index) => names[(index + repeat) % names.length] ?? "floor");
      for (const [index, operation] of operations.entries()) {
        for (const name of turns) {
          samples[index]?.[name].push(await this.#sample(name, operation, env));
        }
      }
    }
    return samples.map((of, index) => ({
      host: this.#host,
      ...this.#shape,
      checkpoints,
      operation: operations[index]?.title ?? "",
      seconds: eachOf((name) => of[name].map(({ seconds }) => seconds)),
      requests: eachOf((name) => median(of[name].map(({ requests }) => requests))),
      leastRequests: operations[index]?.leastRequests(this.#shape) ?? 0,
    }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of names) {
      await this.#contenders[name][Symbol.asyncDispose]();
      await this.#simulators[name].close();
    }
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
    const akkeris = this.#simulators[name];
    const { state, memory } = this.footprint;
    await contender.declare(quantity);
    akkeris.clearRequests();
    let peak: number | undefined;
    const endWatch = contender.processes ? watchMemory(contender.processes) : () => undefined;
    const { durationMs } = await contender.run(args, env).finally(() => {
      peak = endWatch();
    });
    if (peak !== undefined) memory[name] = Math.max(memory[name] ?? 0, peak);
    if (args[0] !== "destroy" && state[name].whole === 0) {
      state[name] = await contender.stateBytes();
    }
    return { seconds: durationMs / 1000, requests: akkeris.requests.length };
  }
}
