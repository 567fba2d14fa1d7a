import { chmodSync, readFileSync } from "node:fs";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import {
  createWorkspace,
  type Workspace,
  type WorkspaceOptions,
} from "../../../build/engine/workspace.ts";
import { repository } from "../../../build/repository.ts";
import { revealed } from "../../../cli/stack/deployment.ts";
import { kubernetesLibrary, libraryVersion } from "./library.ts";

/** What a program has a cluster hold. */
export type Manifest = z.output<typeof manifest>;

export const manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});

/**
 * Has the program's types checked as it runs, which takes seconds: those of `@pulumi/kubernetes` know
 * no field that Kubernetes' API does not have.
 */
export const checkingTypes = { env: { PULUMI_NODEJS_TRANSPILE_ONLY: "false" } };

/** The stack `production` of an example, with a stand-in for the cluster. */
export async function kubernetesStack(
  example: string,
  { files, ...options }: Pick<WorkspaceOptions, "config" | "files"> = {},
): Promise<Workspace> {
  const folder = join(repository, "examples", example);
  const project = readFileSync(join(folder, "Pulumi.yaml"), "utf8");
  const plugin = join(repository, "test", "scenarios", "kubernetes", "plugin.mts");
  const executable = join("cluster", "pulumi-resource-kubernetes");
  const run = `KUBERNETES_VERSION=${libraryVersion} exec node '${plugin}' "$@"`;
  const workspace = await createWorkspace({
    program: { folder },
    files: {
      "Pulumi.yaml": `${project}plugins: { providers: [{ name: kubernetes, path: cluster }] }\n`,
      [executable]: `#!/bin/sh\n${run}\n`,
      ...files,
    },
    stack: "production",
    ...options,
  });
  chmodSync(join(workspace.project, executable), 0o755);
  const place = join(workspace.project, "node_modules", "@pulumi", "kubernetes");
  await symlink(await kubernetesLibrary(), place, "junction");
  return workspace;
}

/** What the stand-in for the cluster holds for a stack, secrets in plain. */
export async function manifestsOf(workspace: Workspace): Promise<Manifest[]> {
  const { deployment } = await workspace.exportState({ showSecrets: true });
  return deployment.resources
    .filter(({ type, custom }) => custom && type.startsWith("kubernetes:"))
    .map(({ inputs }) => manifest.parse(revealed(inputs)));
}
