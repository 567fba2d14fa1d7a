import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { compiledClone } from "../../build/engine/package.ts";
import { runCommand } from "../../build/engine/process.ts";
import { createWorkspace } from "../../build/engine/workspace.ts";
import { repository } from "../../build/repository.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";

const lock = z.object({ packages: z.record(z.string(), z.unknown()) });

/** A proxy that lets nobody through, and what it was asked. */
async function closedProxy() {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      asked.push(bytes.toString().split("\r\n")[0] ?? "");
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  return { url: `http://127.0.0.1:${address.port}`, asked };
}

/**
 * An `npm` that installs nothing but what Pulumi looks at, the packages' manifests, and the compiled
 * provider, which npm's `prepare` builds. It writes down what it was called with.
 */
function npmOfManifests(folder: string, root: string): string {
  const program = join(folder, "npm");
  const { packages } = lock.parse(
    JSON.parse(readFileSync(join(repository, "package-lock.json"), "utf8")),
  );
  const manifests = Object.keys(packages)
    .filter(Boolean)
    .map((path) => join(path, "package.json"));
  const script = `
    const fs = require("node:fs");
    fs.appendFileSync(${JSON.stringify(join(folder, "calls"))}, process.argv.slice(2).join(" ") + "\\n");
    for (const path of ${JSON.stringify(manifests)}) {
      const from = ${JSON.stringify(repository)} + "/" + path;
      if (fs.existsSync(from)) fs.cpSync(from, path);
    }
    fs.cpSync(${JSON.stringify(join(root, "bin"))}, "bin", { recursive: true });`;
  writeFileSync(join(folder, "npm.cjs"), script);
  writeFileSync(program, `#!/bin/sh\nexec node '${join(folder, "npm.cjs")}' "$@"\n`);
  chmodSync(program, 0o755);
  return join(folder, "calls");
}

/** What of a clone Pulumi takes it for a plugin by, as git has it: nothing is compiled. */
function clone(): string {
  const folder = join(ownTemporaryFolder(), "pulumi-formations");
  mkdirSync(folder);
  for (const file of ["package.json", "PulumiPlugin.yaml", "pulumi-resource-formations"]) {
    cpSync(join(repository, file), join(folder, file));
  }
  return folder;
}

test("Pulumi installs a clone by `npm install` alone, and gets its schema without a network", async () => {
  const root = await compiledClone();
  const proxy = await closedProxy();
  const stubs = ownTemporaryFolder();
  const calls = npmOfManifests(stubs, root);
  const folder = clone();
  const workspace = await createWorkspace({ program: "", package: "none" });
  onTestFinished(() => workspace.dispose());
  const env = {
    ...workspace.env,
    PATH: [stubs, workspace.env.PATH].join(delimiter),
    HTTP_PROXY: proxy.url,
    HTTPS_PROXY: proxy.url,
  };
  // In the clone's folder: older language hosts, as tests have one, look there for packages with plugins.
  const schemaOf = (plugin: string) =>
    runCommand("pulumi", ["package", "get-schema", plugin], {
      cwd: folder,
      env,
      timeoutMs: 60_000,
    });

  // The language host of the tests installs the folder of a plugin, but is too old to run it.
  const { stdout, stderr } = await schemaOf(".");
  expect(stdout + stderr).toContain("Finished installing dependencies");
  expect(readFileSync(calls, "utf8")).toMatch(/^install\b.*\n$/);

  const schema = await schemaOf(join(folder, "pulumi-resource-formations"));
  expect(schema.code, schema.stderr).toBe(0);
  const committed = readFileSync(join(repository, "schema.json"), "utf8");
  expect(JSON.parse(schema.stdout)).toEqual(JSON.parse(committed));
  expect(proxy.asked).toEqual([]);
});
