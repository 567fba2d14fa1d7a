import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { buildDirectory } from "../../build/engine/build.ts";
import { makeOnce, userCacheDirectory } from "../../build/engine/cache.ts";
import { ensureEngine } from "../../build/engine/engine.ts";
import { dynamicHostDirectory } from "../../build/engine/on-path.ts";
import { engineVersions } from "../../build/engine/versions.ts";
import { repository } from "../../build/repository.ts";
import { supportedRange } from "../../provider/process/pulumi-version.ts";

let directory: string;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "formations-setup-"));
  env = { PATH: directory, XDG_CACHE_HOME: join(directory, "cache") };
});

afterEach(() => rm(directory, { recursive: true, force: true }));

/** Programs on PATH; the text is what they print. */
async function install(programs: Record<string, string>): Promise<void> {
  for (const [name, output] of Object.entries(programs)) {
    const script = `#!/bin/sh\necho '${output}'\n`;
    await writeFile(join(directory, name), script, { mode: 0o755 });
  }
}

describe.skipIf(process.platform === "win32")("an engine on PATH", () => {
  test.each(["v3.259.0", "v3.1000.0", "v4.0.0", "v3.260.0-alpha.1"])(
    "is used when it is %s",
    async (version) => {
      await install({
        pulumi: version,
        "pulumi-language-nodejs": "",
        "pulumi-resource-pulumi-nodejs": "",
      });

      expect(await ensureEngine({ env })).toEqual({ way: "path", directories: [directory] });
    },
  );

  test("gets the dynamic host from @pulumi/pulumi when it has none", async () => {
    await install({ pulumi: "v3.259.0", "pulumi-language-nodejs": "" });

    const { directories } = await ensureEngine({ env });

    expect(directories).toEqual([directory, dynamicHostDirectory]);
  });

  test.each([
    ["there is none", {}, "pulumi is not on PATH"],
    ["it is older", { pulumi: "v3.258.9" }, "is 3.258.9, older than 3.259.0"],
    ["it says no version", { pulumi: "hello" }, "does not say its version"],
    ["it can't run Node.js", { pulumi: "v3.300.0" }, "has no pulumi-language-nodejs"],
  ])("is passed over when %s", async (_case, programs, reason) => {
    await install(programs);

    await expect(ensureEngine({ env: { ...env, FORMATIONS_ENGINE: "path" } })).rejects.toThrow(
      reason,
    );
  });
});

test("an engine that was built before is used without asking the network", async () => {
  const { root, bin } = buildDirectory(userCacheDirectory(env), "newest");
  await mkdir(root, { recursive: true });

  expect(await ensureEngine({ env })).toEqual({ way: "build", directories: [bin] });
});

test("the oldest engine is used where it is asked for, whatever is on PATH", async () => {
  await install({ pulumi: "v3.1000.0", "pulumi-language-nodejs": "" });
  const { root, bin } = buildDirectory(userCacheDirectory(env), "oldest");
  await mkdir(root, { recursive: true });
  const wanting = { ...env, FORMATIONS_ENGINE_VERSION: "oldest" };

  expect(await ensureEngine({ env: wanting })).toEqual({ way: "build", directories: [bin] });
});

test.each([
  ["oldest", "oldest.mod"],
  ["newest", "go.mod"],
] as const)("the %s engine is built from its own version, by %s", (age, file) => {
  const module = readFileSync(join(repository, "build", "engine", "go", "pulumi", file), "utf8");
  expect(module).toContain(`github.com/pulumi/pulumi/pkg/v3 v${engineVersions[age]}\n`);
});

test("the provider supports the oldest engine that is tested, and none before", () => {
  expect(supportedRange).toBe(`>=${engineVersions.oldest}-0`);
});

test.each(["Go is not on PATH", "Install Pulumi 3.259.0 or newer", "or Go 1.26.6 or newer"])(
  "without Go the error says: %s",
  async (part) => {
    await expect(ensureEngine({ env: { ...env, FORMATIONS_ENGINE: "build" } })).rejects.toThrow(
      part,
    );
  },
);

test.each([
  ["FORMATIONS_ENGINE", 'is "none"; it may be path, download, build or unset'],
  ["FORMATIONS_ENGINE_VERSION", 'is "none"; it may be oldest, newest or unset'],
])("a wrong %s is refused with the values it may have", async (name, says) => {
  await expect(ensureEngine({ env: { ...env, [name]: "none" } })).rejects.toThrow(
    `${name} ${says}`,
  );
});

describe("a folder made once", () => {
  test("is filled once when two set-ups start together", async () => {
    const target = join(directory, "cache", "thing");
    const said: string[] = [];
    let fills = 0;
    const fill = async (temporary: string) => {
      fills++;
      await writeFile(join(temporary, "file"), "whole");
    };

    await Promise.all([1, 2].map(() => makeOnce(target, fill, (line) => said.push(line))));

    expect(fills).toBe(1);
    expect(await readdir(target)).toEqual(["file"]);
    expect(said).toEqual(["Another process is making thing; waiting for it."]);
  });

  test("does not exist after a failure, and neither does anything half made", async () => {
    const target = join(directory, "cache", "thing");
    const fill = async (temporary: string) => {
      await writeFile(join(temporary, "file"), "half");
      throw new Error("the disk is full");
    };

    await expect(makeOnce(target, fill)).rejects.toThrow("the disk is full");

    expect(existsSync(target)).toBe(false);
    expect(await readdir(join(directory, "cache"))).toEqual([]);
  });
});
