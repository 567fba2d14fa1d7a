import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { concealed } from "../../../cli/stack/deployment.ts";
import { environmentVariable } from "../../../provider/resource/config.ts";
import { AkkerisSimulator } from "../../../simulators/akkeris.ts";
import { CrunchyBridgeSimulator } from "../../../simulators/crunchybridge.ts";
import type { FaultKind } from "../../../simulators/kit/fault.ts";
import { running } from "../../simulators/kit/testing.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";
import { formations, stubStack } from "../command.ts";

const keys = ["akkerisToken", "akkerisUrl", "crunchyBridgeApiKey", "crunchyBridgeUrl"];

/** Both systems, an environment in which neither is configured, and a folder for a file. */
async function world() {
  const akkeris = await running(new AkkerisSimulator());
  const crunchyBridge = await running(new CrunchyBridgeSimulator());
  const folder = ownTemporaryFolder();
  configure(Object.fromEntries(keys.map((key) => [key, undefined])));
  return {
    ...{ akkeris, crunchyBridge, file: join(folder, "prices.json") },
    ofAkkeris: { akkerisToken: akkeris.token, akkerisUrl: akkeris.url },
    ofCrunchyBridge: {
      ...{ crunchyBridgeApiKey: crunchyBridge.token, crunchyBridgeUrl: crunchyBridge.url },
    },
  };
}

/** Sets configuration in the environment. */
function configure(values: Record<string, string | undefined>): void {
  for (const [key, value] of Object.entries(values)) vi.stubEnv(environmentVariable(key), value);
}

function contentOf(file: string) {
  return JSON.parse(readFileSync(file, "utf8"));
}

test("the prices of both systems are shown, with one request each", async () => {
  const { akkeris, crunchyBridge, ...here } = await world();
  configure({ ...here.ofAkkeris, ...here.ofCrunchyBridge });

  const { code, out, err } = await formations("prices");

  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/│ Akkeris +│ gp2 +│ \$40 per instance +│/);
  expect(out).toMatch(/│ Crunchy Bridge +│ aws hobby-2 +│ \$35 +│/);
  expect(out).toMatch(/│ Crunchy Bridge +│ aws storage +│ \$0\.10 per GB +│/);
  expect(out).toMatch(/│ Crunchy Bridge +│ aws eu-central-1 +│ × 1\.15 +│/);
  expect(out).toContain("Citus Cloud and Antfly publish no prices.");
  for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  expect(akkeris.requests.map(({ method, path }) => [method, path])).toEqual([["GET", "/sizes"]]);
  expect(crunchyBridge.requests.map(({ method, path }) => [method, path])).toEqual([
    ["GET", "/providers"],
  ]);
});

test("a file has the prices and when they were read, and nothing else", async () => {
  const { akkeris, file, ...here } = await world();
  configure({ ...here.ofAkkeris, ...here.ofCrunchyBridge });

  const { code, out, err } = await formations("prices", "--output", file);

  expect([code, err]).toEqual([0, ""]);
  expect(out).toBe(`${file} has the prices of Crunchy Bridge and Akkeris.`);
  const content = contentOf(file);
  expect(content).toEqual({
    version: 1,
    readAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
    systems: { akkeris: expect.any(Array), crunchybridge: expect.any(Array) },
  });
  expect(content.systems.akkeris).toHaveLength(akkeris.sizes.length);
  expect(content.systems.akkeris[2]).toEqual({ name: "gp2", price: 40 });
  const { plans, regions, ...provider } = content.systems.crunchybridge[0];
  expect(provider).toEqual({ id: "aws", disk: { rate: 10 } });
  expect(plans[1]).toEqual({ id: "hobby-2", rate: 3500 });
  expect(regions[2]).toEqual({ id: "eu-central-1", multiplier: 1.15 });
});

test("standard output has the same with --json", async () => {
  const here = await world();
  configure(here.ofAkkeris);

  const { out } = await formations("prices", "--json");
  await formations("prices", "--output", here.file);

  const [printed, written] = [JSON.parse(out), contentOf(here.file)];
  expect({ ...printed, readAt: "" }).toEqual({ ...written, readAt: "" });
});

test("neither file nor output has a secret or an address, whatever the server lists", async () => {
  const { akkeris, crunchyBridge, file, ...here } = await world();
  configure({ ...here.ofAkkeris, ...here.ofCrunchyBridge });
  const [size] = akkeris.sizes;
  if (!size) throw new Error("no sizes");
  akkeris.sizes = [
    ...akkeris.sizes,
    { ...size, name: `x${akkeris.token}`, description: "account" },
  ];

  const shown = await formations("prices");
  const json = await formations("prices", "--json");
  await formations("prices", "--output", file);

  const secrets = [akkeris.token, crunchyBridge.token];
  const forms = secrets.flatMap((secret) => [secret, Buffer.from(secret).toString("base64")]);
  for (const text of [shown.out, json.out, readFileSync(file, "utf8")]) {
    expect(text).toContain("gp4");
    const found = [...forms, akkeris.url, "127.0.0.1", "account"].filter((one) =>
      text.includes(one),
    );
    expect(found).toEqual([]);
  }
});

test("a system that is not configured is skipped, named, and sent nothing", async () => {
  const { crunchyBridge, file, ...here } = await world();
  configure({ ...here.ofAkkeris, crunchyBridgeUrl: crunchyBridge.url });

  const { code, err } = await formations("prices", "--output", file);

  expect(code).toBe(0);
  expect(err).toMatch(
    /^Skipped Crunchy Bridge: the API key is missing\. .*FORMATIONS_CRUNCHY_BRIDGE_API_KEY/,
  );
  expect(Object.keys(contentOf(file).systems)).toEqual(["akkeris"]);
  expect(crunchyBridge.requests).toEqual([]);
});

test("where no system is configured, both are named, and no file is written", async () => {
  const { file } = await world();

  const { code, out, err } = await formations("prices", "--output", file);

  expect([code, out]).toEqual([1, ""]);
  for (const key of ["AKKERIS_TOKEN", "CRUNCHY_BRIDGE_API_KEY"]) {
    expect(err).toContain(`FORMATIONS_${key}`);
  }
  expect(err).toContain("No prices were read");
  expect(existsSync(file)).toBe(false);
});

const failing: { what: string; kind: FaultKind; says: RegExp }[] = [
  {
    what: "rejects the token",
    kind: { type: "status", status: 401, body: "" },
    says: /akkerisToken .* was rejected/,
  },
  { what: "lists something else", kind: { type: "status", status: 200, body: {} }, says: /sizes/ },
  { what: "is a proxy's page", kind: { type: "html" }, says: /Akkeris/ },
];

test.each(failing)(
  "if one server $what, the other's prices are kept, and the exit code is 1",
  async ({ kind, says }) => {
    const { akkeris, file, ...here } = await world();
    configure({ ...here.ofAkkeris, ...here.ofCrunchyBridge });
    akkeris.order({ path: "/sizes", kind });

    const { code, err } = await formations("prices", "--output", file);

    expect(code).toBe(1);
    expect(err).toMatch(says);
    expect(err).not.toMatch(/^ +at /m);
    expect(err).not.toContain(akkeris.token);
    expect(Object.keys(contentOf(file).systems)).toEqual(["crunchybridge"]);
  },
);

test("if no server responds until the deadline, the file stays as it was", async () => {
  const { akkeris, file, ...here } = await world();
  configure(here.ofAkkeris);
  await akkeris.refuse();
  writeFileSync(file, "old");

  const { code, err } = await formations("prices", "--output", file, "--timeout", "1s");

  expect(code).toBe(1);
  expect(err).toMatch(/Akkeris: could not list sizes/);
  expect(readFileSync(file, "utf8")).toBe("old");
});

test("malformed configuration of one system does not keep the other from being read", async () => {
  const { file, ...here } = await world();
  configure({ ...here.ofAkkeris, ...here.ofCrunchyBridge, akkerisUrl: "akkeris" });

  const { code, err } = await formations("prices", "--output", file);

  expect(code).toBe(1);
  expect(err).toContain("FORMATIONS_AKKERIS_URL");
  expect(Object.keys(contentOf(file).systems)).toEqual(["crunchybridge"]);
});

test("the configuration is a stack's, and that of an explicit provider in its state", async () => {
  const { akkeris, crunchyBridge, file, ...here } = await world();
  const { crunchyBridgeApiKey, crunchyBridgeUrl } = here.ofCrunchyBridge;
  const type = "pulumi:providers:formations";
  const stack = stubStack({
    config: here.ofAkkeris,
    resources: [
      {
        ...{ urn: `urn:pulumi:test::scenario::${type}::old`, type, custom: true, id: "p0" },
        ...{ inputs: { crunchyBridgeApiKey: "replaced", crunchyBridgeUrl }, delete: true },
      },
      {
        ...{ urn: `urn:pulumi:test::scenario::${type}::europe`, type, custom: true, id: "p1" },
        inputs: { crunchyBridgeApiKey: concealed(crunchyBridgeApiKey), crunchyBridgeUrl },
      },
    ],
  });

  const { code, err } = await stack.formations("prices", "--stack", "test", "--output", file);

  expect([code, err]).toEqual([0, ""]);
  expect(Object.keys(contentOf(file).systems)).toEqual(["crunchybridge", "akkeris"]);
  const sent = [akkeris, crunchyBridge].map(({ requests }) =>
    requests.map(({ headers }) => headers.authorization),
  );
  expect(sent).toEqual([[`Bearer ${akkeris.token}`], [`Bearer ${crunchyBridge.token}`]]);
});

test("without --stack and --cwd no stack is read", async () => {
  const here = await world();
  stubStack({ config: here.ofCrunchyBridge });
  configure(here.ofAkkeris);

  const { code, err } = await formations("prices");

  expect(code).toBe(0);
  expect(err).toContain("Skipped Crunchy Bridge");
});

test("a stack that can't be read is an error in the engine's words", async () => {
  const stack = stubStack({ config: {}, failing: { "stack export": { err: "error: no stack" } } });

  const { code, err } = await stack.formations("prices");

  expect(code).toBe(1);
  expect(err).toMatch(/^formations: `pulumi stack export` failed:\nerror: no stack/);
  expect(err).not.toMatch(/^ +at /m);
});

test("a file that can't be written is an error that names it", async () => {
  const { file, ...here } = await world();
  configure(here.ofAkkeris);
  const wrong = join(file, "prices.json");

  const { code, err } = await formations("prices", "--output", wrong);

  expect(code).toBe(1);
  expect(err).toContain(`formations: Cannot write ${wrong}: ENOENT`);
  expect(err).not.toMatch(/^ +at /m);
});

test("the help says which systems publish prices, within 80 columns", async () => {
  const { out } = await formations("help", "prices");

  expect(out).toContain("Crunchy Bridge and Akkeris publish");
  expect(out.replaceAll(/\s+/g, " ")).toContain("Citus Cloud and Antfly publish no prices.");
  for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});
