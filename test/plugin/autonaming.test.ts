import * as pulumi from "@pulumi/pulumi";
import type {
  ConfigureResponse,
  ProviderHandshakeResponse,
} from "@pulumi/pulumi/proto/provider_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { Values } from "../../provider/resource/values.ts";
import type * as Service from "../../sdk/dynamic/service.ts";
import { AntflyBackupSchedule, Formation, Replica } from "../../sdk/generated/index.ts";
import { startPlugin } from "./plugin.ts";
import { type Naming, Resource } from "./resource.ts";

/** An expression of a pattern: `${name}`. */
const as = (expression: string) => `\${${expression}}`;

const classes = { Formation, Replica, AntflyBackupSchedule };

const formation = {
  ...{ region: "us-east-1", coordinatorTune: "r5.large", coordinatorDiskSize: 512 },
  ...{ workerTune: "r5.large", workerCount: 2, workerDiskSize: 512 },
};
const args = {
  Formation: formation,
  Replica: { clusterId: "rvf73a77ozfsvcttryebfrnlem" },
  AntflyBackupSchedule: { schedule: "0 3 * * *", location: "s3://backups/nightly" },
};
const nameOf = { Formation: "name", Replica: "name", AntflyBackupSchedule: "backupIdPrefix" };

/** A configuration, what the engine makes of it for a plugin, and what becomes of the name. */
interface Row {
  type: keyof typeof classes;
  /** The name in the program. Default: `orders`. */
  logicalName?: string;
  /** What the program gives besides {@link args}. */
  given?: Values;
  config?: object;
  asked?: Naming;
  name?: string | RegExp;
  /** Default: the name follows the configuration, so that somebody else may have it. */
  mark?: true | "proposed" | "none";
  failure?: string;
}

const verbatim = { mode: "verbatim" };
const enforced = (proposedName: string): Naming => ({ mode: "ENFORCE", proposedName });
const proposed = (proposedName: string): Naming => ({ mode: "PROPOSE", proposedName });
const nothing: Naming = { mode: "DISABLE", proposedName: "" };
const pattern = (text: string, enforce?: boolean) => ({ pattern: text, enforce });

const rows: Record<string, Row> = {
  "without a configuration, the provider makes the name": {
    ...{ type: "Formation", name: "orders-b4aacf8", mark: true },
  },
  "with the mode `default` too": {
    ...{ type: "Formation", config: { mode: "default" }, name: "orders-b4aacf8", mark: true },
  },
  "verbatim is the logical name": {
    ...{ type: "Formation", config: verbatim, asked: enforced("orders"), name: "orders" },
  },
  "verbatim, whatever the system's own rules are": {
    ...{ type: "Formation", logicalName: "my.or_ders/1", config: verbatim },
    ...{ asked: enforced("my.or_ders/1"), name: "my.or_ders/1" },
  },
  "verbatim for a replica": {
    ...{ type: "Replica", config: verbatim, asked: enforced("orders"), name: "orders" },
  },
  "verbatim for a schedule": {
    ...{ type: "AntflyBackupSchedule", config: verbatim },
    ...{ asked: enforced("orders"), name: "orders" },
  },
  "a logical name that is too short for its system": {
    ...{ type: "Replica", logicalName: "copy", config: verbatim, asked: enforced("copy") },
    failure:
      'name is "copy"; it must be at least 5 characters long. `pulumi:autonaming` makes this name and enforces it: give the resource another `name`, or change the configuration',
  },
  "one with characters that its system does not allow": {
    ...{ type: "Replica", logicalName: "orders.eu", config: verbatim },
    ...{ asked: enforced("orders.eu"), failure: 'name is "orders.eu"; allowed are letters' },
  },
  "an enforced pattern that the system does not allow": {
    ...{ type: "AntflyBackupSchedule", config: pattern(`a b ${as("name")}`, true) },
    ...{
      asked: enforced("a b orders"),
      failure: 'backupIdPrefix is "a b orders"; it must be made',
    },
  },
  "an enforced pattern": {
    ...{ type: "Replica", config: pattern(`${as("stack")}-${as("name")}`, true) },
    ...{ asked: enforced("stack-orders"), name: "stack-orders" },
  },
  "a proposed pattern": {
    ...{ type: "Replica", config: pattern(`${as("project")}/${as("stack")} ${as("name")}`) },
    ...{ asked: proposed("project/stack orders"), name: "project/stack orders" },
  },
  "a proposal that its system allows, although it is long": {
    ...{ type: "Formation", config: pattern(`${"x".repeat(80)}.${as("name")}`) },
    ...{ asked: proposed(`${"x".repeat(80)}.orders`), name: `${"x".repeat(80)}.orders` },
  },
  "a proposal of other characters is adapted": {
    ...{ type: "Replica", config: pattern(`${as("project")}.${as("name")}`) },
    ...{ asked: proposed("project.orders"), name: "project-orders-80811b6" },
  },
  "a proposal that is too long is adapted": {
    ...{ type: "Replica", config: pattern(`${as("name")}-${"x".repeat(60)}`) },
    ...{ asked: proposed(`orders-${"x".repeat(60)}`), name: /^orders-x{25}-[0-9a-f]{7}$/ },
  },
  "a proposal that is too short is adapted": {
    ...{ type: "Replica", logicalName: "a", config: pattern(as("name")) },
    ...{ asked: proposed("a"), name: /^a-[0-9a-f]{7}$/ },
  },
  "an expression that nobody knows is refused, not taken for a name": {
    ...{ type: "Formation", config: pattern(`${as("name")}-${as("random(8)")}`) },
    asked: proposed(`orders-${as("random(8)")}`),
    failure: `name is "orders-${as("random(8)")}": the pattern in \`pulumi:autonaming\` has ${as("random(8)")}, which is not one of its expressions. They are ${as("organization")}`,
  },
  "an empty pattern": {
    ...{ type: "Formation", config: pattern(""), asked: proposed("") },
    failure: "name is empty: the pattern in `pulumi:autonaming` makes no text",
  },
  "with names turned off, the program has to give one": {
    ...{ type: "Formation", config: { mode: "disabled" }, asked: nothing },
    failure:
      "name is required: `pulumi:autonaming` turns generated names off for formations:index:Formation",
  },
  "of a schedule, its prefix": {
    ...{ type: "AntflyBackupSchedule", config: { mode: "disabled" }, asked: nothing },
    failure: "backupIdPrefix is required: `pulumi:autonaming` turns",
  },
  "and may": {
    ...{ type: "Formation", config: { mode: "disabled" }, asked: nothing },
    ...{ given: { name: "events" }, name: "events", mark: "none" },
  },
  "a name in the program wins, whatever is configured": {
    ...{ type: "Formation", config: verbatim, asked: enforced("orders") },
    ...{ given: { name: "events" }, name: "events", mark: "none" },
  },
  "the provider's section": {
    ...{ type: "Formation", asked: enforced("orders"), name: "orders" },
    config: { mode: "disabled", providers: { formations: verbatim } },
  },
  "the resource's section": {
    ...{ type: "Formation", asked: proposed("db-orders"), name: "db-orders" },
    config: {
      providers: {
        formations: {
          mode: "disabled",
          resources: { "formations:index:Formation": pattern(`db-${as("name")}`) },
        },
      },
    },
  },
};

let registered: { type: string; name: string; inputs: Values }[];

let service: typeof Service;

beforeEach(async () => {
  // A service is a process: it knows the resources of one program.
  vi.resetModules();
  service = await import("../../sdk/dynamic/service.ts");
  registered = [];
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      registered.push({ type, name, inputs });
      return { id: `${name}-id`, state: inputs };
    },
    call: ({ inputs }) => inputs,
  });
  onTestFinished(() => pulumi.runtime.setAllConfig({}));
});

interface Outcome {
  inputs: Values;
  failures: string[];
}

/** What the class and the check of the dynamic host make of a resource. */
async function onDynamic(row: Row, olds: Values = {}): Promise<Outcome> {
  const { type, logicalName = "orders", given, config } = row;
  const settings: Record<string, string> =
    config === undefined ? {} : { "pulumi:autonaming": JSON.stringify(config) };
  pulumi.runtime.setAllConfig(settings);
  registered = [];
  const resource = new classes[type](logicalName, { ...args[type], ...given } as never);
  await new Promise((resolve) => resource.urn.apply(resolve));
  const [found] = registered;
  if (!found) throw new Error("nothing was registered");
  const { inputs = {}, failures = [] } = service.check(type, olds, found.inputs);
  return { inputs, failures: failures.map((one) => `${one.property} ${one.reason}`) };
}

/** Asks the plugin, as the engine does. */
async function pluginHost() {
  const plugin = await startPlugin();
  return ({ type, logicalName = "orders", given, asked }: Row, olds: Values = {}) =>
    new Resource(plugin, type, logicalName, "stack").check(
      { ...args[type], ...given },
      olds,
      asked,
    );
}

function shown({ inputs, failures }: Outcome, { type }: Row) {
  const [failure] = failures;
  if (failure !== undefined) return { failures };
  return { name: inputs[nameOf[type]], mark: inputs.__autoname ?? "none" };
}

function expected({ name, mark = "proposed", failure }: Row) {
  if (failure !== undefined) return { failures: [expect.stringContaining(failure)] };
  return { name: typeof name === "string" ? name : expect.stringMatching(name ?? ""), mark };
}

const wanted = Object.fromEntries(Object.entries(rows).map(([what, row]) => [what, expected(row)]));

test("the plugin makes the names that pulumi:autonaming asks for, or says why not", async () => {
  const check = await pluginHost();
  const found: Record<string, unknown> = {};
  for (const [what, row] of Object.entries(rows)) found[what] = shown(await check(row), row);
  expect(found).toEqual(wanted);
});

test("the classes and the dynamic host make the same names from the same configuration", async () => {
  const found: Record<string, unknown> = {};
  for (const [what, row] of Object.entries(rows)) found[what] = shown(await onDynamic(row), row);
  expect(found).toEqual(wanted);
});

describe.each(["plugin", "dynamic"] as const)("on the %s host", (name) => {
  const checking = async () => (name === "plugin" ? pluginHost() : onDynamic);

  test("a resource that exists keeps its name, whatever is configured later", async () => {
    const check = await checking();
    const modes: Partial<Row>[] = [
      {},
      { config: verbatim, asked: enforced("orders") },
      { config: pattern("x"), asked: proposed("x") },
      { config: { mode: "disabled" }, asked: nothing },
    ];
    for (const before of modes.slice(0, 3)) {
      const { inputs: olds } = await check({ type: "Formation", ...before });
      for (const after of modes) {
        const { inputs, failures } = await check({ type: "Formation", ...after }, olds);
        expect(failures).toEqual([]);
        const { name: kept, __autoname } = inputs;
        expect({ kept, __autoname }).toEqual({ kept: olds.name, __autoname: olds.__autoname });
      }
    }
  });

  test("a replacement is named as configured now", async () => {
    const check = await checking();
    const { inputs: olds } = await check({ type: "Formation" });
    const given = { workerCount: 3 };
    const row: Row = { type: "Formation", given, config: verbatim, asked: enforced("orders") };
    expect((await check(row, olds)).inputs.name).toBe("orders");
    const off: Row = { ...row, config: { mode: "disabled" }, asked: nothing };
    expect((await check(off, olds)).failures).toEqual([
      expect.stringContaining("name is required"),
    ]);
  });
});

test("what is random in a pattern is the same in each run of a program with the classes", async () => {
  const config = pattern(`${as("name")}-${as("hex(6)")}-${as("num(4)")}`);
  const row: Row = { type: "Formation", config };
  const { inputs } = await onDynamic(row);
  expect(inputs.name).toMatch(/^orders-[0-9a-f]{6}-[0-9]{4}$/);
  expect((await onDynamic(row)).inputs.name).toBe(inputs.name);
  const moved = await onDynamic({ ...row, given: { region: "us-east-2" } });
  expect(moved.inputs.name).not.toBe(inputs.name);
});

test("the engine hears that the plugin knows the configuration", async () => {
  const plugin = await startPlugin();
  const hands = await plugin.call<ProviderHandshakeResponse>(
    "handshake",
    new pb.ProviderHandshakeRequest(),
  );
  expect(hands.getSupportsAutonamingConfiguration()).toBe(true);
  const configured = await plugin.call<ConfigureResponse>("configure", new pb.ConfigureRequest());
  expect(configured.getSupportsAutonamingConfiguration()).toBe(true);
});
