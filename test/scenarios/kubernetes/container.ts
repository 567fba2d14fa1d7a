import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type CommandResult, runCommand } from "../../../build/engine/process.ts";
import type { Workspace } from "../../../build/engine/workspace.ts";
import type { Manifest } from "./cluster.ts";
import type { CronJob, Volume } from "./cron-job.ts";

const files = z.record(z.string(), z.string());

/**
 * Runs the container of a CronJob as the example's image does: the command of the package that is
 * installed there, with the container's arguments and no environment but the container's. What it
 * mounts lies in a folder of its own, which precedes every path.
 *
 * @param rewrite changes the arguments and what is mounted, for instance where a URL leads
 */
export async function runContainer(
  { project }: Workspace,
  manifests: readonly Manifest[],
  { spec }: CronJob,
  rewrite: (text: string) => string,
): Promise<CommandResult> {
  const { containers, volumes } = spec.jobTemplate.spec.template.spec;
  const [container] = containers;
  const root = await mkdtemp(join(project, "container-"));
  const mounts = container.volumeMounts;
  for (const { name, mountPath } of mounts) {
    const volume = volumes.find((one) => one.name === name);
    await mkdir(join(root, mountPath), { recursive: true });
    for (const [file, text] of Object.entries(filesOf(manifests, volume))) {
      const mode = volume?.secret?.defaultMode;
      await writeFile(join(root, mountPath, file), rewrite(text), { mode });
    }
  }
  const local = (text: string) =>
    mounts.some(({ mountPath }) => text.startsWith(mountPath)) ? join(root, text) : rewrite(text);
  const command = join(project, "node_modules", "pulumi-formations/bin/cli/main.js");
  const args = container.args.map((arg) => local(arg));
  const env = container.env.map(({ name, value }) => [name, local(value)]);
  return runCommand(process.execPath, [command, ...args], {
    env: { ...Object.fromEntries(env), TMPDIR: local("/tmp") },
    timeoutMs: 30_000,
  });
}

/** What a volume brings, by file name. */
function filesOf(manifests: readonly Manifest[], { configMap, secret }: Partial<Volume> = {}) {
  const of = (wanted: string, name: string | undefined) =>
    manifests.find(({ kind, metadata }) => kind === wanted && metadata.name === name);
  if (configMap) return files.parse(of("ConfigMap", configMap.name)?.data);
  if (secret) return files.parse(of("Secret", secret.secretName)?.stringData);
  return {};
}
