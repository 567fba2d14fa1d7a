import { once } from "node:events";
import type {
  handleServerStreamingCall,
  handleUnaryCall,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { type PluginAttach, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import {
  GetMappingResponse,
  GetMappingsResponse,
  type GetSchemaRequest,
  GetSchemaResponse,
  type ProviderHandshakeRequest,
  ProviderHandshakeResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { packageVersion } from "../process/version";
import { catalogue, lazily } from "./catalogue";
import { Host } from "./host";
import { refusal, Unsupported } from "./status";

// What only some calls need is loaded by the first that does.
const configuration = lazily((): typeof import("./configuration") => require("./configuration"));
const functions = lazily((): typeof import("./functions") => require("./functions"));
const listing = lazily((): typeof import("./listing") => require("./listing"));
const packages = lazily((): typeof import("../schema/package") => require("../schema/package"));
const planning = lazily((): typeof import("./planning") => require("./planning"));
const verbs = lazily((): typeof import("./verbs") => require("./verbs"));

const use = Promise.withResolvers<void>();

/** Settles when the first call that talks to a server has been answered. */
export const used = use.promise;

/**
 * The service that the engine calls. The gRPC library answers methods that are not here (components,
 * method calls) as unimplemented.
 *
 * @param engine where the engine listens, if it said so when it started the plugin: `127.0.0.1:41873`
 */
export function createService(engine: string | undefined): UntypedServiceImplementation {
  const host = new Host();
  if (engine) host.log.attach(engine);

  return {
    handshake: unary((request: ProviderHandshakeRequest) => {
      host.log.attach(request.getEngineAddress());
      return new ProviderHandshakeResponse()
        .setAcceptSecrets(true)
        .setAcceptResources(true)
        .setAcceptOutputs(false)
        .setSupportsAutonamingConfiguration(true);
    }),
    attach: unary((request: PluginAttach) => {
      host.log.attach(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary(() => new PluginInfo().setVersion(packageVersion())),
    getSchema: unary((request: GetSchemaRequest) =>
      new GetSchemaResponse().setSchema(schema(request)),
    ),
    getMapping: unary(() => new GetMappingResponse()),
    getMappings: unary(() => new GetMappingsResponse()),
    parameterize: unary(() => {
      throw new Unsupported("The formations provider takes no parameters.");
    }),
    cancel: unary(() => {
      host.cancel();
      return new Empty();
    }),
    checkConfig: unary((request) => configuration().checkConfig(host, request)),
    diffConfig: unary((request) => configuration().diffConfig(host, request)),
    configure: unary((request) => configuration().configure(host, request)),
    invoke: unary((request) => functions().invoke(host, request)),
    check: unary((request) => planning().check(host, request)),
    diff: unary((request) => planning().diff(host, request)),
    create: operation((request) => verbs().create(host, request)),
    read: operation((request) => verbs().read(host, request)),
    list: streamed((request, signal) => listing().list(host, request, signal)),
    update: operation((request) => verbs().update(host, request)),
    delete: operation((request) => verbs().destroy(host, request)),
  } satisfies UntypedServiceImplementation;

  /** Answers a call, or says why not, after what was logged. */
  function unary<Request, Response>(
    answer: (request: Request) => Response | Promise<Response>,
  ): handleUnaryCall<Request, Response> {
    return async ({ request }, callback) => {
      try {
        const response = await answer(request);
        await host.log.flush();
        callback(null, response);
      } catch (error) {
        await host.log.flush();
        callback(refusal(host.explained(error)));
      }
    };
  }

  /** Answers a call that talks to a server. */
  function operation<Request, Response>(
    answer: (request: Request) => Promise<Response>,
  ): handleUnaryCall<Request, Response> {
    const serve = unary(answer);
    return (call, callback) =>
      serve(call, (...response) => {
        callback(...response);
        use.resolve();
      });
  }

  /** Answers a call part by part, each made when the one before can be sent, or says why not. */
  function streamed<Request, Response>(
    answer: (request: Request, signal: AbortSignal) => AsyncIterable<Response>,
  ): handleServerStreamingCall<Request, Response> {
    return async (call) => {
      const aborter = new AbortController();
      const { signal } = aborter;
      call.on("cancelled", () => aborter.abort());
      try {
        for await (const response of answer(call.request, signal)) {
          if (!call.write(response)) await once(call, "drain", { signal });
        }
        await host.log.flush();
        call.end();
      } catch (error) {
        if (signal.aborted) return;
        await host.log.flush();
        call.emit("error", refusal(host.explained(error)));
      }
    };
  }
}

/** Loads what no call has loaded yet, so that the code compiled of it can be kept. */
export function loadRest(): void {
  for (const load of [configuration, functions, listing, planning, verbs, catalogue]) load();
}

function schema(request: GetSchemaRequest): string {
  if (request.getSubpackageName() !== "") {
    throw new Unsupported("The formations provider has no subpackages.");
  }
  return JSON.stringify(packages().packageSchema());
}
