import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import pb from "@pulumi/pulumi/proto/converter_pb.js";
import { expect, test } from "vitest";
import { compiledClone } from "../../build/engine/package.ts";
import { AkkerisSimulator } from "../../simulators/akkeris.ts";
import { AntflySimulator } from "../../simulators/antfly.ts";
import { CitusSimulator } from "../../simulators/citus.ts";
import { running } from "../simulators/kit/testing.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";
import { startConverter } from "./converter.ts";
import { startServing } from "./plugin.ts";

/** An Akkeris with two apps, and what configures it. */
async function akkerisWithApps() {
  const akkeris = await running(new AkkerisSimulator());
  for (const app of ["shop-dev", "shop-prod"]) {
    akkeris.addApp(app);
    akkeris.addFormation(app, { type: "web", size: "gp2", quantity: 2 });
  }
  const env = { FORMATIONS_AKKERIS_URL: akkeris.url, FORMATIONS_AKKERIS_TOKEN: akkeris.token };
  return { akkeris, env };
}

test("what exists is converted, with what the engine would read of it", async () => {
  const { akkeris, env } = await akkerisWithApps();
  const converter = await startConverter(env);

  const { resources, diagnostics } = await converter.convert("--app", "shop-dev");

  expect(diagnostics).toEqual([]);
  expect(resources.map((one) => one.toObject())).toMatchObject([
    {
      type: "formations:index:AppFormation",
      name: "shopDevWeb",
      logicalName: "shop-dev-web",
      id: "shop-dev/web",
    },
  ]);
  const [web] = resources;
  const inputs = { app: "shop-dev", type: "web", size: "gp2", quantity: 2, port: 9000 };
  expect(web?.getInputs()?.toJavaScript()).toEqual(inputs);
  expect(web?.getOutputs()?.toJavaScript()).toMatchObject({ ...inputs, serverSize: "gp2" });
  expect(akkeris.requests.map(({ path }) => path)).toEqual(["/apps/shop-dev/formation"]);
});

/** Arguments that are not valid, with what is said of them. */
const invalid = [
  { args: ["--sistem", "citus"], says: ["unknown option '--sistem'", "-- --help"] },
  { args: ["--system", "citrus"], says: ['"citrus" is not a valid system', "citus"] },
  { args: ["citus"], says: ["too many arguments", "-- --help"] },
  { args: ["--timeout", "soon"], says: ["--timeout <time>", "90s, 15m, 2h"] },
  { args: ["--import", "file.json"], says: ["unknown option '--import'"] },
  { args: ["--secret-values", "nowhere.json"], says: ["nowhere.json", "JSON object"] },
];

test("arguments that are not valid are refused with a sentence, before any request", async () => {
  const { akkeris, env } = await akkerisWithApps();
  const converter = await startConverter(env);
  for (const { args, says } of invalid) {
    const { code, text } = await converter.failure(...args);
    for (const part of says) expect(text).toContain(part);
    expect(text).not.toMatch(/\n\s+at /);
    expect({ args, code }).not.toEqual({ args, code: status.INTERNAL });
  }
  expect(akkeris.requests).toEqual([]);
});

test("--help lists the flags and imports nothing", async () => {
  const converter = await startConverter();
  const { text } = await converter.failure("--help");
  expect(text).toMatch(
    /^With --help, nothing is imported\.\n\nUsage: pulumi import --from formations -- /,
  );
  expect(text).toContain("--secret-values <file>");
  expect(text).toContain("FORMATIONS_CITUS_TOKEN");
});

test("where no system is configured, it says what to set, and that the stack's configuration is not passed on", async () => {
  const converter = await startConverter();
  const { code, text } = await converter.failure();
  expect(code).toBe(status.FAILED_PRECONDITION);
  expect(text).toContain("FORMATIONS_CITUS_TOKEN");
  expect(text).toContain("FORMATIONS_AKKERIS_TOKEN");
  expect(text).toContain("passes no stack configuration on to a converter");
  expect(text).toContain("-- --stack");
});

test("a system that is not configured is named, and the others are converted", async () => {
  const { env } = await akkerisWithApps();
  const converter = await startConverter(env);
  const { resources, diagnostics } = await converter.convert();
  expect(resources).toHaveLength(2);
  expect(diagnostics).toEqual([]);
  expect(converter.written).toContain("Skipped Citus Cloud");
});

test("of an account without anything, nothing is converted, and that is said", async () => {
  const citus = await running(new CitusSimulator());
  const env = { FORMATIONS_CITUS_URL: citus.url, FORMATIONS_CITUS_TOKEN: citus.token };
  const converter = await startConverter(env);
  const { resources, diagnostics } = await converter.convert("--system", "citus");
  expect(resources).toEqual([]);
  expect(diagnostics).toEqual([expect.stringMatching(/^warning: Nothing is imported; /)]);
});

test("a token without rights is an error in the server's words, which has no token", async () => {
  const { env } = await akkerisWithApps();
  const token = "a-token-that-nobody-knows";
  const converter = await startConverter({ ...env, FORMATIONS_AKKERIS_TOKEN: token });
  const { text } = await converter.failure("--system", "akkeris");
  expect(text).toContain("401");
  expect(text + converter.written).not.toContain(token);
});

test("if the API fails in the middle, what was found is converted, and the rest is a warning", async () => {
  const { akkeris, env } = await akkerisWithApps();
  const path = "/apps/shop-prod/formation";
  akkeris.order({ path, kind: { type: "status", status: 403 }, times: 10 });
  const converter = await startConverter(env);

  const { resources, diagnostics } = await converter.convert("--system", "akkeris");

  expect(resources.map((one) => one.getId())).toEqual(["shop-dev/web"]);
  expect(diagnostics).toEqual([
    expect.stringMatching(/^warning: Not everything was listed; .*shop-prod.*403/s),
  ]);
});

/** Writes a file of secrets' values. */
function valuesFile(values: Record<string, string>): string {
  const file = join(ownTemporaryFolder(), "values.json");
  writeFileSync(file, JSON.stringify(values));
  return file;
}

/** A value as the protocol marks a secret. */
function secret(value: unknown) {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

test("secrets are marked: the values that the user gives, and an explicit provider's credentials", async () => {
  const antfly = await running(new AntflySimulator());
  antfly.secrets.set("openai.api_key", { value: "unseen", createdAt: 0, updatedAt: 0 });
  const converter = await startConverter({
    FORMATIONS_ANTFLY_URL: antfly.url,
    FORMATIONS_ANTFLY_API_KEY: antfly.token,
  });
  const values = valuesFile({ "openai.api_key": "sk-1234" });

  const { resources } = await converter.convert("--secret-values", values, "--provider", "search");

  expect(resources.map((one) => [one.getType(), one.getName(), one.getProvider()])).toEqual([
    ["pulumi:providers:formations", "search", ""],
    ["formations:index:AntflySecret", expect.any(String), "search"],
  ]);
  expect(resources.map((one) => one.getInputs()?.toJavaScript())).toEqual([
    { antflyUrl: antfly.url, antflyApiKey: secret(antfly.token) },
    { key: "openai.api_key", value: secret("sk-1234") },
  ]);
  expect(converter.written).not.toContain("sk-1234");
});

test("with --read, the engine gets names and IDs, and reads the rest itself", async () => {
  const { env } = await akkerisWithApps();
  const converter = await startConverter(env);
  const { resources } = await converter.convert("--read");
  expect(resources.map((one) => [one.getId(), one.hasInputs(), one.hasOutputs()])).toEqual([
    ["shop-dev/web", false, false],
    ["shop-prod/web", false, false],
  ]);
});

test("programs and their snippets are not converted, and it says so", async () => {
  const { client } = await startConverter();
  const failures = await Promise.all([
    new Promise<unknown>((done) => client.convertProgram(new pb.ConvertProgramRequest(), done)),
    new Promise<unknown>((done) => client.convertSnippet(new pb.ConvertSnippetRequest(), done)),
  ]);
  expect(failures).toMatchObject([
    { code: status.UNIMPLEMENTED, details: expect.stringContaining("`pulumi import --from") },
    { code: status.UNIMPLEMENTED, details: expect.stringContaining("no snippets") },
  ]);
});

test("it ends with the engine that holds its input", async () => {
  const { child } = await startServing(
    [join(await compiledClone(), "pulumi-converter-formations")],
    {},
    "pipe",
  );
  child.stdin?.end();
  expect(await once(child, "exit")).toEqual([0, null]);
});

test("an engine that no longer wants the response ends the requests", async () => {
  const { akkeris, env } = await akkerisWithApps();
  akkeris.order({ path: "/apps", kind: { type: "hang", apply: false } });
  const converter = await startConverter(env);
  const conversion = converter.client.convertState(new pb.ConvertStateRequest(), () => {});
  await expect.poll(() => akkeris.requests.length).toBe(1);
  conversion.cancel();
  await expect.poll(() => akkeris.connectionsOpen).toBe(0);
});
