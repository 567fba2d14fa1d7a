import type grpc from "@grpc/grpc-js";
import type { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";

/** A method of a provider. */
export type ProviderMethod = Exclude<keyof ResourceProviderClient, keyof grpc.Client>;

/** Calls a method of a provider whose name is a value. Rejects with the error of the gRPC library. */
export function callProvider<Response>(
  client: ResourceProviderClient,
  method: ProviderMethod,
  request: unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const send = Reflect.get(client, method) as (
      request: unknown,
      done: (error: grpc.ServiceError | null, response: Response) => void,
    ) => void;
    send.call(client, request, (error, response) => {
      if (error) reject(error);
      else resolve(response);
    });
  });
}
