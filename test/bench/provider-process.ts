import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import grpc from "@grpc/grpc-js";
import type { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { timesOf } from "../support/process-usage.ts";
import { callProvider, type ProviderMethod } from "../support/provider-call.ts";

/** A provider as the engine starts it, without the engine. */
export class ProviderProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #client: ResourceProviderClient;

  private constructor(child: ChildProcess, port: string) {
    this.#child = child;
    this.#client = new providerGrpc.ResourceProviderClient(
      `127.0.0.1:${port}`,
      grpc.credentials.createInsecure(),
    );
  }

  static async start(
    [file, ...args]: readonly [string, ...string[]],
    options: { env: NodeJS.ProcessEnv; cwd?: string },
  ): Promise<ProviderProcess> {
    const child = spawn(file, args, { ...options, stdio: ["pipe", "pipe", "inherit"] });
    const [line] = await once(createInterface(child.stdout), "line");
    return new ProviderProcess(child, String(line));
  }

  /** @throws the error of the call */
  call<Response>(method: ProviderMethod, request: unknown): Promise<Response> {
    return callProvider(this.#client, method, request);
  }

  /** The CPU that it has taken, in milliseconds; undefined where the system doesn't tell. */
  cpu(): number | undefined {
    return timesOf(this.#child.pid ?? 0)?.cpu;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#client.close();
    this.#child.kill("SIGINT");
    await ended;
  }
}
