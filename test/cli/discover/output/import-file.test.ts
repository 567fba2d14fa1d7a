import type { ReadResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { expect, test } from "vitest";
import { type ImportOptions, importFiles } from "../../../../cli/discover/output/import-file.ts";
import type { ResourceState } from "../../../../cli/stack/deployment.ts";
import { kindKey, secretKind, type Values } from "../../../../provider/resource/values.ts";
import { startPlugin } from "../../../plugin/plugin.ts";
import { bag, secret as onWire, values } from "../../../plugin/wire.ts";
import { foundIn, smallFleet } from "../../../support/fleet.ts";
import { appFormation, formation, secret } from "./made-up.ts";

const nothing: ImportOptions = { target: { resources: [] } };

/** What an import file says in the words of the protocol. */
function asOnWire(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(asOnWire);
  if (kindKey in value) return onWire(JSON.parse(Reflect.get(value, "plaintext")));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asOnWire(item)]));
}

const sealed = (value: unknown) => ({ [kindKey]: secretKind, plaintext: JSON.stringify(value) });

test("inputs and outputs are byte for byte what the plugin reads of each resource", async () => {
  const fleet = await smallFleet();
  const plugin = await startPlugin();
  const config = Object.entries(fleet.config).map(([key, value]) => [
    key,
    typeof value === "object" && value ? onWire(value.secret) : value,
  ]);
  await plugin.configure(Object.fromEntries(config));

  const [file] = importFiles(await foundIn(fleet), nothing);

  const compared = [];
  for (const { type, id, logicalName, inputs = {}, outputs = {} } of file?.resources ?? []) {
    const urn = `urn:pulumi:test::scenario::${type}::${logicalName}`;
    const request = new pb.ReadRequest().setUrn(urn).setId(id ?? "");
    const read = await plugin.call<ReadResponse>("read", request);
    const serialized = (given: unknown) => Buffer.from(bag(given as Values).serializeBinary());
    expect(id).toBe(read.getId());
    expect(asOnWire(inputs)).toEqual(values(read.getInputs()));
    expect(serialized(asOnWire(inputs))).toEqual(serialized(values(read.getInputs())));
    expect(serialized(asOnWire(outputs))).toEqual(serialized(values(read.getProperties())));
    compared.push(type);
  }
  expect(compared).toEqual([
    "formations:index:Formation",
    "formations:index:Replica",
    "formations:index:AppFormation",
    "formations:index:AntflySecret",
  ]);
});

test("secrets are marked, so that the state encrypts them; what is not there is left out", () => {
  const [file] = importFiles(
    [formation("f1", "events"), secret("key", { value: "sk-1" })],
    nothing,
  );

  const [events, key] = file?.resources ?? [];
  expect(events?.outputs?.databaseUrl).toEqual(sealed("postgres://pw"));
  expect(events?.inputs).not.toHaveProperty("databaseUrl");
  expect(key?.inputs).toEqual({ key: "key", value: sealed("sk-1") });
  expect(key?.outputs).toEqual({ key: "key", value: sealed("sk-1"), status: "configured_file" });
  expect(JSON.stringify(file)).not.toContain("undefined");
});

test("the marks of a state are among its outputs", () => {
  const marks = { pending: true, unfinished: ["port"], predecessors: ["old"] };
  const [file] = importFiles([appFormation("shop-dev", "web", {}, { marks })], nothing);

  expect(file?.resources[0]?.outputs).toMatchObject({
    ...{ __pending: true, __unfinished: ["port"], __predecessors: ["old"] },
  });
});

test("the form for the engine's own reads has neither, but the values of secrets", () => {
  const all = [formation("f1", "events"), secret("key", { value: "sk-1" }), secret("other")];
  const [file] = importFiles(all, { ...nothing, withReads: true });

  expect(file?.resources).toEqual([
    { type: "formations:index:Formation", name: "events", logicalName: "events", id: "f1" },
    {
      ...{ type: "formations:index:AntflySecret", name: "key", logicalName: "key", id: "key" },
      inputs: { value: sealed("sk-1") },
    },
    { type: "formations:index:AntflySecret", name: "other", logicalName: "other", id: "other" },
  ]);
});

test("a secret on a server of its own has the ID that a read gives it", () => {
  const url = "https://antfly.example.com";
  const one = secret("key", { url }, { id: `${url}/key` });

  expect(importFiles([one], nothing)[0]?.resources[0]?.id).toBe("key");
  const read = importFiles([one], { ...nothing, withReads: true });
  expect(read[0]?.resources[0]?.id).toBe(`${url}/key`);
});

const providerUrn = (name: string) =>
  `urn:pulumi:test::scenario::pulumi:providers:formations::${name}`;

const provider = (name: string, inputs: Values = {}): ResourceState => ({
  ...{
    urn: providerUrn(name),
    type: "pulumi:providers:formations",
    id: `${name}-id`,
    custom: true,
  },
  inputs,
});

test("the plugin's version is that of the stack's default provider, so that no second one is made", () => {
  const inputs = { version: "1.2.3", pluginDownloadURL: "https://example.com/plugins" };
  const target = { resources: [provider("default_1_2_3", inputs)] };

  expect(importFiles([formation("f1", "events")], { target })[0]?.resources[0]).toMatchObject({
    ...{ version: "1.2.3", pluginDownloadUrl: "https://example.com/plugins" },
  });
});

test("the account of an explicit provider of the stack is named in the name table, and takes no names", () => {
  const target = { resources: [provider("citus-eu"), provider("default")] };
  const own = formation("f1", "citus-eu");
  const one = { ...own, account: { ...own.account, provider: providerUrn("citus-eu") } };
  const [file] = importFiles([one, formation("f2", "events")], { target });

  expect(file?.nameTable).toEqual({ "citus-eu": providerUrn("citus-eu") });
  expect(file?.resources).toMatchObject([
    { name: "citusEuFormation", logicalName: "citus-eu-formation", provider: "citus-eu" },
    { name: "events", logicalName: "events" },
  ]);
  expect(file?.resources[1]).not.toHaveProperty("provider");
});

test("--provider is the stack's provider of that name, or declared with what the account sets", () => {
  const one = formation("f1", "events");
  const config = {
    ...{ citusUrl: "https://citus.example.com/api/v1", citusToken: "tk-1" },
    ...{ citusRequestsPerMinute: 5, allowHttp: false },
  };
  const found = { ...one, account: { ...one.account, config } };
  const known = { resources: [provider("citus-eu")] };

  const [inTable] = importFiles([found], { target: known, provider: "citus-eu" });
  const [declared] = importFiles([found], { ...nothing, provider: "citus-eu" });

  expect(inTable).toMatchObject({ nameTable: { "citus-eu": providerUrn("citus-eu") } });
  expect(inTable?.resources).toHaveLength(1);
  expect(declared).not.toHaveProperty("nameTable");
  expect(declared?.resources).toMatchObject([
    {
      ...{ type: "pulumi:providers:formations", name: "citus-eu", logicalName: "citus-eu" },
      inputs: { citusUrl: "https://citus.example.com/api/v1", citusToken: sealed("tk-1") },
    },
    { name: "events", provider: "citus-eu" },
  ]);
  expect(declared?.resources[0]?.inputs).not.toHaveProperty("allowHttp");
  expect(declared?.resources[0]?.inputs).not.toHaveProperty("citusRequestsPerMinute");
});

test("names that the stack has are not given again", () => {
  const held = {
    ...provider("default"),
    urn: "urn:pulumi:test::scenario::random:index:Id::events",
  };
  const [file] = importFiles([formation("f1", "events")], { target: { resources: [held] } });

  expect(file?.resources[0]?.logicalName).toBe("events-formation");
});
