import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { compiledClone } from "../../build/engine/package.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";
import { Plugin } from "./plugin.ts";
import { Resource } from "./resource.ts";
import { secret } from "./wire.ts";

const token = "hunter2hunter2";

/** A plugin whose gRPC library tells all that it does, and what it told. */
async function traced() {
  const child = spawn(join(await compiledClone(), "pulumi-resource-formations"), [], {
    env: {
      PATH: process.env.PATH,
      TMPDIR: ownTemporaryFolder(),
      GRPC_TRACE: "all",
      GRPC_VERBOSITY: "DEBUG",
    },
  });
  onTestFinished(() => void child.kill());
  const told: string[] = [];
  child.stderr.on("data", (text) => told.push(String(text)));
  const [port] = await once(createInterface(child.stdout), "line");
  const plugin = new Plugin(child, Number(port), "", []);
  onTestFinished(() => plugin.client.close());
  return { plugin, told };
}

test("gRPC's own tracing shows no token and no secret value", { timeout: 60_000 }, async () => {
  const { plugin, told } = await traced();
  await plugin.configure({ akkerisToken: secret(token), akkerisUrl: "http://127.0.0.1:9" });
  const resource = new Resource(plugin, "AppFormation");
  const options = { env: { A: token } };
  const job = { app: "a", type: "job", size: "gp1", quantity: 1, oneoff: true, options };
  await resource.createFailing(job, { timeout: 0.2 });

  expect(told.join("")).toContain("/pulumirpc.ResourceProvider/Create");
  expect(told.join("")).not.toContain(token);
});
