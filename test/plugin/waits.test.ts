import grpc from "@grpc/grpc-js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { expect, test } from "vitest";
import { CitusSimulator } from "../../simulators/citus.ts";
import { running } from "../simulators/kit/testing.ts";
import { startPlugin } from "./plugin.ts";
import { bag, secret } from "./wire.ts";

test("a function that waits for the rate limit says so on the status line, until it is cancelled", async () => {
  const simulator = await running(new CitusSimulator());
  const plugin = await startPlugin();
  await plugin.configure({
    citusUrl: simulator.url,
    citusToken: secret(simulator.token),
    citusRequestsPerMinute: "1",
  });
  const request = new pb.InvokeRequest().setTok("formations:index:getFormations").setArgs(bag({}));
  await plugin.call("invoke", request);

  const second = plugin.failure("invoke", request);

  await expect
    .poll(() => plugin.logs, { timeout: 10_000 })
    .toEqual([
      {
        severity: "info",
        ephemeral: true,
        urn: "",
        text: expect.stringMatching(/^Citus Cloud .*\b1 request .*waiting \d+ s/),
      },
    ]);
  await plugin.cancel();
  expect((await second).code).toBe(grpc.status.CANCELLED);
  expect(simulator.count("GET")).toBe(1);
});
