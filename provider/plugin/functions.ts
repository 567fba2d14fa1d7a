import { type InvokeRequest, InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { invoke as call } from "../resource/reading";
import { secretsOf, union } from "../resource/secrets";
import { containsUnknown, unknownValue } from "../resource/values";
import { functionOf } from "./catalogue";
import type { Host } from "./host";
import type { Message } from "./messages";
import { decodeBag, encode } from "./wire";

/** Calls a function. If an argument is unknown, so is the whole result. */
export async function invoke(
  host: Host,
  { fields: request, bags }: Message<InvokeRequest, "args">,
): Promise<Message<InvokeResponse, "return">> {
  const definition = functionOf(request.getTok());
  const { properties: args, secrets } = decodeBag(bags.args);
  const found = containsUnknown(args)
    ? Object.fromEntries(Object.keys(definition.result.shape).map((key) => [key, unknownValue]))
    : await call(definition, host.session, args, host.call(undefined));
  const result = encode(found, union(secrets, secretsOf(definition.result)));
  return { fields: new InvokeResponse(), bags: { return: result } };
}
