import { join } from "node:path";
import { type CommandResult, runCommand } from "../../build/engine/process.ts";
import { repository } from "../../build/repository.ts";

/** Makes a folder a repository of GitLab's with a commit, as gitlab-ci-local needs it. */
export async function makeRepository(folder: string): Promise<void> {
  const author = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  for (const args of [
    ["init", "--quiet", "--initial-branch=main"],
    ["remote", "add", "origin", "git@gitlab.example:example/shop.git"],
    ["add", "--all"],
    [...author, "commit", "--quiet", "--message=Add the project"],
  ]) {
    const { code, stderr } = await run("git", args, folder, { PATH: process.env.PATH });
    if (code !== 0) throw new Error(`git ${args[0]} failed: ${stderr}`);
  }
}

/**
 * Runs gitlab-ci-local in a repository.
 *
 * @param variables GitLab's, or the project's
 */
export function gitLabCiLocal(
  folder: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv = { PATH: process.env.PATH },
): Promise<CommandResult> {
  const command = join(repository, "node_modules", "gitlab-ci-local", "dist", "index.js");
  const given = Object.entries(variables).flatMap(([key, value]) => [
    ...["--variable", `${key}=${value}`],
  ]);
  const quiet = ["--ignore-predefined-vars", Object.keys(variables).join(",")];
  return run(process.execPath, [command, ...args, ...given, ...quiet], folder, env);
}

function run(
  file: string,
  args: readonly string[],
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<CommandResult> {
  return runCommand(file, args, { cwd: folder, env: { HOME: folder, ...env }, timeoutMs: 60_000 });
}
