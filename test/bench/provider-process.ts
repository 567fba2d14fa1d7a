import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import grpc from "@grpc/grpc-js";
import type { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";

type Method = Exclude<keyof ResourceProviderClient, keyof grpc.Client>;

/** A clock tick of Linux's process statistics, in milliseconds. */
const tick = 10;

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
  call<Response>(method: Method, request: unknown): Promise<Response> {
    return new Promise((resolve, reject) => {
      const send = Reflect.get(this.#client, method) as (
        request: unknown,
        done: (error: grpc.ServiceError | null, response: Response) => void,
      ) => void;
      send.call(this.#client, request, (error, response) => {
        if (error) reject(error);
        else resolve(response);
      });
    });
  }

  /** The CPU that it has taken, in milliseconds; undefined where the system doesn't tell. */
  cpu(): number | undefined {
    if (process.platform !== "linux") return undefined;
    const statistics = readFileSync(`/proc/${this.#child.pid}/stat`, "utf8").split(") ")[1] ?? "";
    const fields = statistics.split(" ");
    return (Number(fields[11]) + Number(fields[12])) * tick;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#client.close();
    this.#child.kill("SIGINT");
    await ended;
  }
}
