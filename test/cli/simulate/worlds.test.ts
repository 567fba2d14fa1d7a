import { expect, test, vi } from "vitest";
import { Simulation, type SimulationOptions } from "../../../simulators/index.ts";
import { formations } from "../command.ts";
import { newUser } from "./command.ts";
import { joinSimulation, startSimulation } from "./simulation.ts";

/** A seed with something of every kind. */
const seed = {
  formations: [{ name: "orders", workerCount: 3 }],
  clusters: [{ id: "rvf73a77ozfsvcttryebfrnlem", name: "primary" }],
  replicas: [{ clusterId: "primary", name: "reports", isProtected: true }],
  apps: [{ name: "shop-dev" }],
  appFormations: [{ app: "shop-dev", type: "web", size: "gp2", quantity: 2 }],
  tables: [{ name: "users", documents: { ada: { name: "Ada" } } }],
  connections: [{ name: "backups", protocol: "s3", buckets: ["example"] }],
  backups: [{ location: "s3://example/shop", id: "b1", tables: ["users"] }],
  secrets: [{ key: "api.key", value: "sk-d41c" }],
};

const from = { seed: { text: JSON.stringify(seed), file: "fleet.json" } };

/** A simulation with that in it, in this process. */
function simulating(options: Partial<SimulationOptions> = {}): Promise<Simulation> {
  return startSimulation({ ...from, ...options });
}

function namesIn(simulation: Simulation): string[] {
  return simulation
    .list()
    .flatMap(({ things }) => things.map(({ kind, name }) => `${kind}/${name}`));
}

/** A simulation with that in it, of which `formations` in this process is part. */
async function takingPart(options: Partial<SimulationOptions> = {}): Promise<Simulation> {
  const { simulation, folder } = await joinSimulation({ ...from, ...options });
  vi.stubEnv("FORMATIONS_SIMULATION", folder);
  return simulation;
}

/** What a GET of a simulated system gives, with its own credential. */
async function get(simulation: Simulation, system: string, path: string): Promise<Response> {
  const { environment } = simulation;
  const url = environment[`FORMATIONS_${system}_URL`];
  const token =
    environment[`FORMATIONS_${system}_TOKEN`] ?? environment[`FORMATIONS_${system}_API_KEY`];
  const scheme = system === "CITUS" ? "Token" : system === "ANTFLY" ? "ApiKey" : "Bearer";
  return fetch(`${url}${path}`, { headers: { authorization: `${scheme} ${token}` } });
}

test("a seed is all that exists, and its secrets are not listed", async () => {
  const simulation = await simulating();

  expect(namesIn(simulation)).toEqual([
    ...["formation/orders", "cluster/primary", "replica/reports"],
    ...["app/shop-dev", "app-formation/shop-dev/web"],
    ...["table/users", "connection/backups", "backup/s3://example/shop/b1", "secret/api.key"],
  ]);
  expect(JSON.stringify(simulation.list())).not.toContain("sk-d41c");
  const formation = await get(simulation, "AKKERIS", "/apps/shop-dev/formation/web");
  expect(await formation.json()).toMatchObject({ size: "gp2", quantity: 2 });
});

test("of a system that is left out, the seed makes nothing", async () => {
  const simulation = await simulating({ systems: ["akkeris"] });

  expect(namesIn(simulation)).toEqual(["app/shop-dev", "app-formation/shop-dev/web"]);
});

test.each([
  ["{", "fleet.json is not JSON: "],
  ["[]", "fleet.json is not a seed: Invalid input: expected object"],
  ['{"formation":[]}', 'fleet.json is not a seed: Unrecognized key: "formation"'],
  [
    '{"formations":[{"name":"a"},{"name":"b","workers":2}]}',
    'fleet.json, formations[1]: can\'t add this formation: Unrecognized key: "workers"',
  ],
  [
    '{"formations":[{"name":"a","workerCount":"two"}]}',
    "fleet.json, formations[0]: can't add this formation: workerCount: Invalid input",
  ],
  [
    '{"replicas":[{"name":"reports","clusterId":"nosuch"}]}',
    "fleet.json, replicas[0]: clusterId: there is no cluster nosuch. Clusters: none",
  ],
  [
    '{"apps":[{"name":"a-b"}],"appFormations":[{"app":"x","type":"web"}]}',
    "fleet.json, appFormations[0]: app: there is no app x. Apps: a-b",
  ],
  [
    '{"backups":[{"location":"s3://a","id":"b","tables":["t"]}]}',
    "fleet.json, backups[0]: tables: there is no table t",
  ],
  [
    '{"formations":[{"name":"a","workerTune":"r5.larg"}]}',
    "fleet.json, formations[0]: can't add this formation: workerTune: Invalid option: expected one of",
  ],
  [
    '{"formations":[{"name":"a","id":"1"},{"name":"b","id":"1"}]}',
    "fleet.json, formations[1]: there is formation/1 already",
  ],
  [
    '{"clusters":[{"name":"main"}]}',
    "fleet.json, clusters[0]: can't add this cluster: name: must be 5 to 50 letters",
  ],
  [
    '{"clusters":[{"name":"primary"}],"replicas":[{"name":"primary","clusterId":"primary"}]}',
    "fleet.json, replicas[0]: there is a cluster primary in this team already",
  ],
  [
    '{"apps":[{"name":"shop"},{"name":"shop-default"}]}',
    "fleet.json, apps[1]: there is app/shop-default already",
  ],
  [
    '{"tables":[{"name":"users"},{"name":"users"}]}',
    "fleet.json, tables[1]: there is table/users already",
  ],
  [
    '{"backups":[{"location":"s3://a","id":"b"},{"location":"s3://a/","id":"b"}]}',
    "fleet.json, backups[1]: there is backup/s3://a//b already",
  ],
  [
    '{"secrets":[{"key":"a","value":"1"},{"key":"a","value":"2"}]}',
    "fleet.json, secrets[1]: there is secret/a already",
  ],
  [
    '{"secrets":[{"key":"a b","value":"1"}]}',
    "fleet.json, secrets[0]: can't add this secret: key: must be letters",
  ],
])("the seed %s is refused, with the place", (text, message) => {
  const options = { speed: 60, seed: { text, file: "fleet.json" } };
  expect(() => new Simulation(options)).toThrow(message);
});

test.each([
  ["GET /apps/*/formation: status 503 once", [503, 200]],
  ["GET /apps/**: status 500 twice", [500, 500, 200]],
  ["akkeris * /**: status 502 3 times", [502, 502, 502, 200]],
  ["GET /apps/shop-dev/formation: reset", ["lost", 200]],
  ["GET /apps/shop-dev/formation/: lost", ["lost", 200]],
  ["GET /apps/shop-dev/formation: delay 1ms always", [200, 200]],
  ["GET /apps/shop-dev/formation: slow", [200, 200]],
  ["POST /apps/shop-dev/formation: reset", [200]],
])("the fault %s strikes as it says", async (fault, outcomes) => {
  const simulation = await simulating({ faults: [fault] });

  for (const outcome of outcomes) {
    const answer = get(simulation, "AKKERIS", "/apps/shop-dev/formation");
    expect(await answer.then(({ status }) => status).catch(() => "lost")).toBe(outcome);
  }
  expect(simulation.faultsLeft).toEqual(fault.startsWith("POST") ? [fault] : []);
});

test("a fault's body is its response, and the base of Citus Cloud's paths may be left out", async () => {
  const body = '{"message":"Out of capacity."}';
  const simulation = await simulating({ faults: [`GET /formations: status 503 ${body}`] });

  const answer = await get(simulation, "CITUS", "/formations/");

  expect(await answer.json()).toEqual(JSON.parse(body));
});

test("a fault of no system strikes as often as it says, whichever systems are asked", async () => {
  const simulation = await simulating({ faults: ["GET /**: status 503"] });
  const statuses = [
    await get(simulation, "AKKERIS", "/apps"),
    await get(simulation, "CITUS", "/formations/"),
  ].map(({ status }) => status);
  expect(statuses).toEqual([503, 200]);
});

test.each([
  ["POST lost", 'The fault "POST lost" is not a method, a path, a colon and what happens.'],
  ["LIST /apps: lost", "is not a method"],
  ["GET /apps: explode", 'says "explode", which is not something that happens'],
  ["GET /apps: status 99", 'says "status 99"'],
  ["GET /apps: delay soon", 'says "delay soon"'],
  ["GET /apps: delay 1441m", 'says "delay 1441m"'],
  ["GET /apps?name=a: lost", "has a query; a fault goes by the path alone"],
  ["GET /apps: lost 0 times", "strikes 0 times"],
  ["heroku GET /apps: lost", "names heroku, which is not simulated (citus, "],
])("the fault %s is refused, with the grammar", (fault, message) => {
  const order = () => new Simulation({ speed: 60, faults: [fault] });
  expect(order).toThrow(message);
  expect(order).toThrow("[SYSTEM] METHOD PATH: WHAT [HOW OFTEN]");
});

test("drift is made in what runs, and a list shows it", async () => {
  await takingPart();
  const drift = async (...args: string[]) => {
    const silent = { code: 0, out: "", err: "" };
    expect(await formations("simulate", "drift", ...args)).toEqual(silent);
  };

  await drift("set", "formation/ord*", "workerCount=4");
  await drift("set", "replica/reports", "isProtected=false", "clusterId=null");
  await drift("set", "app-formation/shop-dev/web", "quantity=5");
  await drift("delete", "backup/s3://example/shop/b1");
  await drift("add", "formation", "name=orders", "region=eu-west-1");
  await drift("down", "crunchybridge");

  const { out } = await formations("simulate", "list", "--json");
  const systems: ReturnType<Simulation["list"]> = JSON.parse(out);
  const things = systems.flatMap((system) => system.things);
  const values = (name: string) =>
    things.filter((one) => one.name === name).map((one) => one.values);
  expect(values("orders")).toMatchObject([{ workerCount: 4 }, { region: "eu-west-1" }]);
  expect(things.find(({ name }) => name === "reports")).toMatchObject({
    ...{ kind: "cluster", values: { isProtected: false } },
  });
  expect(values("shop-dev/web")).toMatchObject([{ quantity: 5 }]);
  expect(values("s3://example/shop/b1")).toEqual([]);
  expect(systems.filter(({ isDown }) => isDown)).toMatchObject([{ name: "crunchybridge" }]);
  const { url } = systems.find(({ name }) => name === "crunchybridge") ?? { url: "" };
  await expect(fetch(url)).rejects.toThrow();
  await drift("up", "crunchybridge");
  expect((await fetch(url)).status).toBe(401);
});

test("a name means what exists, and not the archived formation that had it before", async () => {
  const simulation = await takingPart();
  for (const line of [
    ["delete", "formation/orders"],
    ["add", "formation", "name=orders", "workerCount=2"],
    ["set", "formation/orders", "workerCount=4"],
  ]) {
    expect(await formations("simulate", "drift", ...line)).toMatchObject({ code: 0, err: "" });
  }

  const [citus] = simulation.list();
  expect(citus?.things).toMatchObject([{ name: "orders", values: { workerCount: 4 } }]);
  // The API's list has both.
  const answer = await get(simulation, "CITUS", "/formations/");
  expect(await answer.json()).toMatchObject({ formations: [{}, {}] });
});

test("drift that can't be says what can", async () => {
  await takingPart({ systems: ["citus", "antfly"] });

  for (const [args, message] of [
    [["set", "formation/nosuch", "workerCount=4"], "Of this kind: formation/orders"],
    [
      ["set", "cluster/primary", "storage=1"],
      "Kinds: formation, table, connection, backup, secret",
    ],
    [["set", "formation/orders", "workers=4"], 'Unrecognized key: "workers"'],
    [["set", "formation/orders", "workerCount"], '"workerCount" is not like quantity=5'],
    [["add", "secret", "key=a"], "Can't add this secret: value: "],
    [["down", "akkeris"], "Akkeris is not simulated. Systems: citus, antfly"],
    [["up", "citus"], "Citus is up already"],
  ] as const) {
    const { code, err } = await formations("simulate", "drift", ...args);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(message) });
  }
});

test("a fault is ordered of what runs", async () => {
  const { faultsLeft: before } = await takingPart();
  expect(before).toEqual([]);
  const simulation = await takingPart({ faults: ["GET /never: lost"] });

  expect(await formations("simulate", "fault", "GET /later: lost")).toMatchObject({ code: 0 });

  expect(simulation.faultsLeft).toEqual(["GET /never: lost", "GET /later: lost"]);
});

test("the control takes no command without its token", async () => {
  const simulation = await simulating();
  const { url, token } = simulation.control;
  const ask = (authorization: string) =>
    fetch(url, { method: "POST", headers: { authorization }, body: '{"do":"list"}' });

  expect((await ask("")).status).toBe(401);
  expect((await ask(`Bearer ${"0".repeat(token.length)}`)).status).toBe(401);
  expect((await ask(`Bearer ${token}`)).status).toBe(200);
});

test("requests are logged, without a credential", async () => {
  const { run } = await newUser();
  const asking = `fetch(process.env.FORMATIONS_AKKERIS_URL + "/apps", {
    headers: { authorization: "Bearer " + process.env.FORMATIONS_AKKERIS_TOKEN } })`;
  const script = `${asking}.then(({ status }) => process.exit(status === 200 ? 0 : 1))`;

  const { code, err } = await run("simulate", "--log", "-", "--", process.execPath, "-e", script);

  expect(code).toBe(0);
  expect(err).toMatch(/^\S+ akkeris GET \/apps 200\n$/);
});

test("what never struck is named at the end, beside the command's exit code", async () => {
  const { run } = await newUser();

  const exits = [process.execPath, "-e", "process.exit(4)"];
  const { code, err } = await run("simulate", "--fault", "GET /never: lost", "--", ...exits);

  expect({ code, err }).toEqual({
    code: 4,
    err: 'formations: The fault "GET /never: lost" never struck.\n',
  });
});

test("--json ends with the exit code, the faults that never struck and what exists, and nothing else", async () => {
  const { run } = await newUser();
  const says = [process.execPath, "-p", "'said'"];

  const { out, err } = await run("simulate", "--json", "--system", "antfly", "--", ...says);

  expect(JSON.parse(out)).toMatchObject({
    ...{ exitCode: 0, faultsLeft: [], systems: [{ name: "antfly" }] },
  });
  expect(err).toBe("said\n");
});

test.each([
  [["--system", "heroku", "--", "true"], '"heroku" can\'t be simulated. Systems: citus, '],
  [["--seed", "nosuch.json", "--", "true"], "The seed can't be read: ENOENT"],
  [["--serve", "--write-env", process.execPath], "exists already. Remove it, or name another"],
  [["--serve", "--write-env", "/nosuch/file"], "/nosuch/file can't be written: ENOENT"],
  [["--log", "/nosuch/log", "--", "true"], "The log can't be written: ENOENT"],
  [["--fault", "lost", "--", "true"], 'formations: The fault "lost" is not'],
])("what can't be simulated is refused: %j", async (args, message) => {
  const { code, err } = await formations("simulate", ...args);

  expect(code).toBe(1);
  expect(err).toContain(message);
});

test.each([
  [["--speed", "0", "--", "true"], "Use a number above 0"],
  [["npm", "test", "--all"], "What to run comes after `--`: formations simulate -- npm test"],
  [["--serve", "--", "true"], "Either name a command to run, after `--`, or give --serve"],
])("the arguments %j are refused", async (args, message) => {
  const { run } = await newUser();

  const { code, err } = await run("simulate", ...args);

  expect(code).toBe(1);
  expect(err).toContain(message);
});
