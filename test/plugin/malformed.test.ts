import type { ServiceError } from "@grpc/grpc-js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import * as fc from "fast-check";
import type { Message } from "google-protobuf";
import { expect, onTestFinished, test } from "vitest";
import { functions } from "../../provider/index.ts";
import { kindKey, type Values } from "../../provider/resource/values.ts";
import { appFormation } from "../akkeris/subjects.ts";
import { subjects, systems } from "../subjects.ts";
import { Account } from "../support/account.ts";
import { definitionOf } from "../support/definition.ts";
import { type Plugin, startPlugin } from "./plugin.ts";
import { bag, configured, output, resource, secret, unknown } from "./wire.ts";

/*
 * What no engine sends. The seed is fixed, so that a failure is one each time; fast-check prints it
 * with the smallest request that fails.
 */
const seed = 20_260_101;
const patience = 30_000;

/** Every method of the protocol that takes one message and answers with one, by its path. */
const methods = new Map(
  Object.values(providerGrpc.ResourceProviderService)
    .filter(({ requestStream, responseStream }) => !requestStream && !responseStream)
    .map(({ path }) => [path.split("/")[2] ?? "", path]),
);

/** Any value that a property bag can hold. */
const { value: anything } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom<unknown>(
      ...[null, true, false, 0, -1, 1e308, 1.5, "", " ", unknown, "x".repeat(100_000)],
      ...["us-east-1", "__proto__", "constructor", "{{", "urn:pulumi:a::b::c::d", "\u0000\ud800é"],
    ),
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.string({ maxLength: 8 }), tie("value"), { maxKeys: 3 }),
    tie("value").map(secret),
    fc.record({ value: tie("value"), secret: fc.boolean() }).map(output),
    fc.record({ id: tie("value"), urn: tie("value") }).map(resource),
    tie("value").map((kind) => ({ [kindKey]: kind })),
  ),
}));

/** A property bag with some of the keys that are asked for and some that are not, and any values. */
function anyBag(keys: readonly string[], base: Values = {}): fc.Arbitrary<Values> {
  const marks = ["__autoname", "__pending", "__unfinished", "nonsense", ""];
  const key = fc.constantFrom(...keys, ...marks);
  const wrong = fc.dictionary(key, anything, { maxKeys: 6 });
  return fc.tuple(wrong, fc.boolean()).map(([values, isBased]) => ({
    ...(isBased ? base : {}),
    ...values,
  }));
}

interface Answered {
  error: ServiceError | null;
  bytes: Buffer | undefined;
}

/** Sends bytes to a method, and takes any answer. */
function send(plugin: Plugin, method: string, bytes: Uint8Array): Promise<Answered> {
  const path = methods.get(method) ?? "";
  return new Promise((resolve) => {
    plugin.client.makeUnaryRequest(
      path,
      Buffer.from,
      (answer: Buffer) => answer,
      bytes,
      { deadline: Date.now() + patience },
      (error, answer) => resolve({ error, bytes: answer }),
    );
  });
}

/** Sends a request, which has to be answered: with a response, or with a status in words. */
async function demandAnswer(plugin: Plugin, method: string, request: Message | Uint8Array) {
  const bytes = request instanceof Uint8Array ? request : request.serializeBinary();
  const { error } = await send(plugin, method, bytes);
  if (!error) return;
  expect(error.details, method).toMatch(/\w+ \w+/);
  expect(error.details, method).not.toMatch(
    /\n\s+at |Internal error in|DEADLINE|is not a function/,
  );
  expect(error.details.length, method).toBeLessThan(30_000);
}

/** A plugin with all systems, at which some of what is asked really happens. */
async function world(): Promise<Plugin> {
  const account = await new Account(systems, 5000).start();
  onTestFinished(() => account.close());
  const plugin = await startPlugin();
  await plugin.configure(configured(account.access));
  return plugin;
}

async function demandAlive(plugin: Plugin): Promise<void> {
  await plugin.call("getSchema", new pb.GetSchemaRequest());
  expect(plugin.process.exitCode).toBeNull();
}

function assertAlways<Ts>(property: fc.IAsyncProperty<Ts>, numRuns: number): Promise<void> {
  return fc.assert(property, { seed, numRuns, timeout: patience, endOnFailure: true });
}

test.each(subjects)(
  "every call about a $name is answered in words, whatever its properties are",
  { timeout: 180_000 },
  async ({ name, named, inputs: given }) => {
    const { inputs, outputs } = definitionOf({ name });
    // As a check leaves them, so that some calls get as far as the systems.
    const right = named === undefined ? given : { ...given, [named]: "a" };
    const plugin = await world();
    const urn = `urn:pulumi:dev::p::formations:index:${name}::it`;
    const keys = [...Object.keys(inputs.shape), ...Object.keys(outputs.shape)];
    const bags = fc.tuple(...Array.from({ length: 3 }, () => anyBag(keys, right)));
    const id = fc.oneof(
      fc.string(),
      fc.constantFrom("", "a/b", "foo-default/web", "../..", "a".repeat(9000)),
    );
    await assertAlways(
      fc.asyncProperty(bags, id, fc.boolean(), async (given, id, preview) => {
        const [olds, state, news] = given.map(bag);
        const requests = {
          Check: new pb.CheckRequest().setOlds(olds).setNews(news),
          Diff: new pb.DiffRequest().setId(id).setOldInputs(olds).setOlds(state).setNews(news),
          Create: new pb.CreateRequest().setProperties(news).setPreview(preview).setTimeout(2),
          Read: new pb.ReadRequest().setId(id).setInputs(olds).setProperties(state).setTimeout(2),
          Update: new pb.UpdateRequest()
            .setId(id)
            .setOldInputs(olds)
            .setOlds(state)
            .setNews(news)
            .setPreview(preview)
            .setTimeout(2),
          Delete: new pb.DeleteRequest().setId(id).setProperties(state).setTimeout(2),
        };
        for (const [method, request] of Object.entries(requests)) {
          await demandAnswer(plugin, method, request.setUrn(urn));
        }
      }),
      25,
    );
    await demandAlive(plugin);
  },
);

test("every function is answered in words, whatever its arguments are", {
  timeout: 180_000,
}, async () => {
  const plugin = await world();
  const call = fc
    .constantFrom(...functions)
    .chain(({ name, args }) =>
      fc.record({ name: fc.constant(name), args: anyBag(Object.keys(args.shape)) }),
    );
  await assertAlways(
    fc.asyncProperty(call, async ({ name, args }) => {
      const request = new pb.InvokeRequest().setTok(`formations:index:${name}`).setArgs(bag(args));
      await demandAnswer(plugin, "Invoke", request);
    }),
    100,
  );
  await demandAlive(plugin);
});

test("configuration is answered in words, whatever it is", { timeout: 180_000 }, async () => {
  const plugin = await startPlugin();
  const keys = ["citusToken", "citusUrl", "allowHttp", "citusRequestsPerMinute", "antflyUrl"];
  await assertAlways(
    fc.asyncProperty(anyBag(keys), anyBag(keys), async (olds, news) => {
      const [old, next] = [bag(olds), bag(news)];
      await demandAnswer(plugin, "CheckConfig", new pb.CheckRequest().setOlds(old).setNews(next));
      const diff = new pb.DiffRequest().setOlds(old).setNews(next);
      await demandAnswer(plugin, "DiffConfig", diff);
      await demandAnswer(plugin, "Configure", new pb.ConfigureRequest().setArgs(next));
      const invoke = new pb.InvokeRequest().setTok("formations:index:getFormations");
      if (!("citusUrl" in news)) await demandAnswer(plugin, "Invoke", invoke);
    }),
    25,
  );
  await demandAlive(plugin);
});

test("bytes that are no message get a status from every method", { timeout: 180_000 }, async () => {
  const plugin = await world();
  const method = fc.constantFrom(...methods.keys());
  await assertAlways(
    fc.asyncProperty(method, fc.uint8Array({ maxLength: 64 }), (name, bytes) =>
      demandAnswer(plugin, name, bytes),
    ),
    150,
  );
  await demandAlive(plugin);
});

test.each([...methods.keys()])("an empty request to %s is answered", async (method) => {
  const plugin = await startPlugin();
  await demandAnswer(plugin, method, new Uint8Array());
  await demandAlive(plugin);
});

/** A field of a message in the wire format: its number and length before its bytes. */
function field(number: number, content: Uint8Array): Buffer {
  const head = [(number << 3) | 2];
  let length = content.length;
  for (; length > 127; length >>>= 7) head.push((length & 127) | 128);
  return Buffer.concat([Buffer.from([...head, length]), content]);
}

/** A property bag whose `app` is a text in as many lists; the libraries can write no deep one. */
function nested(depth: number): Buffer {
  let value = field(3, Buffer.from("x"));
  for (let level = 0; level < depth; level++) value = field(6, field(1, value));
  return field(1, Buffer.concat([field(1, Buffer.from("app")), field(2, value)]));
}

test.each([100, 1_000, 10_000])(
  "values in %i lists are answered",
  { timeout: 60_000 },
  async (depth) => {
    const plugin = await world();
    const urn = field(1, Buffer.from("urn:pulumi:dev::p::formations:index:AppFormation::it"));
    const token = field(1, Buffer.from("formations:index:getAppFormations"));
    const deep = nested(depth);
    const requests = {
      Check: [urn, field(3, deep)],
      Create: [urn, field(2, deep)],
      Invoke: [token, field(2, deep)],
      CheckConfig: [urn, field(3, deep)],
    };
    for (const [method, parts] of Object.entries(requests)) {
      await demandAnswer(plugin, method, Buffer.concat(parts));
    }
    await demandAlive(plugin);
  },
);

test("a value of 20 MB is taken, for the engine allows 400", { timeout: 60_000 }, async () => {
  const plugin = await world();
  const news = bag({ ...appFormation.inputs, command: "x".repeat(20_000_000) });
  const urn = "urn:pulumi:dev::p::formations:index:AppFormation::it";
  const { error, bytes = Buffer.of() } = await send(
    plugin,
    "Check",
    new pb.CheckRequest().setNews(news).setUrn(urn).serializeBinary(),
  );
  expect(error).toBeNull();
  const [failure] = pb.CheckResponse.deserializeBinary(bytes).getFailuresList();
  expect(failure?.getReason()).toMatch(/^is "x{70,90}…; it must be at most 1024 characters long$/);
});
