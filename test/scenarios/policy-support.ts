import { chmod, cp, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { z } from "zod";
import type { CommandResult, Workspace } from "../../build/engine/workspace.ts";
import { repository } from "../../build/repository.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";

const runner = join(repository, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack");

/** What runs of the pack: `source` as users have it, whose types are checked anew each time, which takes seconds. */
type PackForm = "compiled" | "source";

/**
 * Copies the policy pack, as users do, with an executable that runs it. The language host of the tests is
 * older than the one that runs packs by their folder, so the engine starts the executable instead.
 *
 * @param form Default: `compiled`
 * @returns the executable's path, for `--policy-pack`
 */
export async function policyPack(form: PackForm = "compiled"): Promise<string> {
  const pack = join(ownTemporaryFolder(), "policy");
  const source = join(repository, "examples", "policy");
  await cp(source, pack, { recursive: true });
  await symlink(join(repository, "node_modules"), join(pack, "node_modules"));
  if (form === "compiled") await compile(source, pack);
  const executable = join(pack, "run-pack");
  await writeFile(executable, `#!/bin/sh\nexec node '${runner}' "$1" --pwd='${pack}' '${pack}'\n`);
  await chmod(executable, 0o755);
  return executable;
}

/** Puts what the pack is in JavaScript into its folder, as its program. */
async function compile(source: string, pack: string): Promise<void> {
  await build({
    absWorkingDir: source,
    entryPoints: ["index.ts"],
    outfile: join(pack, "index.js"),
    bundle: true,
    packages: "external",
    platform: "node",
    logLevel: "silent",
  });
  const manifest = JSON.parse(await readFile(join(source, "package.json"), "utf8"));
  await writeFile(join(pack, "package.json"), JSON.stringify({ ...manifest, main: "index.js" }));
}

const event = z.looseObject({
  policyEvent: z
    .looseObject({
      resourceUrn: z.string().optional(),
      message: z.string(),
      policyName: z.string(),
    })
    .optional(),
});

/** How a pack is run. */
export interface PolicyOptions {
  /** By policy. Default: the stack `test` is production, and nothing is left alone. */
  config?: Readonly<Record<string, object>>;
  /** The file with the state before the change. Default: none. */
  state?: string;
}

/** What the policies said, and how the command ended. */
export interface Verdict {
  code: number | null;
  /** `policy resource: message`, sorted. */
  violations: string[];
}

const policies = [
  ...["protected-databases", "high-availability", "no-burstable-machines"],
  ...["no-data-losing-replacement", "no-data-losing-deletion"],
];

/** The flags and the environment with which the engine runs a pack. */
export async function withPolicies(pack: string, { config = {}, state }: PolicyOptions = {}) {
  const file = join(dirname(pack), "config.json");
  const settings = policies.map((name) => [name, { productionStacks: ["test"], ...config[name] }]);
  await writeFile(file, JSON.stringify(Object.fromEntries(settings)));
  const env: Record<string, string> = state === undefined ? {} : { FORMATIONS_POLICY_STATE: state };
  return { args: ["--policy-pack", pack, "--policy-pack-config", file], env };
}

/** Runs `pulumi preview` with the pack. */
export async function previewWithPolicies(
  workspace: Workspace,
  pack: string,
  options: PolicyOptions = {},
): Promise<Verdict> {
  const { args, env } = await withPolicies(pack, options);
  return verdictOf(
    await workspace.pulumi(["preview", "--json", ...args, "--color", "never"], {
      env: { ...env, PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" },
    }),
  );
}

/** Exports the stack's state for the policies. */
export async function exported(workspace: Workspace): Promise<string> {
  const file = join(ownTemporaryFolder(), "state.json");
  const { code, stderr } = await workspace.pulumi(["stack", "export", "--file", file]);
  if (code !== 0) throw new Error(stderr);
  return file;
}

/** Reads the engine's events, a line each. The first line of a message is the policy's description. */
export function verdictOf({ stdout, code }: CommandResult): Verdict {
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  const violations = lines.flatMap((line) => {
    const { policyEvent } = event.parse(JSON.parse(line));
    if (!policyEvent) return [];
    const { policyName, resourceUrn = "", message } = policyEvent;
    const said = message.trim().split("\n").slice(1).join("\n");
    return [`${policyName} ${resourceUrn.split("::").at(3)}: ${said}`];
  });
  return { code, violations: violations.toSorted() };
}
