import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import grpc from "@grpc/grpc-js";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import type {
  CheckResponse,
  GetMappingResponse,
  GetSchemaResponse,
  ProviderHandshakeResponse,
} from "@pulumi/pulumi/proto/provider_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import empties from "google-protobuf/google/protobuf/empty_pb.js";
import { expect, test } from "vitest";
import { repository } from "../../build/repository.ts";
import { moreAbout } from "../../provider/process/more.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";
import { startPlugin } from "./plugin.ts";
import { bag } from "./wire.ts";

test("a handshake says that secrets and resources are accepted", async () => {
  const plugin = await startPlugin();
  const answer = await plugin.call<ProviderHandshakeResponse>(
    "handshake",
    new pb.ProviderHandshakeRequest(),
  );
  expect(answer.toObject()).toMatchObject({
    acceptSecrets: true,
    acceptResources: true,
    acceptOutputs: false,
  });
});

test("the schema that it serves is the committed one", async () => {
  const plugin = await startPlugin();
  const answer = await plugin.call<GetSchemaResponse>("getSchema", new pb.GetSchemaRequest());
  const committed = readFileSync(join(repository, "schema.json"), "utf8");
  expect(JSON.parse(answer.getSchema())).toEqual(JSON.parse(committed));
});

test("its version is the package's", async () => {
  const plugin = await startPlugin();
  const answer = await plugin.call<PluginInfo>("getPluginInfo", new empties.Empty());
  const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  expect(answer.getVersion()).toBe(version);
});

test("it maps no other provider", async () => {
  const plugin = await startPlugin();
  const request = new pb.GetMappingRequest().setKey("terraform");
  const answer = await plugin.call<GetMappingResponse>("getMapping", request);
  expect(answer.toObject()).toEqual({ provider: "", data: "" });
});

test("parameters are refused in words", async () => {
  const plugin = await startPlugin();
  expect(await plugin.failure("parameterize", new pb.ParameterizeRequest())).toMatchObject({
    code: grpc.status.UNIMPLEMENTED,
    text: `The formations provider takes no parameters.\n${moreAbout("UNSUPPORTED")}`,
  });
});

test("an engine that attaches later gets the messages", async () => {
  const plugin = await startPlugin();
  const other = await startPlugin();
  await plugin.call("attach", new plugins.PluginAttach().setAddress(other.engine));
  const news = bag({ citusUrl: "https://citus.example.com" });
  await plugin.call("diffConfig", new pb.DiffRequest().setNews(news));
  expect(plugin.logs).toEqual([]);
  expect(other.said()).toEqual([expect.stringContaining("formations:citusUrl changes from")]);
});

test.each([
  ["a resource that does not exist", "formations:index:Database", "formations:index:Formation"],
  ["another provider's resource", "random:index:Formation", "formations:index:Formation"],
])("%s is refused, naming what exists", async (_case, type, there) => {
  const plugin = await startPlugin();
  const urn = `urn:pulumi:dev::project::${type}::it`;
  const failure = await plugin.failure("check", new pb.CheckRequest().setUrn(urn));
  expect(failure.code).toBe(grpc.status.INVALID_ARGUMENT);
  expect(failure.text).toContain(JSON.stringify(type));
  expect(failure.text).toContain(there);
});

test("a type with a module path is found", async () => {
  const plugin = await startPlugin();
  const urn = "urn:pulumi:dev::project::formations:index/formation:Formation::it";
  const answer = await plugin.call<CheckResponse>("check", new pb.CheckRequest().setUrn(urn));
  expect(answer.getFailuresList().map((one) => one.getProperty())).toContain("region");
});

test("it ends with the engine that holds its input", async () => {
  const { process: child } = await startPlugin({}, "pipe");
  child.stdin?.end();
  const [code] = await once(child, "exit");
  expect(code).toBe(0);
});

const executables = ["pulumi-resource-formations", "pulumi-converter-formations"];

test.each(executables)("without its compiled code %s says what to run", (name) => {
  const folder = ownTemporaryFolder();
  const executable = join(folder, name);
  copyFileSync(join(repository, name), executable);
  const { status, stderr } = spawnSync(executable, [], { encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr).toContain(`${name} is not built yet: run \`npm install\` in ${folder}`);
});

test.each(executables)("without Node.js %s says which is needed", (name) => {
  const executable = join(repository, name);
  const options = { encoding: "utf8", env: { PATH: ownTemporaryFolder() } } as const;
  const { status, stderr } = spawnSync("/bin/sh", [executable], options);
  expect(status).toBe(1);
  expect(stderr).toContain(`${name} needs Node.js 22.19 or newer`);
});
