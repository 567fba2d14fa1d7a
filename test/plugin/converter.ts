import { join } from "node:path";
import grpc from "@grpc/grpc-js";
import converterGrpc, { type ConverterClient } from "@pulumi/pulumi/proto/converter_grpc_pb.js";
import pb, {
  type ConvertStateResponse,
  type ResourceImport,
} from "@pulumi/pulumi/proto/converter_pb.js";
import { onTestFinished } from "vitest";
import { compiledClone } from "../../build/engine/package.ts";
import { type Failure, failureOf, startServing } from "./plugin.ts";

/** What the converter answered to `pulumi import --from formations -- …`. */
export interface Converted {
  resources: ResourceImport[];
  /** As `severity: summary; detail`. */
  diagnostics: string[];
}

const severities = ["invalid", "error", "warning"];

/** The converter as the engine runs it: its own process, called over gRPC. */
export class Converter {
  readonly client: ConverterClient;
  /** What it wrote to its error output, which the engine shows. */
  written = "";

  constructor(client: ConverterClient) {
    this.client = client;
  }

  /** Converts; a failure of the call is thrown. */
  async convert(...args: string[]): Promise<Converted> {
    const outcome = await this.#convertState(args);
    if ("text" in outcome) throw new Error(outcome.text);
    return {
      resources: outcome.getResourcesList(),
      diagnostics: outcome
        .getDiagnosticsList()
        .map((one) => `${severities[one.getSeverity()]}: ${one.getSummary()}; ${one.getDetail()}`),
    };
  }

  /** Converts, which must fail. */
  async failure(...args: string[]): Promise<Failure> {
    const outcome = await this.#convertState(args);
    if ("text" in outcome) return outcome;
    throw new Error("the conversion did not fail");
  }

  /** The response, or why there is none. */
  #convertState(args: string[]): Promise<ConvertStateResponse | Failure> {
    return new Promise((resolve) => {
      this.client.convertState(new pb.ConvertStateRequest().setArgsList(args), (error, response) =>
        resolve(error ? failureOf(error) : response),
      );
    });
  }
}

/**
 * Starts the converter for the running test.
 *
 * @param command - what starts it. Default: the executable of this clone, compiled.
 */
export async function startConverter(
  env: Record<string, string> = {},
  command?: readonly [string, ...string[]],
): Promise<Converter> {
  const file = join(await compiledClone(), "pulumi-converter-formations");
  const { child, port } = await startServing(command ?? [file], env);
  const client = new converterGrpc.ConverterClient(
    `127.0.0.1:${port}`,
    grpc.credentials.createInsecure(),
  );
  onTestFinished(() => client.close());
  const converter = new Converter(client);
  child.stderr?.on("data", (bytes: Buffer) => {
    converter.written += bytes;
  });
  return converter;
}
