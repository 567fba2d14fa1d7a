import { expect, onTestFinished, test } from "vitest";
import { createWorkspace } from "../../build/engine/workspace.ts";
import { AntflySimulator } from "../../simulators/antfly.ts";
import { formations } from "../engine/formations.ts";
import { running } from "../simulators/kit/testing.ts";
import { formation } from "./formation-support.ts";
import { inTypeScript, inYaml, type Program } from "./lifecycle/program.ts";
import { configOf } from "./support.ts";
import { accessTo, startCitus } from "./world.ts";
import { yamlProject } from "./yaml.ts";

const value = "sk-value-5b1e70c4";

/** An environment's program; each stores its own value of the secret. */
function program(workerCount: number, stack: string, options = {}): Program {
  return {
    ...formation({ workerCount }, options, "events"),
    key: {
      type: "AntflySecret",
      properties: { key: `openai.${stack}`, value: `${value}-${stack}` },
    },
  };
}

test("three stacks, two on the classes and one on the plugin, are side by side", async () => {
  const antfly = await running(new AntflySimulator());
  const config = configOf(accessTo(await startCitus(), antfly));
  const workspace = await createWorkspace({ program: "", stack: "dev", config });
  onTestFinished(() => workspace.dispose());
  const start = async (stack: string) => {
    const { code, stderr } = await workspace.pulumi([
      ...["stack", "init", stack, "--copy-config-from", "dev"],
    ]);
    expect(code, stderr).toBe(0);
  };
  const up = (stack: string) => workspace.up({ args: ["--stack", stack] });
  await workspace.setProgram(inTypeScript(program(2, "dev")));
  await workspace.up();
  await start("staging");
  await workspace.setProgram(inTypeScript(program(4, "staging")));
  await up("staging");
  await start("production");
  await workspace.writeFile(
    "Pulumi.yaml",
    await yamlProject(inYaml(program(4, "production", { protect: true }))),
  );
  await up("production");
  await start("empty");
  antfly.clearRequests();

  const { code, stdout, stderr } = await formations(workspace, "environments", "--format", "json");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const report = JSON.parse(stdout);
  expect(report.stacks).toMatchObject([
    { name: "dev", status: "compared", project: "scenario" },
    { name: "empty", status: "empty" },
    { name: "production", status: "compared" },
    { name: "staging", status: "compared" },
  ]);
  const [events, key] = report.resources;
  expect(report.resources).toHaveLength(2);
  const names = (one: { properties: { name: string; isDifferent: boolean }[] }) =>
    one.properties.filter(({ isDifferent }) => isDifferent).map(({ name }) => name);
  expect([events.name, names(events)]).toEqual(["events", ["workerCount", "protect"]]);
  expect([key.name, names(key)]).toEqual(["key", ["key"]]);
  expect(stdout).not.toMatch(new RegExp(`${value}|ciphertext|"__|v1:`));

  const stacks = ["production", "staging"].flatMap((name) => ["--stack", name]);
  const table = await formations(workspace, "environments", "--differences", ...stacks);
  expect(table.stdout).toMatch(/│ ≠ {3}protect\s+│ true\s+│ false \(default\)\s+│/);
  expect(table.stdout).not.toContain("workerCount");
  expect(antfly.requests).toEqual([]);

  // A state is read as it is stored: neither a key nor a token is needed.
  const { PULUMI_CONFIG_PASSPHRASE: _, VAULT_SERVER_URL: __, ...env } = workspace.env;
  const without = await formations({ ...workspace, env }, "environments", "--format", "json");
  expect(without.stdout).toBe(stdout);
});
