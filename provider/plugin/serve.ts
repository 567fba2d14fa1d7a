import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { createService } from "./service";

/** The engine's own limit for a message, in bytes. */
const messageLimit = 400 * 1024 * 1024;

/**
 * Serves the provider to the engine on the loopback interface until the process ends.
 *
 * @param engine where the engine listens, if known: `127.0.0.1:41873`
 * @returns the port that it listens at
 */
export function serve(engine: string | undefined): Promise<number> {
  const server = new Server({
    "grpc.max_receive_message_length": messageLimit,
    "grpc.max_send_message_length": messageLimit,
  });
  server.addService(ResourceProviderService, createService(engine));
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve(port);
    });
  });
}
