import { expect, onTestFinished, test } from "vitest";
import { createWorkspace } from "../engine/workspace.ts";
import { AkkerisSimulator } from "../simulators/akkeris.ts";
import { running } from "../simulators/kit/testing.ts";
import { reference, yamlProject } from "./yaml.ts";

test("explicit providers manage several accounts in one stack", async () => {
  const accounts = await Promise.all(
    ["first", "second"].map(async (name) => {
      const akkeris = await running(new AkkerisSimulator());
      akkeris.addApp(`${name}-default`);
      return { name, akkeris };
    }),
  );
  const declared = accounts.flatMap(({ name, akkeris }) => [
    [
      `${name}Account`,
      {
        type: "pulumi:providers:formations",
        properties: { akkerisUrl: akkeris.url, akkerisToken: { "fn::secret": akkeris.token } },
      },
    ],
    [
      name,
      {
        type: "formations:index:AppFormation",
        properties: { app: `${name}-default`, type: "web", size: "gp1", quantity: 1 },
        options: { provider: reference(`${name}Account`) },
      },
    ],
  ]);
  const files = { "Pulumi.yaml": await yamlProject(Object.fromEntries(declared)) };
  const workspace = await createWorkspace({ program: "", files, package: "none" });
  onTestFinished(() => workspace.dispose());

  await workspace.up();

  for (const { name, akkeris } of accounts) {
    const paths = new Set(akkeris.requests.map(({ path }) => path.split("/")[2]));
    expect([...paths]).toEqual([`${name}-default`]);
  }
  const state = JSON.stringify(await workspace.exportState());
  for (const { akkeris } of accounts) expect(state).not.toContain(akkeris.token);
  expect((await workspace.preview()).changes).toEqual({ same: 2 });
});
