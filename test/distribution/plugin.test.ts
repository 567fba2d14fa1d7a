import { spawnSync } from "node:child_process";
import { cpSync, globSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import type { GetSchemaResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import empties from "google-protobuf/google/protobuf/empty_pb.js";
import { expect, test, vi } from "vitest";
import { repository } from "../../build/repository.ts";
import { startPlugin } from "../plugin/plugin.ts";
import { nodeOfVersion } from "../support/older-node.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";

/** The executable in a folder with its bundle, and nothing else of the clone. */
function aloneInFolder(): [string] {
  const folder = folderWith("pulumi-resource-formations", join("bin", "plugin"));
  return [join(folder, "pulumi-resource-formations")];
}

/** A folder with copies of these files of the clone. */
function folderWith(...paths: string[]): string {
  const folder = ownTemporaryFolder();
  for (const path of paths) {
    cpSync(join(repository, path), join(folder, path), { recursive: true });
  }
  return folder;
}

test("its bundle serves the committed schema where nothing else is", async () => {
  const plugin = await startPlugin({}, "ignore", aloneInFolder());
  const answer = await plugin.call<GetSchemaResponse>("getSchema", new pb.GetSchemaRequest());
  const committed = readFileSync(join(repository, "schema.json"), "utf8");
  expect(JSON.parse(answer.getSchema())).toEqual(JSON.parse(committed));
});

test("its bundle knows its version where nothing else is", async () => {
  const plugin = await startPlugin({}, "ignore", aloneInFolder());
  const answer = await plugin.call<PluginInfo>("getPluginInfo", new empties.Empty());
  const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  expect(answer.getVersion()).toBe(version);
});

test("where no executable can be used, Pulumi's own runner of Node.js plugins serves it", async () => {
  const folder = folderWith("package.json", "PulumiPlugin.yaml", "bin");
  const runner = join(repository, "node_modules", "@pulumi", "pulumi", "cmd", "run-plugin");
  const plugin = await startPlugin({}, "ignore", [process.execPath, runner, folder]);
  const answer = await plugin.call<GetSchemaResponse>("getSchema", new pb.GetSchemaRequest());
  expect(JSON.parse(answer.getSchema())).toMatchObject({ name: "formations" });
  await plugin.call("configure", new pb.ConfigureRequest());
});

const needed = "needs Node.js 22.19 or newer on PATH; this is 22.18.0";

test.each(["pulumi-resource-formations", "pulumi-converter-formations"])(
  "a Node.js that is too old for %s is told which is needed",
  (name) => {
    const { folder } = nodeOfVersion({ node: "22.18.0" });
    const executable = join(repository, name);
    const options = { encoding: "utf8", env: { PATH: folder }, timeout: 10_000 } as const;
    const { status: code, stdout, stderr } = spawnSync(executable, [], options);

    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(`${name} ${needed}`);
  },
);

test("under a Node.js that is too old, the engine gets that as the answer to its calls", async () => {
  const { folder } = nodeOfVersion({ node: "22.18.0" });
  const plugin = await startPlugin({ PATH: folder });

  for (const [method, request] of [
    ["configure", new pb.ConfigureRequest()],
    ["getSchema", new pb.GetSchemaRequest()],
    ["check", new pb.CheckRequest()],
  ] as const) {
    const { code, text } = await plugin.failure(method, request);
    expect({ method, code }).toEqual({ method, code: status.FAILED_PRECONDITION });
    expect(text).toContain(`pulumi-resource-formations ${needed}`);
  }
  // What an engine asks for first it can do without.
  const handshake = await plugin.failure("handshake", new pb.ProviderHandshakeRequest());
  expect(handshake.code).toBe(status.UNIMPLEMENTED);
});

test("the oldest Node.js that it accepts is the one that the package asks for", () => {
  const { engines } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  const start = readFileSync(join(repository, "provider", "process", "node-version.ts"), "utf8");
  expect(start).toContain(`oldest = [${engines.node.replace(">=", "").split(".").join(", ")}]`);
});

/** The file with what was compiled, once a first start has kept it. */
async function keptAfterStart(caches: string): Promise<string> {
  await startPlugin({ NODE_COMPILE_CACHE: caches });
  return vi.waitFor(() => {
    const files = globSync("pulumi-formations/plugin-*-node-*", { cwd: caches });
    const file = files.find((name) => !name.endsWith(".tmp"));
    if (file === undefined) throw new Error("nothing is kept yet");
    return join(caches, file);
  });
}

test("what the first start compiled, the second does not write again", async () => {
  const caches = ownTemporaryFolder();
  const kept = await keptAfterStart(caches);
  const { ino } = statSync(kept);

  const plugin = await startPlugin({ NODE_COMPILE_CACHE: caches });
  await plugin.call("getSchema", new pb.GetSchemaRequest());

  expect(statSync(kept).ino).toBe(ino);
});

test("the first operation keeps more, which the next process runs from", async () => {
  const caches = ownTemporaryFolder();
  const started = await keptAfterStart(caches);
  const kept = `${started}-used`;
  await (await startPlugin({ NODE_COMPILE_CACHE: caches })).failure("read", new pb.ReadRequest());
  await vi.waitFor(() => expect(statSync(kept).size).toBeGreaterThan(statSync(started).size));
  const { ino } = statSync(kept);

  const plugin = await startPlugin({ NODE_COMPILE_CACHE: caches });
  await plugin.failure("read", new pb.ReadRequest());
  await plugin.call("getPluginInfo", new empties.Empty());

  expect(statSync(kept).ino).toBe(ino);
});

test("it starts in spite of damaged code, and replaces it", async () => {
  const caches = ownTemporaryFolder();
  const kept = await keptAfterStart(caches);
  const sound = readFileSync(kept).length;
  truncateSync(kept, 1000);

  const plugin = await startPlugin({ NODE_COMPILE_CACHE: caches });
  await plugin.call("getPluginInfo", new empties.Empty());

  await vi.waitFor(() => expect(statSync(kept).size).toBeGreaterThan(sound / 2));
});

test("it starts where no folder can be made", async () => {
  const file = join(ownTemporaryFolder(), "file");
  writeFileSync(file, "");
  const plugin = await startPlugin({ NODE_COMPILE_CACHE: join(file, "folder") });
  await plugin.call("getPluginInfo", new empties.Empty());
});
