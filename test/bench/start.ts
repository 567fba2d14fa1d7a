import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { compiledClone } from "../../build/engine/package.ts";
import { type Name, pluginCommand } from "./contender.ts";
import { ProviderProcess } from "./provider-process.ts";
import type { Start } from "./results.ts";

type Measure = (env: NodeJS.ProcessEnv) => Promise<number>;

/** What is started, and beside what. */
interface Comparison extends Pick<Start, "what" | "least" | "aim"> {
  ours: Measure;
  theirs: Measure;
}

/**
 * Starts what users start, and what it can't do without, by turns, so that what else the machine does hits
 * both.
 *
 * @param repeats of each; the first start of each, which fills caches, comes on top
 */
export async function measureStarts(repeats: number): Promise<Start[]> {
  const cache = mkdtempSync(join(tmpdir(), "formations-bench-"));
  const env = { ...process.env, NODE_COMPILE_CACHE: undefined, XDG_CACHE_HOME: cache };
  try {
    const found: Start[] = [];
    for (const { what, least, aim, ...measure } of comparisons(await compiledClone())) {
      const start: Start = { what, least, aim, ours: [], theirs: [] };
      for (let round = 0; round <= repeats; round++) {
        const [theirs, ours] = [await measure.theirs(env), await measure.ours(env)];
        if (round === 0) continue;
        start.theirs.push(theirs);
        start.ours.push(ours);
      }
      found.push(start);
    }
    return found;
  } finally {
    rmSync(cache, { recursive: true });
  }
}

function comparisons(clone: string): Comparison[] {
  const command = join(clone, "bin", "cli", "main.js");
  return [
    {
      what: "the plugin's first response",
      least: "that of a gRPC server in JavaScript which does nothing",
      aim: 1,
      ours: (env) => firstResponse("formations", env),
      theirs: (env) => firstResponse("floor", env),
    },
    {
      what: "`formations --help`",
      least: "`node -e 0`",
      aim: 1.5,
      ours: (env) => run([command, "--help"], env),
      theirs: (env) => run(["-e", "0"], env),
    },
    {
      what: '`require("pulumi-formations")`, after Pulumi\'s SDK',
      least: '`require("@pulumi/pulumi")`',
      aim: 0.03,
      ours: (env) => loadTime(clone, ["@pulumi/pulumi", "pulumi-formations"], env),
      theirs: (env) => loadTime(clone, ["@pulumi/pulumi"], env),
    },
  ];
}

/** Milliseconds from the start of a provider's process until it has responded. */
async function firstResponse(name: Name, env: NodeJS.ProcessEnv): Promise<number> {
  const started = performance.now();
  await using provider = await ProviderProcess.start(await pluginCommand(name), { env });
  await provider.call("handshake", new pb.ProviderHandshakeRequest());
  return performance.now() - started;
}

/** Milliseconds that a run of Node.js takes. */
async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const started = performance.now();
  await once(spawn("node", args, { env, stdio: ["ignore", "ignore", "inherit"] }), "exit");
  return performance.now() - started;
}

/** Milliseconds that a program in the package's folder takes to load the last of some modules. */
async function loadTime(
  clone: string,
  modules: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const script = [
    "let started;",
    `for (const name of ${JSON.stringify(modules)}) { started = performance.now(); require(name); }`,
    "process.stdout.write(String(performance.now() - started));",
  ];
  const child = spawn("node", ["-e", script.join("\n")], {
    cwd: clone,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.on("data", (chunk) => {
    printed += chunk;
  });
  await once(child, "close");
  return Number(printed);
}
