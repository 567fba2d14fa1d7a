import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import grpc from "@grpc/grpc-js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { compiledClone } from "../../build/engine/package.ts";
import { repository } from "../../build/repository.ts";
import type { Name } from "./contender.ts";

type Command = readonly [string, ...string[]];

/** Milliseconds from the start of a process. */
export interface Start {
  port: number;
  answer: number;
}

/**
 * Starts the plugin, and a provider that does nothing and is not bundled, in turn, so that what else
 * the machine does hits both.
 *
 * @param repeats of each; the first start of each, which fills caches, comes on top
 */
export async function measureStarts(repeats: number): Promise<Record<Name, Start[]>> {
  const executable = join(await compiledClone(), "pulumi-resource-formations");
  const floor = join(repository, "test", "bench", "floor", "plugin.cjs");
  const cache = mkdtempSync(join(tmpdir(), "formations-bench-"));
  const env = { ...process.env, NODE_COMPILE_CACHE: undefined, XDG_CACHE_HOME: cache };
  const starts: Record<Name, Start[]> = { floor: [], formations: [] };
  try {
    for (let round = 0; round <= repeats; round++) {
      const ofFloor = await measure([process.execPath, floor], env);
      const ofPlugin = await measure([executable], env);
      if (round === 0) continue;
      starts.floor.push(ofFloor);
      starts.formations.push(ofPlugin);
    }
  } finally {
    rmSync(cache, { recursive: true });
  }
  return starts;
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
