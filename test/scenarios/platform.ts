import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { compiledClone } from "../../build/engine/package.ts";
import {
  createWorkspace,
  type Workspace,
  type WorkspaceOptions,
} from "../../build/engine/workspace.ts";
import { repository } from "../../build/repository.ts";
import { Platform } from "../../simulators/platform.ts";

/** A folder of examples that is a Pulumi project. */
type Example = "typescript" | "yaml";

/** A stack of an example with the four simulated systems. */
export interface PlatformStack {
  platform: Platform;
  workspace: Workspace;
}

/** The passphrase that the examples' READMEs tell, with which the secrets of `production` are encrypted. */
const passphrase = "simulated";

/**
 * Makes a stack of an example, which ends with the running test; the test then fails if a request
 * came that no correct client sends. `production` takes its tokens from its own secrets, others from
 * the environment.
 *
 * @param options.example - a folder of examples. Default: `typescript`
 */
export async function platformStack(
  stack: string,
  { example = "typescript", ...options }: Partial<WorkspaceOptions> & { example?: Example } = {},
): Promise<PlatformStack> {
  const platform = await new Platform(2000).start();
  onTestFinished(async () => {
    await platform.close();
    const unexpected = [...platform.systems.values()].flatMap((system) => system.unexpected);
    expect(unexpected, "unexpected requests").toEqual([]);
  });
  const workspace = await createWorkspace({
    program: { folder: join(repository, "examples", example) },
    ...(example === "yaml" && (await onPlugin(example))),
    stack,
    ...(stack === "production" && { passphrase }),
    ...options,
    env: {
      ...platform.urls,
      FORMATIONS_CITUS_REQUESTS_PER_MINUTE: "600",
      ...(stack === "production" ? {} : platform.tokens),
      ...options.env,
    },
  });
  onTestFinished(() => workspace.dispose());
  return { platform, workspace };
}

/** What an example that names the plugin by its clone needs elsewhere. */
async function onPlugin(example: Example): Promise<Partial<WorkspaceOptions>> {
  const clone = await compiledClone();
  const project = readFileSync(join(repository, "examples", example, "Pulumi.yaml"), "utf8");
  return {
    files: { "Pulumi.yaml": project.replace("path: ../..", `path: ${JSON.stringify(clone)}`) },
    package: "none",
  };
}

/** The requests since the last look, as `Akkeris PATCH /apps/shop-dev/formation`. */
export function requestsOf(platform: Platform): string[] {
  return [...platform.takeRequests()].flatMap(([name, requests]) =>
    requests.map(({ method, path }) => `${name} ${method} ${path}`),
  );
}
