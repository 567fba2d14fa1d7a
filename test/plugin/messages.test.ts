import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Message, providerService } from "../../provider/plugin/messages.ts";
import { decode, encode } from "../../provider/plugin/wire.ts";
import { none } from "../../provider/resource/secrets.ts";
import type { Values } from "../../provider/resource/values.ts";
import { bag } from "./wire.ts";

const seed = 20_260_301;
const urn = "urn:pulumi:dev::p::formations:index:AppFormation::it";
const olds = { held: 1 };
const news = { held: 2, "\u{1f600}": ["x", null, {}] };
const empty = {};

interface Serializable {
  serializeBinary(): Uint8Array;
}
const library: Readonly<Record<string, typeof providerService.check>> =
  providerGrpc.ResourceProviderService;

/** What the plugin makes of a request's bytes. */
function received(method: string, bytes: Uint8Array): Message<unknown, string> {
  return providerService[method]?.requestDeserialize(Buffer.from(bytes));
}

/** What the library makes of them. */
function deserialized(method: string, request: Serializable): unknown {
  return library[method]?.requestDeserialize(Buffer.from(request.serializeBinary()));
}

function contents({ bags }: Message<unknown, string>): Values {
  const read = Object.entries(bags).map(([name, bytes]) => [name, bytes && decode(bytes).values]);
  return Object.fromEntries(read);
}

const autonaming = () => new pb.CheckRequest.AutonamingOptions().setProposedName("x").setMode(2);
const check = () => new pb.CheckRequest().setUrn(urn).setName("it").setAutonaming(autonaming());
const diff = () => new pb.DiffRequest().setUrn(urn).setId("i").setIgnorechangesList(["a", "b"]);
const update = () => new pb.UpdateRequest().setUrn(urn).setId("i").setTimeout(4).setPreview(true);
const create = () => new pb.CreateRequest().setUrn(urn).setPreview(true).setTimeout(2.5);
const read = () => new pb.ReadRequest().setUrn(urn).setId("i").setTimeout(3);
const destroy = () => new pb.DeleteRequest().setUrn(urn).setId("i").setTimeout(5);
const invoke = () => new pb.InvokeRequest().setTok("t").setPreview(true);
const list = () => new pb.ListRequest().setToken("t").setLimit(3).setPageSize(2);
function configure() {
  const request = new pb.ConfigureRequest().setAcceptsecrets(true).setName("");
  request.getVariablesMap().set("formations:config:citusToken", "t");
  return request;
}

function checked() {
  const request = check().setOlds(bag(olds)).setNews(bag(news)).setOldOutputs(bag(empty));
  return [check(), request, { olds, news, oldOutputs: empty }] as const;
}

function changed(make: typeof diff | typeof update) {
  const request = make().setOlds(bag(olds)).setNews(bag(news)).setOldInputs(bag(empty));
  return [make(), request, { olds, news, oldInputs: empty }] as const;
}

const reading = read().setProperties(bag(news)).setInputs(bag(empty));
const destroying = destroy().setProperties(bag(news)).setOldInputs(bag(olds));

/** Each method that gets bags: a request without them, the same with all of them, and what they hold. */
const requests: [string, ...(readonly [Serializable, Serializable, Values])][] = [
  ["checkConfig", ...checked()],
  ["check", ...checked()],
  ["diffConfig", ...changed(diff)],
  ["diff", ...changed(diff)],
  ["update", ...changed(update)],
  ["create", create(), create().setProperties(bag(news)), { properties: news }],
  ["read", read(), reading, { properties: news, inputs: empty }],
  ["delete", destroy(), destroying, { properties: news, oldInputs: olds }],
  ["configure", configure(), configure().setArgs(bag(news)), { args: news }],
  ["invoke", invoke(), invoke().setArgs(bag(news)), { args: news }],
  ["list", list(), list().setQuery(bag(news)), { query: news }],
];

test.each(requests)(
  "a request to %s has its bags beside its fields",
  (method, bare, whole, bags) => {
    const message = received(method, whole.serializeBinary());
    expect(message.fields).toEqual(deserialized(method, bare));
    expect(contents(message)).toEqual(bags);
    expect(contents(received(method, bare.serializeBinary()))).toEqual({});
  },
);

test("bags count wherever they are, the last of two, and unknown fields are passed over", () => {
  const first = new pb.CheckRequest().setNews(bag(olds)).setType("t").serializeBinary();
  const unknown = Buffer.from([0x7a, 0x02, 0x68, 0x69]);
  const second = new pb.CheckRequest().setUrn(urn).setNews(bag(news)).serializeBinary();
  const message = received("check", Buffer.concat([first, unknown, second]));
  const { fields } = message;
  if (!(fields instanceof pb.CheckRequest)) throw new Error("not a check");
  expect([fields.getUrn(), fields.getType(), fields.hasNews()]).toEqual([urn, "t", false]);
  expect(contents(message)).toEqual({ news });
});

test.each([
  ["checkConfig", new pb.CheckResponse(), new pb.CheckResponse().setInputs(bag(news)), "inputs"],
  ["check", failed(), failed().setInputs(bag(news)), "inputs"],
  ["create", created(), created().setProperties(bag(news)), "properties"],
  ["read", readBack(), readBack().setProperties(bag(news)), "properties"],
  ["read", readBack(), readBack().setInputs(bag(news)), "inputs"],
  [
    "update",
    new pb.UpdateResponse(),
    new pb.UpdateResponse().setProperties(bag(news)),
    "properties",
  ],
  ["invoke", new pb.InvokeResponse(), new pb.InvokeResponse().setReturn(bag(news)), "return"],
])("the engine reads the bags of a response to %s (%#)", (method, fields, expected, name) => {
  const { responseSerialize, responseDeserialize } = providerService[method] ?? library.check ?? {};
  const sent = responseSerialize?.({ fields, bags: { [name]: encode(news, none) } });
  expect(sent && responseDeserialize?.(sent)).toEqual(responseDeserialize?.(bytesOf(expected)));
  const without = responseSerialize?.({ fields, bags: {} });
  expect(without).toEqual(bytesOf(fields));
});

function failed() {
  return new pb.CheckResponse().setFailuresList([new pb.CheckFailure().setReason("no")]);
}

function created() {
  return new pb.CreateResponse().setId("i");
}

function readBack() {
  return new pb.ReadResponse().setId("i");
}

function bytesOf(message: Serializable): Buffer {
  return Buffer.from(message.serializeBinary());
}

test("bytes that are cut off, or are no message, are read or refused, as the library does", () => {
  const [, , whole] = requests[1] ?? [];
  const bytes = Buffer.from(whole?.serializeBinary() ?? []);
  const cut = fc.nat({ max: bytes.length }).map((length) => bytes.subarray(0, length));
  fc.assert(
    fc.property(fc.oneof(cut, fc.uint8Array({ maxLength: 100 })), (given) => {
      try {
        contents(received("check", given));
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }),
    { seed, numRuns: 2_000 },
  );
});
