import { readFileSync } from "node:fs";
import inspector from "node:inspector/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { expect, onTestFinished, test, vi } from "vitest";
import { compiledClone } from "../build/engine/package.ts";
import { repository } from "../build/repository.ts";
import type { Values } from "../provider/resource/values.ts";
import { AkkerisSimulator } from "../simulators/akkeris.ts";
import { bag } from "./plugin/wire.ts";
import { running } from "./simulators/kit/testing.ts";

const urn = "urn:pulumi:dev::shop::formations:index:AppFormation::web";

/** The sources whose functions run while something happens; evaluating a module is not running one. */
async function sourcesRun(root: string, happening: () => Promise<void>): Promise<string[]> {
  const session = new inspector.Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  await happening();
  const { result } = await session.post("Profiler.takePreciseCoverage");
  session.disconnect();
  const compiled = pathToFileURL(join(root, "bin")).href;
  return result
    .filter(({ url }) => url.startsWith(`${compiled}/`))
    .filter(({ functions }) =>
      functions.some(({ ranges: [range] }) => range && range.startOffset > 0 && range.count > 0),
    )
    .map(({ url }) => url.slice(compiled.length + 1).replace(/\.js$/, ".ts"))
    .sort();
}

/** The plugin's service, called in this process with the bytes that the engine sends. */
async function service(root: string) {
  const load = createRequire(join(root, "bin", "provider", "plugin", "service.js"));
  const methods: UntypedServiceImplementation = load("./service.js").createService(undefined);
  const definitions: ServiceDefinition = load("./messages.js").providerService;
  return (name: string, message: { serializeBinary(): Uint8Array }) =>
    new Promise<{ getInputs(): unknown; getProperties(): unknown; getId(): string }>(
      (resolve, reject) => {
        const method = methods[name] as (call: unknown, done: unknown) => void;
        const definition = definitions[name];
        const bytes = Buffer.from(message.serializeBinary());
        method(
          { request: definition?.requestDeserialize(bytes) },
          (error: unknown, response: never) =>
            error
              ? reject(error)
              : resolve(definition?.responseDeserialize(definition.responseSerialize(response))),
        );
      },
    );
}

test("the walk of a changed quantity names every file that runs, and there are not more", async () => {
  const root = await compiledClone();
  const simulator = await running(new AkkerisSimulator());
  simulator.addApp("shop-default");
  vi.stubEnv("FORMATIONS_AKKERIS_URL", simulator.url);
  vi.stubEnv("FORMATIONS_AKKERIS_TOKEN", simulator.token);
  onTestFinished(() => void vi.unstubAllEnvs());
  const call = await service(root);
  await call("configure", new pb.ConfigureRequest().setArgs(bag({})));
  const inputs = (quantity: number): Values => {
    return { app: "shop-default", type: "web", size: "gp1", quantity, command: "./run" };
  };
  const check = async (news: Values, olds?: unknown) => {
    const request = new pb.CheckRequest().setUrn(urn).setNews(bag(news));
    return (await call("check", request.setOlds(olds as never))).getInputs();
  };
  const first = await check(inputs(1));
  const created = new pb.CreateRequest().setUrn(urn).setProperties(first as never);
  const made = await call("create", created);

  /** A preview and an update, as the engine asks for them. */
  async function change(quantity: number) {
    for (const isPreview of [true, false]) {
      const news = await check(inputs(quantity), first);
      for (const request of [new pb.DiffRequest(), new pb.UpdateRequest().setPreview(isPreview)]) {
        request
          .setUrn(urn)
          .setId(made.getId())
          .setOlds(made.getProperties() as never)
          .setOldInputs(first as never)
          .setNews(news as never);
        await call(request instanceof pb.DiffRequest ? "diff" : "update", request);
      }
    }
  }
  // The first time modules are loaded and clients made, which the page tells apart.
  await change(2);
  const run = await sourcesRun(root, () => change(3));

  const page = readFileSync(join(repository, "docs", "architecture.md"), "utf8");
  const walk = page.slice(page.indexOf("## The walk"), page.indexOf("## Glossary"));
  expect(run.filter((file) => !walk.includes(`\`${file}\``))).toEqual([]);
  expect(run.length).toBeLessThanOrEqual(35);
}, 120_000);
