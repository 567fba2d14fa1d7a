import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import structs, { type Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { providerKey, providerText } from "../../sdk/provider-text.ts";
import {
  type Each,
  eachOf,
  formationsOf,
  type Host,
  type Name,
  names,
  openContender,
  pluginCommand,
  type Shape,
} from "./contender.ts";
import { median } from "./median.ts";
import { ProviderProcess } from "./provider-process.ts";
import type { Cost } from "./results.ts";

/** Operations that go on at the same time, as the engine has them on two cores. */
const atOnce = 8;

/** In the order in which they are run; the last leaves what the first found. */
const verbs = ["create", "preview, no change", "update", "read", "delete"] as const;
type Verb = (typeof verbs)[number];

/** A resource between two operations, as the engine keeps it. */
interface Kept {
  id: string;
  state: Struct;
  inputs: Struct;
}

interface Sample {
  cpu: number | undefined;
  wall: number;
  requests: number;
}

/**
 * What each verb takes of the provider's process, in one that has done each before. There is no engine:
 * the calls are those that it would make. Where an app has several formations, creating and
 * deleting is also compared with the requests alone one after another, as Akkeris needs them.
 *
 * @param repeats of each provider, by turns, each in a new process
 */
export async function measureCosts(host: Host, shape: Shape, repeats: number): Promise<Cost[]> {
  const samples = new Map(verbs.map((verb) => [verb, eachOf((): Sample[] => [])]));
  const inOrder: Map<Verb, Sample>[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const name of names) {
      const found = await measureVerbs(host, name, shape);
      for (const [verb, sample] of found) samples.get(verb)?.[name].push(sample);
    }
    if (shape.types > 1) {
      inOrder.push(await measureVerbs(host, "bare", shape, { BENCH_IN_ORDER: "1" }));
    }
  }
  const costOf = (verb: Verb, isInOrder: boolean, of: Each<Sample[]>): Cost => ({
    ...{ host, types: shape.types, verb, isInOrder },
    cpu: eachOf((name) => known(of[name].map(({ cpu }) => cpu))),
    wall: eachOf((name) => of[name].map(({ wall }) => wall)),
    requests: eachOf((name) => median(of[name].map(({ requests }) => requests))),
  });
  return [...samples].flatMap(([verb, of]) => {
    const bare = inOrder.flatMap((found) => found.get(verb) ?? []);
    const isOrdered = bare.length > 0 && (verb === "create" || verb === "delete");
    const ordered = isOrdered ? [costOf(verb, true, { ...of, bare })] : [];
    return [costOf(verb, false, of), ...ordered];
  });
}

async function measureVerbs(
  host: Host,
  name: Name,
  shape: Shape,
  env: Record<string, string> = {},
): Promise<Map<Verb, Sample>> {
  const simulator = new Worker(new URL("simulated.ts", import.meta.url), {
    workerData: shape,
  });
  const next = async () => (await once(simulator, "message"))[0];
  const { url, token } = await next();
  const requests = (): Promise<number> => {
    simulator.postMessage("count");
    return next();
  };
  const own = { ...env, FORMATIONS_AKKERIS_URL: url, FORMATIONS_AKKERIS_TOKEN: token };
  try {
    await using contender = await openContender(host, name, shape, own);
    const command = host === "plugin" ? await pluginCommand(name) : dynamicCommand;
    const options = { env: { ...process.env, ...own }, cwd: contender.project };
    await using provider = await ProviderProcess.start(command, options);
    const calls = new Calls(provider, host, name, shape);
    await calls.configure();
    // The first time fills what a process keeps.
    for (const verb of verbs) await calls.run[verb]();
    await requests();
    const samples = new Map<Verb, Sample>();
    for (const verb of verbs) {
      const [cpu, started] = [provider.cpu(), performance.now()];
      await calls.run[verb]();
      const wall = (performance.now() - started) / shape.size;
      const taken = cpu === undefined ? undefined : (provider.cpu() ?? cpu) - cpu;
      const sent = (await requests()) / shape.size;
      samples.set(verb, { cpu: taken && taken / shape.size, wall, requests: sent });
    }
    return samples;
  } finally {
    await simulator.terminate();
  }
}

/** The engine's calls for each verb, for all resources of a stack. */
class Calls {
  readonly run: Readonly<Record<Verb, () => Promise<void>>> = {
    create: () => this.#each((index) => this.#create(index)),
    "preview, no change": () => this.#each((index) => this.#preview(index)),
    update: () => this.#each((index) => this.#update(index)),
    read: () => this.#each((index) => this.#read(index)),
    delete: () => this.#each((index) => this.#delete(index)),
  };
  readonly #provider: ProviderProcess;
  readonly #name: Name;
  readonly #size: number;
  /** What the program says of each resource before and after the update. */
  readonly #programs: Record<"before" | "after", readonly Struct[]>;
  readonly #kept = new Map<number, Kept>();

  constructor(provider: ProviderProcess, host: Host, name: Name, shape: Shape) {
    this.#provider = provider;
    this.#name = name;
    this.#size = shape.size;
    const programOf = (quantity: number) =>
      formationsOf(shape, quantity).map((properties, index) => {
        const hidden = host === "plugin" ? {} : hiddenOf(name, this.#urn(index));
        return structs.Struct.fromJavaScript({ ...properties, ...hidden });
      });
    this.#programs = { before: programOf(1), after: programOf(2) };
  }

  async configure(): Promise<void> {
    const request = new pb.ConfigureRequest().setArgs(new structs.Struct());
    await this.#provider.call("configure", request.setAcceptsecrets(true));
  }

  async #create(index: number): Promise<void> {
    const inputs = await this.#check(index, "before");
    const request = new pb.CreateRequest().setUrn(this.#urn(index)).setProperties(inputs);
    const created = await this.#provider.call<pb.CreateResponse>("create", request);
    const state = created.getProperties() ?? new structs.Struct();
    this.#kept.set(index, { id: created.getId(), state, inputs });
  }

  async #preview(index: number): Promise<void> {
    await this.#diff(index, await this.#check(index, "before"));
  }

  async #update(index: number): Promise<void> {
    const inputs = await this.#check(index, "after");
    await this.#diff(index, inputs);
    const kept = this.#of(index);
    const request = new pb.UpdateRequest().setUrn(this.#urn(index)).setId(kept.id);
    request.setOlds(kept.state).setOldInputs(kept.inputs).setNews(inputs);
    const updated = await this.#provider.call<pb.UpdateResponse>("update", request);
    const state = updated.getProperties() ?? new structs.Struct();
    this.#kept.set(index, { ...kept, state, inputs });
  }

  async #read(index: number): Promise<void> {
    const { id, state, inputs } = this.#of(index);
    const request = new pb.ReadRequest().setUrn(this.#urn(index)).setId(id);
    await this.#provider.call("read", request.setProperties(state).setInputs(inputs));
  }

  async #delete(index: number): Promise<void> {
    const { id, state } = this.#of(index);
    const request = new pb.DeleteRequest().setUrn(this.#urn(index)).setId(id);
    await this.#provider.call("delete", request.setProperties(state));
    this.#kept.delete(index);
  }

  async #check(index: number, when: "before" | "after"): Promise<Struct> {
    const news = this.#programs[when][index];
    const olds = this.#kept.get(index)?.inputs ?? new structs.Struct();
    const request = new pb.CheckRequest().setUrn(this.#urn(index)).setNews(news).setOlds(olds);
    const checked = await this.#provider.call<pb.CheckResponse>("check", request);
    return checked.getInputs() ?? new structs.Struct();
  }

  async #diff(index: number, inputs: Struct): Promise<void> {
    const { id, state, inputs: olds } = this.#of(index);
    const request = new pb.DiffRequest().setUrn(this.#urn(index)).setId(id);
    request.setOlds(state).setOldInputs(olds).setNews(inputs);
    await this.#provider.call("diff", request);
  }

  #of(index: number): Kept {
    const kept = this.#kept.get(index);
    if (kept === undefined) throw new Error(`resource ${index} was not created`);
    return kept;
  }

  #urn(index: number): string {
    return `urn:pulumi:test::bench::${this.#name}:index:AppFormation::formation${index}`;
  }

  async #each(run: (index: number) => Promise<void>): Promise<void> {
    let next = 0;
    const worker = async () => {
      while (next < this.#size) await run(next++);
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  }
}

/** Pulumi's own provider of dynamic resources; it does without the engine that its argument names. */
const dynamicCommand = [
  "node",
  join(
    createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"),
    "../cmd/dynamic-provider/index.js",
  ),
  "127.0.0.1:1",
] as const;

/** What a class adds to the inputs: the provider as Pulumi serializes it, and the note of ours. */
function hiddenOf(name: Name, urn: string): object {
  const text = providerText("app-formation");
  if (name === "formations") return { [providerKey]: text, __call: { urn } };
  const path = `"pulumi-${name}/provider.js"`;
  return { [providerKey]: text.replace(/"[^"]+\/app-formation\.js"/, path) };
}

function known(samples: readonly (number | undefined)[]): number[] | null {
  const found = samples.filter((sample) => sample !== undefined);
  return found.length > 0 ? found : null;
}
