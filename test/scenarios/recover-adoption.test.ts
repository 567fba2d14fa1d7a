import { expect, test } from "vitest";
import type { CommandResult } from "../../build/engine/process.ts";
import type { Values } from "../../provider/resource/values.ts";
import { Reference } from "./lifecycle/program.ts";
import { startStack } from "./stack.ts";
import { recover } from "./support.ts";
import { accessTo, primaryId, startAkkeris, startBridge } from "./world.ts";
import { reference, yamlStack } from "./yaml.ts";

const app = "foo-default";

/** A formation of the app that runs, and what a program asks for to have it. */
const formation = (type: string): Values => ({
  ...{ app, type, size: "gp1", quantity: 1, command: `run ${type}` },
});

/** The options of the command that a recovery prints: the only one, with all answers. */
function answersIn({ stdout }: CommandResult): string[] {
  const [, command = ""] =
    /^ {2}npx -p pulumi-formations formations recover ((?:.*\\\n)*.*)$/m.exec(stdout) ?? [];
  return command.split(/[\s\\]+/);
}

test.each(["dynamic", "plugin"] as const)(
  "%s: resources of several kinds are adopted into a stack without a state, with parents and dependencies",
  async (host) => {
    const akkeris = await startAkkeris(app);
    const bridge = await startBridge();
    for (const type of ["worker", "job"]) akkeris.addFormation(app, { type });
    const copy = bridge.addCluster({ name: "orders-copy", parent_id: primaryId });
    const declared = {
      // New itself, and the parent of what exists.
      fresh: { type: "AppFormation", properties: formation("fresh") },
      worker: {
        type: "AppFormation",
        properties: formation("worker"),
        options: { parent: new Reference("fresh"), protect: true },
      },
      job: {
        type: "AppFormation",
        properties: formation("job"),
        options: { dependsOn: [new Reference("fresh"), new Reference("worker")] },
      },
      copy: {
        type: "Replica",
        properties: { clusterId: primaryId, name: "orders-copy" },
        options: { parent: new Reference("worker") },
      },
    };
    const { workspace } = await startStack(declared, { host, config: accessTo(akkeris, bridge) });

    const shown = await recover(workspace);
    expect(shown.code, shown.stdout + shown.stderr).toBe(2);
    expect(shown.stdout).toContain("fresh (AppFormation): the server does not have it");
    expect(shown.stdout).not.toContain("needs no change");
    const answers = answersIn(shown);
    expect(answers.filter((one) => one.includes("=")).toSorted()).toEqual([
      `copy=${copy.id}`,
      `job=${app}/job`,
      `worker=${app}/worker`,
    ]);

    const done = await recover(workspace, ...answers);
    expect(done.code, done.stdout + done.stderr).toBe(0);
    for (const one of [akkeris, bridge]) one.clearRequests();
    expect((await workspace.up()).changes).toEqual({ create: 1, same: 3 });
    expect((await workspace.preview()).changes).toEqual({ same: 4 });
    expect([akkeris.count("POST"), bridge.count("POST")]).toEqual([1, 0]);
  },
);

test("resources of an explicit provider, which is new too, are adopted from its own account", async () => {
  const [own, other] = [await startAkkeris(app), await startAkkeris(app)];
  const types = ["worker", "job", "cron"];
  for (const type of types) other.addFormation(app, { type });
  other.token = "another-account-5e1f";
  const account = {
    type: "pulumi:providers:formations",
    properties: { akkerisUrl: other.url, akkerisToken: { "fn::secret": other.token } },
  };
  const options = { provider: reference("account") };
  const resources = types.map((type) => [
    type,
    { type: "formations:index:AppFormation", properties: formation(type), options },
  ]);
  const config = Object.entries(accessTo(own)).flatMap(([key, value]) =>
    value === null ? [] : [[`formations:${key}`, value] as const],
  );
  const { workspace } = await yamlStack(
    { account, ...Object.fromEntries(resources) },
    Object.fromEntries(config),
  );

  const done = await recover(workspace, "--yes", "--adopt-matching");

  expect(done.code, done.stdout + done.stderr).toBe(0);
  expect(JSON.stringify(await workspace.exportState())).not.toContain(other.token);
  expect(own.requests).toEqual([]);
  expect((await workspace.up()).changes).toEqual({ same: 3 });
  expect(other.count("POST")).toBe(0);
});
