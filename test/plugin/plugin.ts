import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import grpc from "@grpc/grpc-js";
import engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type { LogRequest, RequirePulumiVersionRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import enginePb from "@pulumi/pulumi/proto/engine_pb.js";
import type { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type {
  ErrorResourceInitFailed,
  ListRequest,
  ListResponse,
} from "@pulumi/pulumi/proto/provider_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import empties from "google-protobuf/google/protobuf/empty_pb.js";
import { beforeAll, onTestFinished } from "vitest";
import { compiledClone } from "../../build/engine/package.ts";
import type { Values } from "../../provider/resource/values.ts";
import { callProvider, type ProviderMethod } from "../support/provider-call.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";
import { bag } from "./wire.ts";

/** What the plugin told the engine's user. */
export interface Logged {
  severity: "debug" | "info" | "warning" | "error";
  urn: string;
  text: string;
  ephemeral: boolean;
}

/** Why a call failed. */
export interface Failure {
  code: number;
  text: string;
  /** Set where a resource exists but is not ready. */
  init?: ErrorResourceInitFailed;
}

/** What one call of a list gave. */
export interface ListedPart {
  ids: string[];
  names: string[];
  /** Where it continues; "": nowhere. */
  token: string;
  /** Whether the query was not known yet. */
  isComputed: boolean;
  /** Why it ended early. */
  failure?: Failure;
}

const severities = ["debug", "info", "warning", "error"] as const;

/** The plugin as the engine runs it: its own process, started by its executable, called over gRPC. */
export class Plugin {
  readonly logs: Logged[] = [];
  readonly client: ResourceProviderClient;
  readonly process: ChildProcess;
  /** What it wrote to its error output. */
  written = "";
  /** Where the engine listens that it was started by. */
  readonly engine: string;

  constructor(process: ChildProcess, port: number, engine: string, logs: Logged[]) {
    this.process = process;
    this.engine = engine;
    this.logs = logs;
    this.client = new providerGrpc.ResourceProviderClient(
      `127.0.0.1:${port}`,
      grpc.credentials.createInsecure(),
      { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 },
    );
  }

  /** Calls a method; a failure is thrown as a {@link CallFailed}. */
  async call<Response>(method: ProviderMethod, request: unknown): Promise<Response> {
    try {
      return await callProvider<Response>(this.client, method, request);
    } catch (error) {
      throw new CallFailed(failureOf(error as grpc.ServiceError));
    }
  }

  /** A call that must fail. */
  async failure(method: ProviderMethod, request: unknown): Promise<Failure> {
    try {
      await this.call(method, request);
    } catch (error) {
      if (error instanceof CallFailed) return error.failure;
      throw error;
    }
    throw new Error(`${method} did not fail`);
  }

  /**
   * Configures it, as the engine does before anything that needs a system.
   *
   * @param name - the provider's, which a command of `pulumi do` leaves empty. Default: of a deployment.
   */
  async configure(config: Values, name = "default"): Promise<void> {
    const request = new pb.ConfigureRequest().setArgs(bag(config)).setAcceptsecrets(true);
    await this.call("configure", request.setName(name));
  }

  /**
   * Lists, and gives what came: all of it, or what came before the failure.
   *
   * @param onResult - told of each resource as it comes; what it gets cancels the call.
   */
  list(request: ListRequest, onResult?: (cancel: () => void) => void): Promise<ListedPart> {
    const part: ListedPart = { ids: [], names: [], token: "", isComputed: false };
    const stream = this.client.list(request);
    stream.on("data", (response: ListResponse) => {
      if (response.hasComputed()) part.isComputed = true;
      part.token = response.getContinuation()?.getContinuationToken() ?? part.token;
      const result = response.getResult();
      if (!result) return;
      part.ids.push(result.getId());
      part.names.push(result.getName());
      onResult?.(() => stream.cancel());
    });
    return new Promise((resolve) => {
      stream.on("error", (error: grpc.ServiceError) =>
        resolve({ ...part, failure: failureOf(error) }),
      );
      stream.on("end", () => resolve(part));
    });
  }

  cancel(): Promise<unknown> {
    return this.call("cancel", new empties.Empty());
  }

  /** What is shown for good, as `severity: text`. */
  said(): string[] {
    return this.logs
      .filter(({ ephemeral }) => !ephemeral)
      .map(({ severity, text }) => `${severity}: ${text}`);
  }
}

/** A call that the plugin refused. */
export class CallFailed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.text);
    this.failure = failure;
  }
}

// Compiled before the first test of a file, which would not have the time for it.
beforeAll(async () => {
  await compiledClone();
}, 120_000);

/**
 * Starts the plugin for the running test, with an engine that takes its messages.
 *
 * @param command - what starts it. Default: the executable of this clone, compiled.
 * @param version - the minor version of the engine; undefined: it can't be asked for it.
 */
export async function startPlugin(
  env: Record<string, string> = {},
  input: "ignore" | "pipe" = "ignore",
  command?: readonly [string, ...string[]],
  version: { engine: number | undefined } = { engine: 1000 },
): Promise<Plugin> {
  const [file, ...args] = command ?? [join(await compiledClone(), "pulumi-resource-formations")];
  const logs: Logged[] = [];
  const engine = await startEngine(logs, version.engine);
  const { child, port } = await startServing([file, ...args, engine], env, input);
  const plugin = new Plugin(child, port, engine, logs);
  child.stderr?.on("data", (bytes: Buffer) => {
    plugin.written += bytes;
    // Traces are asked for to be looked into; of anything else a failed test tells.
    if (!("GRPC_TRACE" in env)) process.stderr.write(bytes);
  });
  onTestFinished(() => plugin.client.close());
  return plugin;
}

/** A process that serves, which ends with the running test. */
export interface Serving {
  child: ChildProcess;
  /** What it printed first. */
  port: number;
}

/** Starts what serves the engine, as the engine does. */
export async function startServing(
  [file, ...args]: readonly [string, ...string[]],
  env: Record<string, string> = {},
  input: "ignore" | "pipe" = "ignore",
): Promise<Serving> {
  const root = await compiledClone();
  const child = spawn(file, args, {
    env: {
      PATH: process.env.PATH,
      TMPDIR: ownTemporaryFolder(),
      NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "pulumi-formations", "compiled"),
      ...env,
    },
    stdio: [input, "pipe", "pipe"],
  });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill();
    await once(child, "exit");
  });
  if (!child.stdout) throw new Error("the process has no output");
  const [line] = await once(createInterface(child.stdout), "line");
  return { child, port: Number(line) };
}

/** @param minor of its version; undefined: it can't be asked for that */
async function startEngine(logs: Logged[], minor: number | undefined): Promise<string> {
  const server = new grpc.Server();
  const log: grpc.handleUnaryCall<LogRequest, unknown> = ({ request }, answer) => {
    logs.push({
      severity: severities[request.getSeverity()] ?? "debug",
      urn: request.getUrn(),
      text: request.getMessage(),
      ephemeral: request.getEphemeral(),
    });
    answer(null, new empties.Empty());
  };
  const requirePulumiVersion: grpc.handleUnaryCall<RequirePulumiVersionRequest, unknown> = (
    { request },
    answer,
  ) => {
    const range = request.getPulumiVersionRange();
    const [, least = 0] = /^>=3\.(\d+)\.0-0$/.exec(range) ?? [];
    const details = `Pulumi CLI version 3.${minor}.1 does not satisfy the version range "${range}"`;
    if ((minor ?? 0) >= Number(least)) answer(null, new enginePb.RequirePulumiVersionResponse());
    else answer({ code: grpc.status.UNKNOWN, details });
  };
  const old = { log };
  server.addService(
    engineGrpc.EngineService,
    minor === undefined ? old : { ...old, requirePulumiVersion },
  );
  onTestFinished(() => server.forceShutdown());
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve(`127.0.0.1:${port}`);
    });
  });
}

/** What a call failed with. */
export function failureOf({ code, details, metadata }: grpc.ServiceError): Failure {
  const [rich] = metadata.get("grpc-status-details-bin");
  if (!(rich instanceof Uint8Array)) return { code, text: details };
  const [detail] = statuses.Status.deserializeBinary(rich).getDetailsList();
  const init = detail?.unpack(
    pb.ErrorResourceInitFailed.deserializeBinary,
    "pulumirpc.ErrorResourceInitFailed",
  );
  return { code, text: details, init: init ?? undefined };
}
