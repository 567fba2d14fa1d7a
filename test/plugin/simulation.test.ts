import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { expect, test } from "vitest";
import type { Values } from "../../provider/resource/values.ts";
import { joinSimulation } from "../cli/simulate/simulation.ts";
import { startPlugin } from "./plugin.ts";
import { Resource } from "./resource.ts";
import { bag, secret } from "./wire.ts";

const real = { akkerisUrl: "https://akkeris.example.com", akkerisToken: secret("real-d41c") };

/** A plugin that takes part in a simulation, under a stack's configuration. */
async function simulated(config: Values, options: Parameters<typeof joinSimulation>[0] = {}) {
  const asked: string[] = [];
  const onRequest = (_: string, { method, path }: { method: string; path: string }) =>
    void asked.push(`${method} ${path}`);
  const { variables } = await joinSimulation({ ...options, onRequest });
  const plugin = await startPlugin(variables);
  await plugin.configure(config);
  return { plugin, asked };
}

test("in a simulation, the environment's configuration counts, whatever a stack or a provider says", async () => {
  const { plugin, asked } = await simulated(real);
  const urn = "urn:pulumi:dev::project::pulumi:providers:formations::default";
  const check = new pb.CheckRequest().setUrn(urn).setNews(bag(real));
  const checked = await plugin.call<pb.CheckResponse>("checkConfig", check);
  expect(checked.getFailuresList()).toEqual([]);

  await plugin.call("invoke", new pb.InvokeRequest().setTok("formations:index:getAppSizes"));

  expect(asked).toEqual(["GET /sizes"]);
});

test.each([
  "https://antfly.example.com",
  // A port that may be forwarded to a real server.
  "http://localhost:8080",
])(
  "in a simulation, no request goes to a server that is not simulated: %s of one resource",
  async (url) => {
    const { plugin } = await simulated({});
    const resource = new Resource(plugin, "AntflySecret");
    const inputs = { key: "a.b", value: secret("v"), url };

    const { failures } = await resource.check(inputs);

    expect(failures).toEqual([
      expect.stringMatching(
        `${url} is not simulated, and this is a simulation \\(FORMATIONS_SIMULATION is set\\)$`,
      ),
    ]);
  },
);

test("in a simulation, a system that it leaves out is not reached by what the stack says", async () => {
  const { plugin, asked } = await simulated(real, { systems: ["citus"] });

  const sizes = new pb.InvokeRequest().setTok("formations:index:getAppSizes");
  const { text } = await plugin.failure("invoke", sizes);

  expect(text).toContain(
    "is missing. This simulation leaves Akkeris out: run `formations simulate` without `--system`, or name it there too.",
  );
  expect(asked).toEqual([]);
});
