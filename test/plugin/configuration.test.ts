import { status } from "@grpc/grpc-js";
import type { CheckResponse, DiffResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { expect, test } from "vitest";
import type { Values } from "../../provider/resource/values.ts";
import { AkkerisSimulator } from "../../simulators/akkeris.ts";
import { running } from "../simulators/kit/testing.ts";
import { type Plugin, startPlugin } from "./plugin.ts";
import { bag, secret, unknown, values } from "./wire.ts";

const urn = "urn:pulumi:dev::project::pulumi:providers:formations::default";

async function checkConfig(plugin: Plugin, news: Values) {
  const request = new pb.CheckRequest().setUrn(urn).setNews(bag(news));
  const answer = await plugin.call<CheckResponse>("checkConfig", request);
  const failures = answer.getFailuresList().map((one) => `${one.getProperty()} ${one.getReason()}`);
  return { inputs: values(answer.getInputs()), failures };
}

function diffConfig(plugin: Plugin, olds: Values, news: Values): Promise<DiffResponse> {
  const request = new pb.DiffRequest().setUrn(urn).setOldInputs(bag(olds)).setNews(bag(news));
  return plugin.call("diffConfig", request);
}

/** The token that a call to a system carries. */
async function tokenOf(plugin: Plugin, akkeris: AkkerisSimulator): Promise<unknown> {
  await plugin.call("invoke", new pb.InvokeRequest().setTok("formations:index:getAppSizes"));
  return akkeris.requests.at(-1)?.headers.authorization;
}

test.each([
  [258, "needs Pulumi 3.259 or newer; this is 3.258.1. Install a newer one: https://"],
  [undefined, "needs Pulumi 3.259 or newer; this one is older. Install a newer one: https://"],
])("an engine whose minor version is %s is told which is needed", async (engine, says) => {
  const plugin = await startPlugin({}, "ignore", undefined, { engine });
  const { code, text } = await plugin.failure("configure", new pb.ConfigureRequest());
  expect(code).toBe(status.FAILED_PRECONDITION);
  expect(text).toContain(says);
});

test("the oldest engine that is supported is accepted", async () => {
  const plugin = await startPlugin({}, "ignore", undefined, { engine: 259 });
  await plugin.configure({});
});

test("an engine whose handshake shows that it is newer is not asked", async () => {
  const plugin = await startPlugin({}, "ignore", undefined, { engine: undefined });
  const handshake = new pb.ProviderHandshakeRequest().setEngineAddress(plugin.engine);
  await plugin.call("handshake", handshake.setSendsOldOutputsToCheck(true));
  await plugin.configure({});
});

test("checked configuration has its tokens as secrets, and nothing of the environment", async () => {
  const plugin = await startPlugin({ FORMATIONS_AKKERIS_TOKEN: "of-the-environment" });
  const { inputs, failures } = await checkConfig(plugin, { citusToken: "t", allowHttp: "true" });
  expect(failures).toEqual([]);
  expect(inputs).toEqual({ citusToken: secret("t"), allowHttp: "true" });
});

test("every malformed value is named at once", async () => {
  const plugin = await startPlugin();
  const news = { citusRequestsPerMinute: "many", allowHttp: "maybe" };
  const { failures } = await checkConfig(plugin, news);
  expect(failures).toEqual([
    expect.stringMatching(/^citusRequestsPerMinute is "many"; /),
    expect.stringMatching(/^allowHttp is "maybe"; /),
  ]);
});

test.each<[string, Values, string]>([
  [
    "without a scheme",
    { citusUrl: "citus.example.com" },
    ' formations:citusUrl is "citus.example.com", which is not a URL. Did you mean https://citus.example.com/api/v1?',
  ],
  [
    "of plain HTTP",
    { akkerisUrl: "http://apps.example.com" },
    ' formations:akkerisUrl is "http://apps.example.com": over plain HTTP, anyone on the network could read the credential. Use https://, or set formations:allowHttp to true inside a private network.',
  ],
  [
    "that is a secret",
    { citusUrl: secret("citus.example.com") },
    " formations:citusUrl is (not shown, since it may hold a secret), which is not a URL.",
  ],
])("an address %s is a failure with the likely right one", async (_, news, failure) => {
  const plugin = await startPlugin();
  expect((await checkConfig(plugin, news)).failures).toEqual([failure]);
});

test.each<[string, Values, Record<string, string>]>([
  ["the configuration", { citusUrl: "http://10.0.0.1/api/v1", allowHttp: "true" }, {}],
  ["the environment", { citusUrl: "http://10.0.0.1/api/v1" }, { FORMATIONS_ALLOW_HTTP: "true" }],
  ["an output that is not known yet", { citusUrl: "http://10.0.0.1/v1", allowHttp: unknown }, {}],
])("plain HTTP is accepted where %s allows it", async (_, news, env) => {
  const plugin = await startPlugin(env);
  expect((await checkConfig(plugin, news)).failures).toEqual([]);
});

test("values that are not known yet are no failures", async () => {
  const plugin = await startPlugin();
  const news = { citusToken: secret(unknown), citusRequestsPerMinute: unknown };
  expect(await checkConfig(plugin, news)).toEqual({ inputs: news, failures: [] });
});

test.each([
  ["citustoken", / Did you mean citusToken\? Known keys: /],
  ["citusTokn", / Did you mean citusToken\? Known keys: /],
  ["akerisURL", / Did you mean akkerisUrl\? Known keys: /],
  ["colour", /ignored\. Known keys: citusToken, .*allowHttp.*\.$/],
])("a key that is none, %s, is ignored with a warning", async (key, advice) => {
  const plugin = await startPlugin();
  const { failures } = await checkConfig(plugin, { [key]: "t", version: "0.1.0" });
  expect(failures).toEqual([]);
  const [warning, ...others] = plugin.said();
  expect(warning).toMatch(`warning: Unknown configuration key formations:${key} is ignored.`);
  expect(warning).toMatch(advice);
  expect(others).toEqual([]);
});

test("a changed URL warns and replaces nothing", async () => {
  const plugin = await startPlugin();
  const [old, next] = ["https://old.example.com", "https://new.example.com"];
  const answer = await diffConfig(plugin, { citusUrl: old }, { citusUrl: next });
  expect(answer.toObject()).toMatchObject({
    changes: pb.DiffResponse.DiffChanges.DIFF_SOME,
    replacesList: [],
    diffsList: ["citusUrl"],
  });
  expect(plugin.logs).toMatchObject([{ severity: "warning", urn }]);
  expect(plugin.said()[0]).toContain(`changes from "${old}" to "${next}"`);
});

test("a stack that comes from the classes has the same URL in whole keys", async () => {
  const plugin = await startPlugin();
  const citusUrl = "https://citus.example.com";
  const olds = { "formations:citusUrl": citusUrl, "shop:region": "eu" };
  const answer = await diffConfig(plugin, olds, { citusUrl });
  expect(answer.toObject()).toMatchObject({ replacesList: [], diffsList: [] });
  expect(plugin.logs).toEqual([]);
});

test("a rotated token changes the provider without a word about its value", async () => {
  const plugin = await startPlugin();
  const answer = await diffConfig(plugin, { citusToken: secret("a") }, { citusToken: secret("b") });
  expect(answer.toObject()).toMatchObject({ replacesList: [], diffsList: ["citusToken"] });
  expect(plugin.logs).toEqual([]);
});

test.each<[string, (token: string) => unknown]>([
  ["as it is", (token) => token],
  ["as a secret", (token) => secret(token)],
  ["as a secret in JSON", (token) => JSON.stringify(secret(token))],
])("a token is taken %s", async (_case, sent) => {
  const akkeris = await running(new AkkerisSimulator());
  const plugin = await startPlugin({ FORMATIONS_AKKERIS_TOKEN: "another" });
  await plugin.configure({ akkerisUrl: akkeris.url, akkerisToken: sent(akkeris.token) });
  expect(await tokenOf(plugin, akkeris)).toBe(`Bearer ${akkeris.token}`);
});

test("the environment gives what the configuration leaves out", async () => {
  const akkeris = await running(new AkkerisSimulator());
  const plugin = await startPlugin({
    FORMATIONS_AKKERIS_TOKEN: akkeris.token,
    FORMATIONS_AKKERIS_URL: akkeris.url,
  });
  await plugin.configure({});
  expect(await tokenOf(plugin, akkeris)).toBe(`Bearer ${akkeris.token}`);
});

test("a missing token is an error of the first use, and says how to set it", async () => {
  const plugin = await startPlugin();
  await plugin.configure({});
  const request = new pb.InvokeRequest().setTok("formations:index:getAppSizes");
  const { text } = await plugin.failure("invoke", request);
  expect(text).toContain("pulumi config set --secret formations:akkerisToken");
  expect(text).not.toMatch(/\n\s+at /);
});
