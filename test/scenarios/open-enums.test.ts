import { expect, test } from "vitest";
import { AkkerisSimulator } from "../../simulators/akkeris.ts";
import { running } from "../simulators/kit/testing.ts";
import { declaration, startStack, told } from "./support.ts";
import { yamlStack } from "./yaml.ts";

const web = { app: "foo-default", type: "web", size: "galaxy", quantity: 1 };
const warning =
  'size "galaxy" is unknown to this version of the provider; Akkeris will accept or reject it.';

async function akkerisWithGalaxies() {
  const akkeris = await running(new AkkerisSimulator());
  akkeris.addApp("foo-default");
  const [gp1] = akkeris.sizes;
  if (gp1) akkeris.sizes.push({ ...gp1, name: "galaxy" });
  return akkeris;
}

test("the plugin warns of a size that it does not know, at the resource, until the resource has it", async () => {
  const akkeris = await akkerisWithGalaxies();
  const { workspace } = await yamlStack(
    { it: { type: "formations:index:AppFormation", properties: web } },
    {
      "formations:akkerisUrl": akkeris.url,
      "formations:akkerisToken": { secret: akkeris.token },
    },
  );

  const preview = await workspace.preview();
  expect(preview.changes).toEqual({ create: 1 });
  expect(preview.diagnostics).toMatchObject([
    { severity: "warning", urn: preview.steps[0]?.urn, message: expect.stringContaining(warning) },
  ]);
  await workspace.up();
  expect(akkeris.formation("foo-default", "web")).toMatchObject({ size: "galaxy" });
  expect((await workspace.preview()).diagnostics).toEqual([]);
});

test("the dynamic host warns of it at the stack, until the resource has it", async () => {
  const akkeris = await akkerisWithGalaxies();
  const { workspace } = await startStack(declaration("AppFormation", web), {
    config: { akkerisUrl: akkeris.url, akkerisToken: { secret: akkeris.token } },
  });

  const preview = await workspace.preview();
  expect(preview.changes).toEqual({ create: 1 });
  expect(told(preview).split(warning)).toHaveLength(2);
  await workspace.up();
  expect(akkeris.formation("foo-default", "web")).toMatchObject({ size: "galaxy" });
  expect(told(await workspace.preview())).toBe("");
});
