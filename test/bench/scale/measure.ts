import { globSync, statSync } from "node:fs";
import { join } from "node:path";
import { AkkerisSimulator } from "../../../simulators/akkeris.ts";
import { addApps, type Contender, type Host, openContender, type Shape } from "../contender.ts";
import { median } from "../median.ts";
import { ObjectStore } from "./object-store.ts";
import { watchProcesses } from "./processes.ts";
import type { Operation, StackResult, Traffic, Writing } from "./results.ts";

/** From this size on, a state that is written after each step takes minutes, and S3 takes it in parts. */
const mostWithCheckpoints = 1_000;

const unattended = ["--yes", "--skip-preview"];
const up = ["up", ...unattended];

const environments: Record<Writing, Record<string, string>> = {
  plain: {},
  gzip: { PULUMI_DIY_BACKEND_GZIP: "true" },
  end: { PULUMI_EXPERIMENTAL: "1", PULUMI_SKIP_CHECKPOINTS: "true" },
};

/** What is measured of a stack. */
export interface Plan {
  host: Host;
  /** How many resources it has. */
  size: number;
  /** How often each run that changes nothing is measured; the medians are kept. */
  repeats: number;
  /** How the state is written to an object store; none: no store is used. */
  writings: readonly Writing[];
}

/** Measures a stack of app formations, one per app, on the real engine and a simulator of Akkeris. */
export async function measureStack(plan: Plan): Promise<StackResult> {
  const akkeris = await new AkkerisSimulator().start();
  try {
    return await measure(plan, akkeris);
  } finally {
    await akkeris.close();
  }
}

async function measure(plan: Plan, akkeris: AkkerisSimulator): Promise<StackResult> {
  const { host, size, writings } = plan;
  akkeris.writeDelay = 0;
  const env = { FORMATIONS_AKKERIS_URL: akkeris.url, FORMATIONS_AKKERIS_TOKEN: akkeris.token };
  await using contender = await openContender(host, "formations", shapeOf(size), env);
  await contender.declare(1);
  await contender.run(["preview"], {}); // Fills what a user's machine has from earlier runs.
  const creation: StackResult["creation"] = {};
  let unchanged: Traffic | undefined;
  for (const writing of writings) {
    renewApps(akkeris, size);
    await using store = await ObjectStore.start();
    const run = (args: readonly string[]) =>
      contender.run(args, { ...environments[writing], ...store.env });
    await run(["stack", "init", "test"]);
    store.takeTraffic();
    await run(up);
    creation[writing] = store.takeTraffic();
    if (writing !== "plain") continue;
    await run(up);
    unchanged = store.takeTraffic();
  }
  renewApps(akkeris, size);
  const files = await measureFiles(plan, contender, akkeris);
  return { host, size, ...files, creation, ...(unchanged && { unchanged }) };
}

/** Runs every operation with the state in files, as it is by default. */
async function measureFiles(
  { size, repeats }: Plan,
  contender: Contender,
  akkeris: AkkerisSimulator,
) {
  const sample = async (args: readonly string[], env = {}): Promise<Operation> => {
    akkeris.clearRequests();
    const endWatch = watchProcesses();
    const { durationMs } = await contender.run(args, env);
    return { seconds: durationMs / 1000, ...endWatch(), requests: akkeris.requests.length };
  };
  const samples = async (args: readonly string[]): Promise<Operation> => {
    const found: Operation[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) found.push(await sample(args));
    return middleOf(found);
  };
  const checkpoints = size <= mostWithCheckpoints;
  const create = await sample(up, checkpoints ? {} : environments.end);
  const state = bytesIn(contender.backend, "stacks");
  const preview = await samples(["preview"]);
  const before = keptIn(contender.backend);
  const unchanged = await samples(up);
  const kept = (keptIn(contender.backend) - before) / repeats;
  const refresh = await samples(["refresh", ...unattended]);
  const exported = await samples(["stack", "export"]);
  const operations = { create, preview, up: unchanged, refresh, export: exported };
  return { state, kept, checkpoints, operations };
}

/** Leaves the account with so many apps, without formations. */
function renewApps(akkeris: AkkerisSimulator, size: number): void {
  akkeris.apps.clear();
  addApps(akkeris, shapeOf(size));
}

function shapeOf(size: number): Shape {
  return { size, types: 1 };
}

/** Figure by figure, the middle one. */
function middleOf(samples: readonly Operation[]): Operation {
  const of = (figure: (sample: Operation) => number) => median(samples.map(figure));
  return {
    seconds: of(({ seconds }) => seconds),
    cpu: of(({ cpu }) => cpu),
    requests: of(({ requests }) => requests),
    memory: {
      engine: of(({ memory }) => memory.engine),
      provider: of(({ memory }) => memory.provider),
      program: of(({ memory }) => memory.program),
    },
  };
}

function keptIn(backend: string): number {
  return bytesIn(backend, "backups") + bytesIn(backend, "history");
}

/** Bytes of the files of one kind that the backend has of its stack. */
function bytesIn(backend: string, kind: "stacks" | "backups" | "history"): number {
  const folder = join(backend, ".pulumi", kind);
  return globSync("**/*.json", { cwd: folder })
    .map((file) => statSync(join(folder, file)).size)
    .reduce((sum, size) => sum + size, 0);
}
