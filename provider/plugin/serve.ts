import {
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { endWithEngine } from "../process/end-with-engine";
import { complain } from "../process/output";

/** The engine's own limit for a message, in bytes. */
const messageLimit = 400 * 1024 * 1024;

/**
 * Serves a plugin to the engine, on the loopback interface, until the engine is gone.
 *
 * @returns settles when the engine knows the port, which it reads from the first line of the output, or
 * that there is none
 */
export function servePlugin(
  service: ServiceDefinition,
  implementation: UntypedServiceImplementation,
): Promise<void> {
  // A stray failure must not end the creations that other calls are waiting for.
  for (const event of ["uncaughtException", "unhandledRejection"]) {
    process.on(event, (error: unknown) => {
      complain(`pulumi-formations: ${error instanceof Error ? error.message : error}`);
    });
  }
  endWithEngine();
  return listen(service, implementation).then(
    (port) => console.log(port),
    (error: unknown) => {
      complain(`pulumi-formations could not start: ${error}`);
      process.exitCode = 1;
    },
  );
}

/** Listens at a port that is free, and returns it. */
function listen(
  service: ServiceDefinition,
  implementation: UntypedServiceImplementation,
): Promise<number> {
  const server = new Server({
    "grpc.max_receive_message_length": messageLimit,
    "grpc.max_send_message_length": messageLimit,
    // Counts of every call, for a diagnostic service that no plugin serves.
    "grpc.enable_channelz": 0,
  });
  server.addService(service, implementation);
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve(port);
    });
  });
}
