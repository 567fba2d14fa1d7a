import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { repository } from "../engine/repository.ts";
import { createWorkspace, type Workspace, type WorkspaceOptions } from "../engine/workspace.ts";
import { Platform } from "../simulators/platform.ts";

/** A stack of examples/typescript with the four simulated systems. */
export interface PlatformStack {
  platform: Platform;
  workspace: Workspace;
}

/** The passphrase that the example's README tells. */
const passphrase = "simulated";

/**
 * Makes a stack of the example, which ends with the running test; the test then fails if a request
 * came that no correct client sends. `production` takes its tokens from its own secrets, others from
 * the environment.
 */
export async function platformStack(
  stack: string,
  options: Partial<WorkspaceOptions> = {},
): Promise<PlatformStack> {
  const platform = await new Platform(2000).start();
  onTestFinished(async () => {
    await platform.close();
    const unexpected = [...platform.systems.values()].flatMap((system) => system.unexpected);
    expect(unexpected, "unexpected requests").toEqual([]);
  });
  const workspace = await createWorkspace({
    program: { folder: join(repository, "examples", "typescript") },
    stack,
    passphrase,
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

/** The requests since the last look, as `Akkeris PATCH /apps/shop-dev/formation`. */
export function requestsOf(platform: Platform): string[] {
  return [...platform.takeRequests()].flatMap(([name, requests]) =>
    requests.map(({ method, path }) => `${name} ${method} ${path}`),
  );
}
