import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AkkerisSimulator } from "../../../simulators/akkeris.ts";
import { AntflySimulator } from "../../../simulators/antfly.ts";
import { CrunchyBridgeSimulator } from "../../../simulators/crunchybridge.ts";
import { running } from "../../simulators/kit/testing.ts";
import { creation, providerState, type StackContent, stubStack } from "../command.ts";

const app = "foo-default";
const job = { app, type: "job", size: "gp1", quantity: 1, command: "run job" };

/** A stack over an Akkeris that has formations of these types, as {@link job} asks them. */
async function akkerisStack(types: string[], content: Omit<StackContent, "config">) {
  const akkeris = await running(new AkkerisSimulator());
  akkeris.addApp(app);
  for (const type of types) akkeris.addFormation(app, { type, command: "run job" });
  const config = { akkerisUrl: akkeris.url, akkerisToken: akkeris.token };
  return { akkeris, ...stubStack({ ...content, config }) };
}

test("of a resource that is pending twice, the look for each creation uses its own inputs", async () => {
  const stack = await akkerisStack(["old", "new"], {
    resources: [providerState()],
    pending: ["new", "old"].map((type) => creation("job", "AppFormation", { ...job, type })),
  });

  const { code, err } = await stack.formations("recover", "--yes", "--no-preview");

  expect(code, err).toBe(0);
  const held = stack.imported()?.deployment.resources.filter(({ id }) => id?.startsWith(app));
  expect(held).toHaveLength(2);
  expect(held).toContainEqual(expect.objectContaining({ id: `${app}/old`, delete: true }));
  const inputs = { ...job, type: "new" };
  expect(held).toContainEqual(expect.objectContaining({ id: `${app}/new`, inputs }));
});

test("interrupted creations of providers and components are shown, and cleared", async () => {
  const component = { urn: "urn:pulumi:test::scenario::acme:Site::site", type: "acme:Site" };
  const stack = stubStack({
    pending: [{ ...component, custom: false }, providerState("plugin")],
    config: {},
  });

  const shown = await stack.formations("recover", "--no-preview");
  const done = await stack.formations("recover", "--no-preview", "--yes");

  expect([shown.code, done.code]).toEqual([0, 0]);
  for (const what of ["site (acme:Site)", "default (pulumi:providers:formations)"]) {
    expect(shown.out).toContain(`${what}: interrupted while creating, which leaves nothing`);
  }
  expect(stack.imported()?.deployment.pending_operations).toBeUndefined();
});

test("an interrupted operation of another package is named, since the import forgets it", async () => {
  const urn = "urn:pulumi:test::scenario::acme:Bucket::logs";
  const stack = await akkerisStack(["job"], {
    resources: [providerState()],
    pending: [
      creation("job", "AppFormation", job),
      { urn, type: "acme:Bucket", custom: true, inputs: {} },
    ],
  });

  const { out } = await stack.formations("recover", "--no-preview");

  expect(out).toContain(
    "logs (acme:Bucket): interrupted while creating. It belongs to another package",
  );
});

test.each([
  { asked: 0, seen: 1, what: "as a creation stores it, is taken", code: 0 },
  { asked: 3, seen: 1, what: "as no creation stores it, is asked for", code: 2 },
])("quantity $seen where $asked is asked for, $what", async ({ asked, seen, code }) => {
  const stack = await akkerisStack([], {
    resources: [providerState()],
    creations: [creation("job", "AppFormation", { ...job, quantity: asked })],
  });
  stack.akkeris.addFormation(app, { type: "job", command: "run job", quantity: seen });

  const { code: found, out } = await stack.formations("recover");

  expect(found, out).toBe(code);
});

test.each([
  { environment: undefined, what: "not set yet, is taken", code: 0 },
  { environment: "development", what: "set by somebody else, is asked for", code: 2 },
])("a replica whose environment is $what", async ({ environment, code }) => {
  const bridge = await running(new CrunchyBridgeSimulator());
  const primary = bridge.addCluster({ name: "orders" });
  bridge.addCluster({ name: "reports", parent_id: primary.id, environment });
  const inputs = { clusterId: primary.id, name: "reports", environment: "production" };
  const { formations } = stubStack({
    resources: [providerState()],
    creations: [creation("copy", "Replica", inputs)],
    config: { crunchyBridgeUrl: bridge.url, crunchyBridgeApiKey: bridge.token },
  });

  const { code: found, out, err } = await formations("recover");

  expect(found, out + err).toBe(code);
});

test.each([
  { what: "a new stack, that nothing was created with", resources: [], code: 2 },
  { what: "a stack that is younger", resources: [providerState("plugin", later())], code: 2 },
  {
    what: "a stack that is older",
    resources: [providerState("plugin", "2020-01-01T00:00:00Z")],
    code: 0,
  },
])("what is just what is asked for, seen from $what", async ({ resources, code }) => {
  const stack = await akkerisStack(["job"], {
    resources,
    creations: [creation("job", "AppFormation", job)],
  });

  const { code: found, out } = await stack.formations("recover");

  expect(found, out).toBe(code);
  if (code === 2) expect(out).toContain("may belong to someone else");
});

test.each([
  { what: "stored since, is taken", at: Date.now(), code: 0 },
  { what: "older than the stack, is asked for", at: Date.UTC(2019), code: 2 },
  { what: "of no time that can be true, is asked for", at: 1_000_000, code: 2 },
])("a secret $what, before anything overwrites it", async ({ at, code }) => {
  const antfly = await running(new AntflySimulator());
  antfly.secrets.set("openai.key", { value: "sk-theirs", createdAt: at, updatedAt: at });
  const { formations } = stubStack({
    resources: [providerState("plugin", "2020-01-01T00:00:00Z")],
    creations: [creation("key", "AntflySecret", { key: "openai.key", value: "sk-ours" })],
    config: { antflyUrl: antfly.url, antflyApiKey: antfly.token },
  });

  const { code: found, out, err } = await formations("recover");

  expect(found, out + err).toBe(code);
});

test("the copy of the state is for its owner alone, and each recovery keeps its own", async () => {
  const stack = await akkerisStack(["job"], {
    resources: [providerState()],
    pending: [creation("job", "AppFormation", job)],
  });
  const args = ["recover", "--yes", "--no-preview"];

  for (const _ of [1, 2]) expect((await stack.formations(...args)).code).toBe(0);

  const copies = readdirSync(stack.folder).map((name) => join(stack.folder, name));
  expect(copies).toHaveLength(2);
  for (const copy of copies) {
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(copy, "utf8"))).toEqual(
      JSON.parse(JSON.stringify(stack.before)),
    );
  }
});

/** A time that no server of a test has come to. */
function later(): string {
  return new Date(Date.now() + 86_400_000).toISOString();
}
