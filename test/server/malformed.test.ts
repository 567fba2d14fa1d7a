import grpc from "@grpc/grpc-js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import type { Value } from "google-protobuf/google/protobuf/struct_pb";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { expect, test } from "vitest";
import { resources } from "../../provider";
import type { Values } from "../../provider/resource/values";
import { type Plugin, startPlugin } from "./plugin.ts";
import { bag, output, resource, secret, unknown } from "./wire.ts";

const methods = ["check", "diff", "create", "read", "update", "delete"] as const;

/** The same numbers in each run: a failure can be repeated. */
function randomFrom(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
}

type Random = ReturnType<typeof randomFrom>;

/** Any value that a property bag can hold, up to a depth. */
function anything(random: Random, depth = 4): unknown {
  const plain: unknown[] = [
    ...[null, true, 0, -1, 1e308, 1.5, "", "x", unknown, "x".repeat(10_000), "\u0000\ud800é"],
    ...["us-east-1", "__proto__", "constructor", "{{", "urn:pulumi:a::b::c::d", "foo-default"],
  ];
  const nested = depth === 0 ? 0 : 6;
  const choice = random(plain.length + nested) - plain.length;
  const inner = () => anything(random, depth - 1);
  switch (choice) {
    case 0:
      return [inner(), inner()];
    case 1:
      return { [`key${random(3)}`]: inner(), __proto: inner() };
    case 2:
      return secret(inner());
    case 3:
      return output({ value: inner(), secret: random(2) === 0 });
    case 4:
      return resource({ id: inner(), urn: inner() });
    case 5:
      return { "4dabf18193072939515e22adb298388d": inner() };
    default:
      return plain[choice + plain.length];
  }
}

/** A property bag with some of a resource's own keys and some that are none, all with any values. */
function anyBag(random: Random, keys: readonly string[]): Values {
  const chosen = [...keys, "__autoname", "__pending", "__unfinished", "nonsense", ""].filter(
    () => random(2) === 0,
  );
  return Object.fromEntries(chosen.map((key) => [key, anything(random)]));
}

async function isAlive(plugin: Plugin): Promise<boolean> {
  await plugin.call("getSchema", new pb.GetSchemaRequest());
  return plugin.process.exitCode === null;
}

/** Answered in whatever way, save as an error inside the provider. */
async function answer(plugin: Plugin, method: (typeof methods)[number], request: unknown) {
  const failure = await plugin.call(method, request).then(
    () => undefined,
    (error: Error) => error.message,
  );
  return failure?.startsWith("An error inside") ? failure : undefined;
}

test.each(resources.map(({ name, inputs, outputs }) => ({ name, inputs, outputs })))(
  "checks and plans of a $name survive any values",
  async ({ name, inputs, outputs }) => {
    const plugin = await startPlugin();
    const random = randomFrom(20_260_101);
    const keys = [...Object.keys(inputs.shape), ...Object.keys(outputs.shape)];
    const urn = `urn:pulumi:dev::p::formations:index:${name}::it`;
    const failures = new Set<string>();
    for (let run = 0; run < 120; run++) {
      const [olds, news, state] = [1, 2, 3].map(() => bag(anyBag(random, keys)));
      const check = new pb.CheckRequest().setUrn(urn).setOlds(olds).setNews(news);
      const diff = new pb.DiffRequest().setUrn(urn).setOldInputs(olds).setOlds(state).setNews(news);
      const create = new pb.CreateRequest().setUrn(urn).setProperties(news).setPreview(true);
      const update = new pb.UpdateRequest()
        .setUrn(urn)
        .setOldInputs(olds)
        .setOlds(state)
        .setNews(news)
        .setPreview(true);
      for (const failure of [
        await answer(plugin, "check", check),
        await answer(plugin, "diff", diff),
        await answer(plugin, "create", create),
        await answer(plugin, "update", update),
      ]) {
        if (failure) failures.add(failure);
      }
    }
    expect(await isAlive(plugin)).toBe(true);
    expect([...failures]).toEqual([]);
  },
);

test("requests with nothing in them are refused, each in words", async () => {
  const plugin = await startPlugin();
  const requests = {
    check: new pb.CheckRequest(),
    diff: new pb.DiffRequest(),
    create: new pb.CreateRequest(),
    read: new pb.ReadRequest(),
    update: new pb.UpdateRequest(),
    delete: new pb.DeleteRequest(),
  };
  for (const method of methods) {
    expect(await plugin.failure(method, requests[method])).toMatchObject({
      code: grpc.status.INVALID_ARGUMENT,
      text: '"" is no URN of a resource.',
    });
  }
  expect(await plugin.failure("invoke", new pb.InvokeRequest())).toMatchObject({
    code: grpc.status.INVALID_ARGUMENT,
  });
  for (const method of ["checkConfig", "diffConfig"] as const)
    await plugin.call(method, requests[method === "checkConfig" ? "check" : "diff"]);
  await plugin.call("configure", new pb.ConfigureRequest());
  expect(await isAlive(plugin)).toBe(true);
});

test("bytes that are no message, empty values and deep nesting end nothing", async () => {
  const plugin = await startPlugin();
  const urn = "urn:pulumi:dev::p::formations:index:AppFormation::it";
  const empty = new structs.Struct();
  empty.getFieldsMap().set("app", new structs.Value());
  let deep: Value = new structs.Value().setStringValue("x");
  for (let depth = 0; depth < 1000; depth++) {
    const list = new structs.ListValue().setValuesList([deep]);
    deep = new structs.Value().setListValue(list);
  }
  const nested = new structs.Struct();
  nested.getFieldsMap().set("app", deep);
  for (const news of [empty, nested]) {
    await plugin.call("check", new pb.CheckRequest().setUrn(urn).setNews(news)).catch(() => {});
  }
  const garbage = { serializeBinary: () => Buffer.from("ffffffffff", "hex") };
  await new Promise<void>((resolve) => {
    plugin.client.makeUnaryRequest(
      "/pulumirpc.ResourceProvider/Check",
      (request: typeof garbage) => request.serializeBinary(),
      (bytes: Buffer) => bytes,
      garbage,
      () => resolve(),
    );
  });
  expect(await isAlive(plugin)).toBe(true);
});
