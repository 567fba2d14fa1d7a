import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import grpc from "@grpc/grpc-js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { compiledClone } from "../engine/package.ts";
import { repository } from "../engine/repository.ts";

type Command = readonly [string, ...string[]];

/** Milliseconds from the start of a process. */
interface Start {
  port: number;
  answer: number;
}

const repeats = Number(process.argv[2] ?? 25);

/**
 * Prints how long the plugin takes from its start to its first answer, beside a provider that does
 * nothing and is not bundled. They are started in turn, so that what else the machine does hits both.
 */
async function main(): Promise<void> {
  const executable = join(await compiledClone(), "pulumi-resource-formations");
  const floor = join(repository, "test", "bench", "floor", "plugin.js");
  const cache = mkdtempSync(join(tmpdir(), "formations-bench-"));
  const env = { ...process.env, NODE_COMPILE_CACHE: undefined, XDG_CACHE_HOME: cache };
  const floors: Start[] = [];
  const plugins: Start[] = [];
  try {
    // The first start of each fills caches, the plugin's of compiled code among them.
    for (let round = 0; round <= repeats; round++) {
      const ofFloor = await measure([process.execPath, floor], env);
      const ofPlugin = await measure([executable], env);
      if (round === 0) continue;
      floors.push(ofFloor);
      plugins.push(ofPlugin);
    }
  } finally {
    rmSync(cache, { recursive: true });
  }
  console.log(`${repeats} starts each on Node.js ${process.versions.node}, in ms:`);
  console.table({ "bare gRPC server": row(floors), "pulumi-resource-formations": row(plugins) });
  const ratio = medianOf(plugins, "answer") / medianOf(floors, "answer");
  console.log(`Ratio of the median first answers: ${ratio.toFixed(2)}`);
}

/** Starts a provider as the engine does, and ends it after its first answer. */
async function measure([file, ...args]: Command, env: NodeJS.ProcessEnv): Promise<Start> {
  const started = performance.now();
  const child = spawn(file, args, { env, stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(createInterface(child.stdout), "line");
  const port = performance.now() - started;
  const client = new providerGrpc.ResourceProviderClient(
    `127.0.0.1:${line}`,
    grpc.credentials.createInsecure(),
  );
  await new Promise<void>((resolve, reject) => {
    client.handshake(new pb.ProviderHandshakeRequest(), (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
  const answer = performance.now() - started;
  client.close();
  child.kill("SIGINT");
  await once(child, "exit");
  return { port, answer };
}

function row(all: readonly Start[]): Record<string, number> {
  return {
    "port line, median": medianOf(all, "port"),
    "first answer, median": medianOf(all, "answer"),
    fastest: round(Math.min(...all.map(({ answer }) => answer))),
  };
}

function medianOf(all: readonly Start[], key: keyof Start): number {
  const sorted = all.map((start) => start[key]).toSorted((a, b) => a - b);
  return round(sorted[sorted.length >> 1] ?? Number.NaN);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
