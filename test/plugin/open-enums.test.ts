import { expect, test } from "vitest";
import { startPlugin } from "./plugin.ts";
import { Resource } from "./resource.ts";
import { unknown } from "./wire.ts";

const replica = {
  clusterId: "rvf73a77ozfsvcttryebfrnlem",
  planId: "standard-8",
  providerId: "aws",
  regionId: "us-east-1",
};
const web = { app: "foo-default", type: "web", size: "gp1", quantity: 1 };

test.each([
  ["Replica", { ...replica, planId: "standrad-8" }, /planId "standrad-8" .* mean standard-8\?$/],
  ["Replica", { ...replica, providerId: "AWS" }, /providerId "AWS" .* mean aws\?$/],
  ["Replica", { ...replica, regionId: "us-esat-1" }, /regionId "us-esat-1" .* mean us-east-1\?$/],
  [
    "AppFormation",
    { ...web, size: "galaxy" },
    /size "galaxy" .* Known values: gp1, gp2, gp3, gp4\.$/,
  ],
])(
  "a %s with a value that the server decides on warns at the resource",
  async (type, given, text) => {
    const plugin = await startPlugin();
    const resource = new Resource(plugin, type);
    const { inputs, failures } = await resource.check(given);
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject(given);
    expect(plugin.logs).toEqual([
      {
        severity: "warning",
        urn: resource.urn,
        ephemeral: false,
        text: expect.stringMatching(text),
      },
    ]);
  },
);

test("known values and those that are not known yet warn of nothing", async () => {
  const plugin = await startPlugin();
  await new Resource(plugin, "Replica").check(replica);
  await new Resource(plugin, "AppFormation").check({ ...web, size: unknown });
  expect(plugin.logs).toEqual([]);
});

test("what the resource has already is warned of no more", async () => {
  const plugin = await startPlugin();
  const galaxy = { ...web, size: "galaxy" };
  await new Resource(plugin, "AppFormation").check(galaxy, galaxy);
  expect(plugin.logs).toEqual([]);
});

test("a resource that is checked again for its replacement is warned of once", async () => {
  const plugin = await startPlugin();
  const resource = new Resource(plugin, "AppFormation");
  await resource.check({ ...web, size: "galaxy" }, web);
  await resource.check({ ...web, size: "galaxy" });
  expect(plugin.logs).toHaveLength(1);
});

test("a closed list stays closed", async () => {
  const resource = new Resource(await startPlugin(), "Formation");
  const { failures } = await resource.check({ region: "us-esat-1" });
  expect(failures).toContainEqual(
    expect.stringMatching(
      /^region is "us-esat-1" \(did you mean us-east-1\?\); allowed: us-east-1/,
    ),
  );
});
