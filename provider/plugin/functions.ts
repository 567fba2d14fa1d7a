import { type InvokeRequest, InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { invoke as call } from "../resource/reading";
import { secretsOf, union } from "../resource/secrets";
import { containsUnknown, unknownValue } from "../resource/values";
import { functionOf } from "./catalogue";
import type { Host } from "./host";
import { decodeBag, encode } from "./wire";

/** Calls a function. If an argument is unknown, so is the whole result. */
export async function invoke(host: Host, request: InvokeRequest): Promise<InvokeResponse> {
  const definition = functionOf(request.getTok());
  const { properties: args, secrets } = decodeBag(request.getArgs());
  const found = containsUnknown(args)
    ? Object.fromEntries(Object.keys(definition.result.shape).map((key) => [key, unknownValue]))
    : await call(definition, host.session, args, host.call(undefined));
  return new InvokeResponse().setReturn(
    encode(found, union(secrets, secretsOf(definition.result))),
  );
}
