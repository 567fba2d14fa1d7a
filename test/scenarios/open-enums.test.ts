import { expect, test } from "vitest";
import type { Host } from "./lifecycle/hosts.ts";
import { startStack } from "./stack.ts";
import { told } from "./support.ts";
import { accessTo, startAkkeris } from "./world.ts";

const web = { app: "foo-default", type: "web", size: "galaxy", quantity: 1 };
const warning =
  'size "galaxy" is unknown to this version of the provider; Akkeris will accept or reject it.';

async function stackWithGalaxies(host: Host["name"]) {
  const akkeris = await startAkkeris("foo-default");
  const [gp1] = akkeris.sizes;
  if (gp1) akkeris.sizes.push({ ...gp1, name: "galaxy" });
  const program = { it: { type: "AppFormation", properties: web } };
  const { workspace } = await startStack(program, { host, config: accessTo(akkeris) });
  return { akkeris, workspace };
}

test("the plugin warns of a size that it does not know, at the resource, until the resource has it", async () => {
  const { akkeris, workspace } = await stackWithGalaxies("plugin");

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
  const { akkeris, workspace } = await stackWithGalaxies("dynamic");

  const preview = await workspace.preview();
  expect(preview.changes).toEqual({ create: 1 });
  expect(told(preview).split(warning)).toHaveLength(2);
  await workspace.up();
  expect(akkeris.formation("foo-default", "web")).toMatchObject({ size: "galaxy" });
  expect(told(await workspace.preview())).toBe("");
});
