import { expect, test } from "vitest";
import { appFormation } from "../akkeris/subjects.ts";
import { backupSchedule } from "../antfly/subjects.ts";
import { formation } from "../citus/subjects.ts";
import { startPlugin } from "./plugin.ts";
import { Resource } from "./resource.ts";
import { output, resource as reference, secret, unknown, unknownNumber } from "./wire.ts";
import { worldOf } from "./world.ts";

const oneoff = {
  app: "foo-default",
  type: "job",
  size: "gp1",
  quantity: 0,
  oneoff: true,
  options: { image: "jobs:1.2", env: { A: "hunter2", B: "b" } },
};
const hidden = { ...oneoff, options: { ...oneoff.options, env: secret(oneoff.options.env) } };

test("what the schema calls a secret is one in inputs and state, however it was given", async () => {
  const { resource, simulator } = await worldOf(appFormation);

  const held = await resource.create(oneoff);

  expect(held.inputs).toEqual(hidden);
  expect(held.state).toMatchObject({ options: hidden.options });
  const [request] = simulator.requests.filter(({ method }) => method === "POST");
  expect(request?.body).toMatchObject({ options: oneoff.options });
  expect((await resource.read(held)).state).toEqual(held.state);
  expect((await resource.read(held)).inputs).toEqual(held.inputs);
});

test("an output that is a secret comes as one", async () => {
  const { resource } = await worldOf(formation);
  const { state } = await resource.create(formation.inputs);
  expect(state.databaseUrl).toEqual(secret(expect.stringMatching(/^postgres/)));
});

test("what the program makes a secret stays one in check, create, read and update", async () => {
  const { resource, inputs } = await worldOf(appFormation);
  const given = { ...inputs, healthcheck: secret("/health"), size: secret("gp1") };

  const held = await resource.create(given);
  const read = await resource.read(held);
  const updated = await resource.update(read, { ...given, quantity: 2 });

  for (const bag of [held.inputs, held.state, read.inputs, read.state, updated.state]) {
    expect(bag).toMatchObject({ healthcheck: secret("/health"), size: secret("gp1") });
  }
});

test("a secret within a list makes the list a secret", async () => {
  const { resource, inputs } = await worldOf(backupSchedule);
  const held = await resource.create({ ...inputs, tableNames: ["t1", secret("t2")] });
  expect(held.inputs.tableNames).toEqual(secret(["t1", "t2"]));
  expect(held.state.tableNames).toEqual(secret(["t1", "t2"]));
});

test("no failure or warning shows what the program made a secret", async () => {
  const { resource, inputs, plugin } = await worldOf(appFormation);
  const wrong = await resource.check({ ...inputs, type: secret("Hunter-2"), port: secret(80) });
  expect(wrong.failures.join()).toContain("type is (secret)");
  expect(wrong.failures.join()).not.toMatch(/Hunter|80;/);

  const held = await resource.create({ ...inputs, healthcheck: secret("/hunter2") });
  await resource.diff(held, { ...inputs, healthcheck: secret("/hunter3") });
  expect(plugin.said().join()).toContain("changes healthcheck from (secret) to (secret)");
  expect(JSON.stringify(plugin.logs)).not.toContain("hunter");
});

test("values that are not known yet fail no check, at any depth", async () => {
  const resource = new Resource(await startPlugin(), "AppFormation");
  const given = {
    ...oneoff,
    quantity: unknownNumber,
    app: output({ dependencies: [] }),
    options: { env: { A: secret(unknown) } },
  };
  const { inputs, failures } = await resource.check(given);
  expect(failures).toEqual([]);
  expect(inputs).toMatchObject({
    quantity: unknown,
    app: unknown,
    options: { env: secret({ A: unknown }) },
  });
});

test("a known output is its value, and a secret where it says so", async () => {
  const resource = new Resource(await startPlugin(), "AppFormation");
  const given = {
    ...oneoff,
    app: output({ value: "foo-default", dependencies: ["urn:pulumi:dev::p::t::n"] }),
    size: output({ value: "gp1", secret: true }),
  };
  const { inputs } = await resource.check(given);
  expect(inputs).toMatchObject({ app: "foo-default", size: secret("gp1") });
});

test.each([
  ["its ID", { urn: "urn:pulumi:dev::p::t::n", id: "abc" }, "abc"],
  ["unknown before it exists", { urn: "urn:pulumi:dev::p::t::n", id: "" }, unknown],
  [
    "its URN, where it is a component",
    { urn: "urn:pulumi:dev::p::t::n" },
    "urn:pulumi:dev::p::t::n",
  ],
])("a resource that is given as an input is %s", async (_case, given, expected) => {
  const resource = new Resource(await startPlugin(), "AppFormation");
  const { inputs } = await resource.check({ command: reference(given) });
  expect(inputs.command).toBe(expected);
});

test("an unknown value of a replace-only input is a replacement, of another an update", async () => {
  const { resource, inputs, plugin } = await worldOf(appFormation);
  const held = await resource.create(inputs);
  const { detailed } = await resource.diff(held, { ...inputs, app: unknown, size: unknown });
  expect(detailed).toEqual({ app: "update-replace", size: "update" });
  expect(plugin.said()).toContainEqual(
    expect.stringContaining("treated as a replacement until the value is known"),
  );
});

test("a name is made from stack, project and logical name, and kept as long as the resource lives", async () => {
  const plugin = await startPlugin();
  const it = new Resource(plugin, "Formation");
  const { inputs } = await it.check(formation.inputs);
  const again = await it.check(formation.inputs);
  const elsewhere = await new Resource(plugin, "Formation", "it", "prod").check(formation.inputs);
  const respelled = await new Resource(plugin, "Formation", "renamed").check(
    { ...formation.inputs, workerCount: "2" },
    inputs,
  );
  const replaced = await it.check({ ...formation.inputs, workerCount: 4 }, inputs);

  expect(again.inputs).toEqual(inputs);
  expect(elsewhere.inputs.name).not.toBe(inputs.name);
  expect(respelled.inputs).toEqual(inputs);
  expect(replaced.inputs.name).not.toBe(inputs.name);
});

test("a name that depends on what is not known yet is not known either", async () => {
  const resource = new Resource(await startPlugin(), "Formation");
  const { inputs } = await resource.check({ ...formation.inputs, region: unknown });
  expect(inputs).toMatchObject({ name: unknown, __autoname: true });
});
