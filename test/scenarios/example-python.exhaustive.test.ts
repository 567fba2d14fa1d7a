import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { ensureEngine } from "../../build/engine/engine.ts";
import { ensureLanguageHost } from "../../build/engine/language-host.ts";
import { compiledClone } from "../../build/engine/package.ts";
import { repository } from "../../build/repository.ts";
import { type PlatformStack, platformStack, requestsOf } from "./platform.ts";
import { pythonWith, withoutPython, writtenSdks } from "./sdks.ts";

const folder = join(repository, "examples", "python");

let python: Awaited<ReturnType<typeof pythonWith>>;

beforeAll(async () => {
  if (!withoutPython) python = await pythonWith(await writtenSdks());
}, 600_000);

/** A stack of the example, on this clone's plugin and a Python that has the SDK. */
async function pythonStack(stack: string): Promise<PlatformStack> {
  const project = readFileSync(join(folder, "Pulumi.yaml"), "utf8");
  const here = project
    .replace("virtualenv: venv", `virtualenv: ${JSON.stringify(python.environment)}`)
    .replace("path: ../..", `path: ${JSON.stringify(await compiledClone())}`);
  const host = await ensureLanguageHost("python", await ensureEngine(), process.env);
  return platformStack(stack, {
    program: { folder },
    files: { "Pulumi.yaml": here },
    package: "none",
    // The host that is built knows of no virtual environment: it takes the first python3.
    path: [...host, dirname(python.interpreter)],
    env: python.env,
  });
}

test("dev comes up, and a second run changes and sends nothing", async ({ skip }) => {
  skip(withoutPython !== undefined, withoutPython);
  const { platform, workspace } = await pythonStack("dev");

  const preview = await workspace.preview();
  expect(preview.changes).toEqual({ create: 6 });
  expect(requestsOf(platform)).toEqual([]);
  const { changes, outputs } = await workspace.up();
  expect(changes).toEqual({ create: 6 });

  const [formation] = platform.citus.formations.values();
  const row = platform.akkeris.formation("shop-dev", "migration");
  expect(row?.options).toMatchObject({ env: { EVENTS_URL: formation?.database_url } });
  expect(outputs.eventsUrl).toBe("[secret]");
  requestsOf(platform);
  expect((await workspace.up()).changes).toEqual({ same: 6 });
  expect(requestsOf(platform)).toEqual([]);

  expect((await workspace.destroy()).changes).toEqual({ delete: 6 });
  expect(platform.akkeris.formations("shop-dev")).toEqual([]);
});

test("production is what examples/typescript makes of it, with its own secrets", async ({
  skip,
}) => {
  skip(withoutPython !== undefined, withoutPython);
  const inPython = await pythonStack("production");
  const inTypeScript = await platformStack("production");

  const { changes } = await inPython.workspace.up();

  expect(changes).toEqual((await inTypeScript.workspace.up()).changes);
  expect(worldOf(inPython)).toEqual(worldOf(inTypeScript));
});

/** What the systems have, but for names and times that differ from run to run. */
function worldOf({ platform }: PlatformStack) {
  const replicas = [...platform.crunchyBridge.clusters.values()].filter((one) => one.parent_id);
  return {
    formations: [...platform.citus.formations.values()].map((one) => one.tune_attributes),
    replicas: replicas.map(({ plan_id, storage, is_ha, is_protected, environment }) => {
      return { plan_id, storage, is_ha, is_protected, environment };
    }),
    processes: platform.akkeris.formations("shop-production").map((one) => {
      const { type, size, quantity, port, command, healthcheck, oneoff } = one;
      return { type, size, quantity, port, command, healthcheck, oneoff };
    }),
  };
}
