import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "vitest";
import { compiledClone } from "../../build/engine/package.ts";
import type { Workspace } from "../../build/engine/workspace.ts";
import type { Values } from "../../provider/resource/values.ts";
import { AntflySimulator } from "../../simulators/antfly.ts";
import { running } from "../simulators/kit/testing.ts";
import type { Host } from "./lifecycle/hosts.ts";
import type { Declared, Program } from "./lifecycle/program.ts";
import { startStack } from "./stack.ts";
import { accessTo, startAkkeris, startCitus } from "./world.ts";

/** Secrets of the programs: none may be in an explanation. */
export const secrets = {
  before: "sk-before-5b1e70c4",
  after: "sk-after-77aa0e15",
  env: "env-value-3f9a",
  newEnv: "env-other-0c2d",
};

const size = { coordinatorTune: "r5.large", coordinatorDiskSize: 512, workerTune: "r5.large" };

function formation(change: Values = {}, options?: Values): Declared {
  const properties = {
    region: "us-east-1",
    ...size,
    workerCount: 2,
    workerDiskSize: 512,
    ...change,
  };
  return { type: "Formation", properties, ...(options && { options }) };
}

function web(change: Values): Declared {
  const properties = { app: "shop-default", type: "web", size: "gp1", quantity: 1, ...change };
  return { type: "AppFormation", properties };
}

function job(env: string): Declared {
  const once = { type: "job", oneoff: true, options: { image: "jobs:1", env: { KEY: env } } };
  return {
    type: "AppFormation",
    properties: { app: "jobs-default", size: "gp1", quantity: 1, ...once },
  };
}

function secret(value: string): Declared {
  return { type: "AntflySecret", properties: { key: "openai.api_key", value } };
}

/** What is deployed. */
export const before: Program = {
  events: formation(),
  archive: formation(),
  ledger: formation({}, { protect: true }),
  copies: formation({}, { retainOnDelete: true }),
  web: web({}),
  job: job(secrets.env),
  key: secret(secrets.before),
};

/** What is reviewed: a replacement, deletions, a redeployment, secrets, a creation. */
export const after: Program = {
  events: formation({ workerCount: 4 }),
  ledger: formation({ workerCount: 4 }, { protect: true }),
  fresh: formation({ name: "fresh" }),
  web: web({ size: "gp2" }),
  job: job(secrets.newEnv),
  key: secret(secrets.after),
};

/** A stack with {@link before} deployed and {@link after} declared; it ends with the test. */
export async function reviewedStack(host: Host["name"]): Promise<Workspace> {
  const [citus, akkeris] = [await startCitus(), await startAkkeris("shop-default", "jobs-default")];
  const antfly = await running(new AntflySimulator({ dialect: "0.2" }));
  const config = accessTo(citus, akkeris, antfly);
  const { workspace, declare } = await startStack(before, { config, host });
  await workspace.up();
  await declare(after);
  return workspace;
}

/** A preview as a pull request's job runs it: the digest, or the events. */
export async function previewed(
  workspace: Workspace,
  form: "digest" | "events",
  flags: readonly string[] = ["--show-replacement-steps"],
): Promise<string> {
  const env: Record<string, string> =
    form === "events" ? { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" } : {};
  return (await workspace.pulumi(["preview", "--json", ...flags], { env })).stdout;
}

/** Pipes a preview through the built command, as a pull request's job does. */
export async function explainedByCommand(preview: string): Promise<string> {
  const cli = join(await compiledClone(), "bin", "cli", "main.js");
  const command = promisify(execFile)(process.execPath, [cli, "explain"]);
  command.child.stdin?.end(preview);
  return (await command).stdout;
}

/** What the command says of {@link after}, in either form of the preview; the engine has its own order. */
export async function expectExplained(host: Host["name"]): Promise<void> {
  const workspace = await reviewedStack(host);
  for (const form of ["digest", "events"] as const) {
    const said = await explainedByCommand(await previewed(workspace, form));
    // The command wraps lines, and begins a sentence with a capital.
    const flat = said.replaceAll(/\s+/g, " ").toLowerCase();
    for (const text of consequences) expect(flat, form).toContain(text.toLowerCase());
    expect(said, form).not.toMatch(new RegExp(Object.values(secrets).join("|")));
    expect(said, form).not.toMatch(/__|<\{%/);
  }
}

/** One of each change: what a reviewer has to read. */
const consequences = [
  "the new formation starts EMPTY, and the old one is destroyed with its data",
  "the formation is destroyed with its data",
  "`pulumi up` refuses to replace it",
  "it is left running, and costs what it did",
  "its processes stop in between, and Akkeris redeploys the app twice",
  "Akkeris then redeploys every formation of the app",
];
