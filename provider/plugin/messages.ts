import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Reader, Writer } from "protobufjs/minimal";

/*
 * Most of what the engine sends and gets is property bags. The generated messages would make an object of
 * every value in them, which takes longer than all else that a plan does. So the bags go past the messages:
 * they stay bytes until wire.ts makes plain values of those that a call reads.
 */

/** A message without its property bags, and beside it those that it has, as bytes. */
export interface Message<Fields, Bag extends string> {
  fields: Fields;
  bags: { readonly [name in Bag]?: Uint8Array };
}

/** The numbers of a message's property bags, by their names. */
type BagNumbers = Readonly<Record<string, number>>;

/** The methods whose messages have property bags, among them some that nothing reads. */
const bagsOf: Readonly<Record<string, { request: BagNumbers; response: BagNumbers }>> = {
  checkConfig: { request: { olds: 2, news: 3, oldOutputs: 9 }, response: { inputs: 1 } },
  diffConfig: { request: { olds: 3, news: 4, oldInputs: 6 }, response: {} },
  configure: { request: { args: 2 }, response: {} },
  invoke: { request: { args: 2 }, response: { return: 1 } },
  check: { request: { olds: 2, news: 3, oldOutputs: 9 }, response: { inputs: 1 } },
  diff: { request: { olds: 3, news: 4, oldInputs: 6 }, response: {} },
  create: { request: { properties: 2 }, response: { properties: 2 } },
  read: { request: { properties: 3, inputs: 4 }, response: { properties: 2, inputs: 3 } },
  list: { request: { query: 2 }, response: {} },
  update: { request: { olds: 3, news: 4, oldInputs: 8 }, response: { properties: 1 } },
  delete: { request: { properties: 3, oldInputs: 5 }, response: {} },
};

/** The engine's service, whose methods get and return a {@link Message} where one has property bags. */
export const providerService: ServiceDefinition = Object.fromEntries(
  Object.entries(ResourceProviderService).map(([name, method]) => [name, withBags(name, method)]),
);

function withBags(name: string, method: MethodDefinition<unknown, unknown>) {
  const { request = {}, response = {} } = bagsOf[name] ?? {};
  const names = new Map(Object.entries(request).map(([bag, number]) => [number, bag]));
  return {
    ...method,
    ...(names.size > 0 && { requestDeserialize: (bytes: Buffer) => read(method, names, bytes) }),
    ...(Object.keys(response).length > 0 && {
      responseSerialize: (message: Message<unknown, string>) => write(method, response, message),
    }),
  };
}

/** The last three bits of a field's tag, where the field is bytes. */
const ofBytes = 2;

/** @throws Error when the bytes are no message; the gRPC library makes a status of it. */
function read(
  { requestDeserialize }: MethodDefinition<unknown, unknown>,
  names: ReadonlyMap<number, string>,
  bytes: Buffer,
): Message<unknown, string> {
  const reader = Reader.create(bytes);
  const bags: Record<string, Uint8Array> = {};
  const others: Uint8Array[] = [];
  let from = 0;
  while (reader.pos < reader.len) {
    const at = reader.pos;
    const tag = reader.uint32();
    const name = names.get(tag >>> 3);
    if (name === undefined || (tag & 7) !== ofBytes) {
      reader.skipType(tag & 7);
      continue;
    }
    others.push(bytes.subarray(from, at));
    bags[name] = reader.bytes();
    from = reader.pos;
  }
  others.push(bytes.subarray(from));
  return { fields: requestDeserialize(joined(others)), bags };
}

function write(
  { responseSerialize }: MethodDefinition<unknown, unknown>,
  numbers: BagNumbers,
  { fields, bags }: Message<unknown, string>,
): Buffer {
  const writer = Writer.create();
  for (const [name, number] of Object.entries(numbers)) {
    const bag = bags[name];
    if (bag) writer.uint32((number << 3) | ofBytes).bytes(bag);
  }
  return joined([responseSerialize(fields), writer.finish()]);
}

/** Buffer.concat, without looking at each part three times: this runs twice for every call. */
function joined(parts: readonly Uint8Array[]): Buffer {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = Buffer.allocUnsafe(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
