import { beforeEach, expect, test, vi } from "vitest";
import type { Values } from "../../provider/resource/values.ts";
import type * as Host from "../../sdk/dynamic/service.ts";
import { CitusSimulator } from "../../simulators/citus.ts";
import { formation as subject } from "../citus/subjects.ts";
import { running } from "../simulators/kit/testing.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";

// This process is not the engine's.
vi.mock("../../provider/process/end-with-engine.ts", () => ({ endWithEngine: () => {} }));

const inputs = { ...subject.inputs, name: "orders", __provider: "require('…')" };

let simulator: CitusSimulator;
let host: typeof Host;
let config: Record<string, string>;

beforeEach(async () => {
  ownTemporaryFolder();
  // A host is a process: it connects once.
  vi.resetModules();
  host = await import("../../sdk/dynamic/service.ts");
  simulator = await running(
    new CitusSimulator({ speed: 5000, requestsPerMinute: Number.POSITIVE_INFINITY }),
  );
  config = {
    "formations:citusUrl": simulator.url,
    "formations:citusToken": simulator.token,
    "formations:citusRequestsPerMinute": "6000",
  };
  host.configure({ config: { get: (key: string) => config[key] } as never });
});

async function created() {
  const { inputs: news } = host.check("Formation", {}, inputs);
  const { id, outs } = await host.create("Formation", news ?? {});
  return { id, outs, inputs: news ?? {} };
}

/** The inputs of the next run, as the engine has them checked. */
function next(olds: Values, change: Values): Values {
  const { inputs: news, failures } = host.check("Formation", olds, { ...inputs, ...change });
  expect(failures).toEqual([]);
  return news ?? {};
}

test("what a diff replaces is not a rival of what is created instead", async () => {
  const held = await created();
  const news = next(held.inputs, { workerCount: 4 });
  const diff = await host.diff("Formation", held.id, held.outs, news);
  expect(diff).toMatchObject({ changes: true, replaces: ["workerCount"] });
  const { id, outs } = await host.create("Formation", next({}, { workerCount: 4 }));
  expect(id).not.toBe(held.id);
  expect(outs).toMatchObject({ workerCount: 4, __predecessors: [held.id] });
  expect(simulator.count("POST")).toBe(2);
});

test("what no diff replaces is a rival", async () => {
  const held = await created();
  const news = next(held.inputs, {});
  // Pulumi's SDK adds the reference to the module.
  const olds = { ...held.outs, __provider: "" };
  expect(await host.diff("Formation", held.id, olds, news)).toMatchObject({ changes: false });
  await expect(host.create("Formation", next({}, { workerCount: 4 }))).rejects.toThrow(
    `formation "orders" in us-east-1 already exists (ID ${held.id}`,
  );
});

test("what was a secret of the program is not kept in plain beside its next value", () => {
  const secret = { __call: { secrets: ["name"] } };
  const { inputs: before = {} } = host.check("Formation", {}, { ...inputs, ...secret });
  const news = next(before, { name: "customers", ...secret });
  expect(news).toMatchObject({ name: "customers", __former: { name: "(secret)" } });
  // The plan still knows that it was another.
  expect(JSON.stringify(news)).not.toContain("orders");
});

/** The next requests of a method are to be sent an hour later. */
function delayed(method: string): void {
  const headers = { "retry-after": "3600" };
  const kind = { type: "status", status: 429, body: "Slow down.", headers } as const;
  simulator.order({ method, kind });
}

const pastDeadline = (rest: string) => new RegExp(`past the deadline .*${rest}$`, "m");
const setting = String.raw`formations:timeout \(or FORMATIONS_TIMEOUT\)`;

test("formations:timeout limits what customTimeouts can't: reads and deletions", async () => {
  config["formations:timeout"] = "2m";
  const held = await created();
  const advice = new RegExp(`${setting} sets how long it may take \\(default: 1 hour\\)\\.$`, "m");

  delayed("GET");
  await expect(host.read("Formation", held.id, held.outs)).rejects.toThrow(advice);
  // The server's refusal holds for the whole account.
  await expect(host.destroy("Formation", held.id, held.outs)).rejects.toThrow(advice);
});

test("customTimeouts come before it", async () => {
  config["formations:timeout"] = "2h";
  const limited = { ...inputs, __call: { urn: "urn:pulumi:a::b::c::orders", create: "20s" } };
  const { inputs: news } = host.check("Formation", {}, limited);
  delayed("GET");
  await expect(host.create("Formation", news ?? {})).rejects.toThrow(
    pastDeadline(
      `The resource option customTimeouts sets how long it may take \\(\`create\`\\), or ${setting} for all operations \\(default: 1 hour\\)\\.`,
    ),
  );
});

test("a replacement that replaceOnChanges asks for is one, as on the plugin", async () => {
  const note = (replaceOnChanges: string[]) => ({
    urn: "urn:pulumi:a::b::c::orders",
    replaceOnChanges,
  });
  for (const [asked, replaces] of [
    [["isHa"], ["isHa"]],
    [["*"], ["isHa"]],
    [["storage"], []],
  ]) {
    const inputs = { clusterId: "rvf73a77ozfsvcttryebfrnlem", name: "orders", __provider: "x" };
    const { inputs: olds = {} } = host.check("Replica", {}, inputs);
    const bag = { ...inputs, isHa: true, __call: note(asked ?? []) };
    const { inputs: news = {} } = host.check("Replica", olds, bag);
    const diff = await host.diff("Replica", "aaaaaaaaaaaaaaaaaaaaaaaaaa", olds, news);
    expect(diff).toMatchObject({ changes: true, replaces });
  }
});

test("a place that two resources of the program have is named, unless the program made it a secret", () => {
  const failuresOf = (name: string, secrets: string[]) => {
    const urn = `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/formations:Formation::${name}`;
    const one = { ...inputs, name: secrets.length > 0 ? "hidden" : "orders" };
    const { failures } = host.check("Formation", {}, { ...one, __call: { urn, secrets } });
    return (failures ?? []).map(({ reason }) => reason);
  };
  expect(failuresOf("a", [])).toEqual([]);
  expect(failuresOf("b", [])).toEqual([
    expect.stringContaining('a in this program already manages formation "orders" in us-east-1;'),
  ]);
  expect(failuresOf("c", ["name"])).toEqual([]);
  expect(failuresOf("d", ["name"])).toEqual([
    expect.stringMatching(/^c in this program already manages what this one asks for \(values are/),
  ]);
});
