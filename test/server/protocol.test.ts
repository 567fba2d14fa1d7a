import type {
  ConfigureResponse,
  GetSchemaResponse,
  ProviderHandshakeResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { expect, test } from "vitest";
import { startPlugin } from "./plugin.ts";

test("a handshake says that secrets and resources are accepted", async () => {
  const plugin = await startPlugin();
  const request = new pb.ProviderHandshakeRequest().setEngineAddress("127.0.0.1:1");
  const answer = await plugin.call<ProviderHandshakeResponse>("handshake", request);
  expect(answer.toObject()).toMatchObject({ acceptSecrets: true, acceptResources: true });
});

test("the schema is the committed one", async () => {
  const plugin = await startPlugin();
  const answer = await plugin.call<GetSchemaResponse>("getSchema", new pb.GetSchemaRequest());
  expect(JSON.parse(answer.getSchema())).toMatchObject({ name: "formations" });
});

test("configuring needs no credential of any system", async () => {
  const plugin = await startPlugin();
  const answer = await plugin.call<ConfigureResponse>("configure", new pb.ConfigureRequest());
  expect(answer.toObject()).toMatchObject({ acceptsecrets: true, supportspreview: true });
});
