import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compiledClone } from "../../build/engine/package.ts";
import { type CommandResult, runCommand } from "../../build/engine/process.ts";
import type { Workspace } from "../../build/engine/workspace.ts";
import { args, schedule, server, stackOf } from "./antfly-support.ts";
import { reference, yamlStack } from "./yaml.ts";

/** Fires once a year, so that no slot comes while a test runs. */
const yearly = { ...args, schedule: "0 0 1 1 *" };
const idOf = (prefix: string) => expect.stringMatching(`^${prefix}-\\d{4}0101T000000Z$`);

async function backups(
  { project: cwd, env }: Pick<Workspace, "project" | "env">,
  ...flags: string[]
): Promise<CommandResult> {
  const cli = join(await compiledClone(), "bin", "cli", "main.js");
  return runCommand(process.execPath, [cli, "backups", ...flags], { cwd, env, timeoutMs: 60_000 });
}

test("dynamic: the schedules of several stacks are run, suspended ones left, and exported without the key", async () => {
  const paused = schedule({ ...yearly, suspend: true }, {}, "paused");
  const { antfly, workspace } = await stackOf(
    { ...schedule(yearly), ...paused },
    { host: "dynamic" },
  );
  await workspace.up();
  const { stack, project } = workspace;
  const other = { PULUMI_STACK: "other" };
  for (const args of [
    ["stack", "init", "other", "--copy-config-from", stack],
    ["up", "--yes", "--skip-preview"],
  ]) {
    const { code, stdout, stderr } = await workspace.pulumi(args, { env: other });
    expect(code, stdout + stderr).toBe(0);
  }
  const stacks = ["--stack", stack, "--stack", "other"];
  // Each stack has its own series.
  const ids = [idOf("nightly-\\w{7}"), idOf("nightly-\\w{7}")];
  const listed = () => [...antfly.backups(args.location).keys()];

  const run = await backups(workspace, "run", ...stacks);
  expect(run.code, run.stdout + run.stderr).toBe(0);
  expect(run.stdout).toContain(`${stack}/paused: suspended`);
  expect(listed()).toEqual(ids);

  const file = join(project, "schedules.json");
  const exported = await backups(workspace, "export", ...stacks, "--output", file);
  expect(exported.code, exported.stderr).toBe(0);
  expect(readFileSync(file, "utf8")).not.toContain(antfly.token);
  // A host without Pulumi, the state or its passphrase.
  const bare = { project, env: { FORMATIONS_ANTFLY_API_KEY: antfly.token } };
  antfly.backups(args.location).clear();
  const again = await backups(bare, "run", "--file", file);
  expect(again.code, again.stdout + again.stderr).toBe(0);
  expect(listed()).toEqual(ids);

  const withKey = await backups(workspace, "export", "--stack", stack, "--show-secrets");
  expect(withKey.stdout).toContain(antfly.token);
  const noPulumi = await backups({ ...bare, env: { PATH: "/nonexistent" } }, "run", "--stack", "x");
  expect(noPulumi.code).toBe(1);
  expect(noPulumi.stderr).toContain("Is pulumi on the PATH?");
});

test("plugin: each schedule is run with the configuration of its own provider", async () => {
  const [ours, theirs] = [await server(), await server()];
  theirs.token = Buffer.from("their-key:their-secret-9b2e").toString("base64");
  const config = {
    "formations:antflyUrl": ours.url,
    "formations:antflyApiKey": { secret: ours.token },
  };
  const { workspace } = await yamlStack(
    {
      account: {
        type: "pulumi:providers:formations",
        properties: { antflyUrl: theirs.url, antflyApiKey: theirs.token },
      },
      own: {
        type: "formations:index:AntflyBackupSchedule",
        properties: { ...yearly, backupIdPrefix: "own" },
      },
      other: {
        type: "formations:index:AntflyBackupSchedule",
        properties: { ...yearly, backupIdPrefix: "other" },
        options: { provider: reference("account") },
      },
    },
    config,
  );
  await workspace.up();

  const run = await backups(workspace, "run", "--stack", workspace.stack);
  expect(run.code, run.stdout + run.stderr).toBe(0);
  expect([...ours.backups(args.location).keys()]).toEqual([idOf("own")]);
  expect([...theirs.backups(args.location).keys()]).toEqual([idOf("other")]);
  expect(run.stdout + run.stderr).not.toContain(theirs.token);
});
