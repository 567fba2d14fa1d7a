import { expect, test } from "vitest";
import { differences, foreign, project, resource, secret } from "./world.ts";

const formation = {
  region: "us-east-1",
  coordinatorTune: "r5.large",
  coordinatorDiskSize: 512,
  workerTune: "r5.large",
  workerCount: 4,
  workerDiskSize: 512,
};
const replica = { clusterId: "rvf73a77ozfsvcttryebfrnlem" };
const schedule = { schedule: "0 3 * * *", location: "gs://backups/nightly", connection: "main" };

test("what the programs ask for is side by side, and what differs is marked", async () => {
  const { json } = project({
    dev: [resource("events", "Formation", { ...formation, workerCount: 2 })],
    production: [resource("events", "Formation", formation)],
  });
  const report = await json();
  expect(report).toMatchObject({
    version: 1,
    stacks: [
      { name: "dev", status: "compared" },
      { name: "production", status: "compared" },
    ],
  });
  expect(differences(report)).toEqual({ events: ["workerCount"] });
  const [events] = report.resources;
  expect(events).toMatchObject({ name: "events", type: "Formation", isDifferent: true });
  expect(events?.properties.find(({ name }) => name === "workerCount")).toEqual({
    ...{ name: "workerCount", isDifferent: true },
    values: {
      dev: { value: 2, from: "program" },
      production: { value: 4, from: "program" },
    },
  });
});

test.each([
  ["a number as text", "Formation", { ...formation, workerCount: "4" }, formation],
  ["a default that is given", "Formation", { ...formation, workerHa: false }, formation],
  [
    "an ID as a UUID",
    "Replica",
    { clusterId: "8d4bfd83-ff7b-8b2a-94f3-88f240962ac8" },
    { clusterId: "rvf73a77pofsvfhtrdzebfrkza" },
  ],
  [
    "the order of tables",
    "AntflyBackupSchedule",
    { ...schedule, tableNames: ["b", "a"] },
    { ...schedule, tableNames: ["a", "b"] },
  ],
  [
    "the scheme of a location",
    "AntflyBackupSchedule",
    { ...schedule, location: "gcs://backups/nightly" },
    schedule,
  ],
])("a spelling is no difference: %s", async (_, type, one, other) => {
  const { json } = project({
    dev: [resource("it", type, one)],
    production: [resource("it", type, other)],
  });
  const report = await json();
  expect(differences(report)).toEqual({ it: [] });
  expect(report.resources[0]?.isDifferent).toBe(false);
});

test("two generated names are no difference; a generated and a given one are", async () => {
  const named = (name: string, isGenerated: boolean) =>
    resource("events", "Formation", {
      ...{ ...formation, name },
      ...(isGenerated && { __autoname: true }),
    });
  const { json } = project({
    dev: [named("events-0a1b2c3", true)],
    staging: [named("events-4d5e6f7", true)],
    production: [named("events", false)],
  });
  expect(differences(await json("--stack", "dev", "--stack", "staging"))).toEqual({ events: [] });
  expect(differences(await json())).toEqual({ events: ["name"] });
});

test("the same resource is one row, on either host and in components", async () => {
  const parents = ["shop:index:Database"];
  const { json } = project({
    dev: [resource("events", "Formation", formation, { parents })],
    production: [
      resource("events", "Formation", formation, {
        ...{ parents, host: "dynamic" },
        outputs: { __unset: ["name"], __provider: "exports.handler = 1" },
      }),
    ],
  });
  const { resources } = await json();
  expect(resources).toMatchObject([{ name: "events", parents, isDifferent: false }]);
});

test("a resource in another component, or of another name, is another one", async () => {
  const { json } = project({
    dev: [resource("events", "Formation", formation)],
    production: [
      resource("events", "Formation", formation, { parents: ["shop:index:Database"] }),
      resource("logs", "Formation", formation),
    ],
  });
  const { resources } = await json();
  const missing = resources.map(({ name, stacks }) => [
    name,
    Object.keys(stacks).filter((stack) => stacks[stack]?.isMissing),
  ]);
  expect(missing).toEqual([
    ["events", ["dev"]],
    ["events", ["production"]],
    ["logs", ["dev"]],
  ]);
});

test("while a stack has it on both hosts, the hosts are apart", async () => {
  const { json } = project({
    dev: [
      resource("events", "Formation", formation),
      resource("events", "Formation", formation, { host: "dynamic" }),
    ],
    production: [resource("events", "Formation", formation)],
  });
  const { resources } = await json();
  expect(resources).toMatchObject([
    { token: "formations:index:Formation", isDifferent: false },
    {
      token: "pulumi-nodejs:dynamic/formations:Formation",
      stacks: { dev: { isMissing: false }, production: { isMissing: true } },
    },
  ]);
});

test("a secret is never shown, and never marked", async () => {
  const of = (value: unknown, also = {}) => [
    resource("key", "AntflySecret", { key: "openai.api_key", value, ...also }),
    resource("job", "AppFormation", {
      ...{ app: "shop", type: "job", size: "gp2", quantity: 0, oneoff: true },
      options: { image: "jobs:1", env: secret("v1:one") },
    }),
  ];
  const { run, json } = project({
    dev: of(secret("v1:aaaa"), { url: secret("v1:bbbb"), __provider: "HIDDEN" }),
    // A state of which the secret was not marked as one.
    production: of("hunter2", { url: "https://antfly.example.com" }),
  });
  expect(differences(await json())).toEqual({ key: [], job: [] });
  for (const format of ["table", "markdown", "json"]) {
    const { out } = await run("--format", format);
    expect(out).toMatch(/secret(\)|&#41;)/);
    expect(out).not.toMatch(/v1:|hunter2|HIDDEN|__/);
  }
});

test("what surrounds a secret is compared", async () => {
  const of = (image: string, ciphertext: string) =>
    resource("job", "AppFormation", {
      ...{ app: "shop", type: "job", size: "gp2", quantity: 0, oneoff: true },
      options: { image, env: secret(ciphertext) },
    });
  const { json } = project({ dev: [of("jobs:1", "v1:a")], production: [of("jobs:2", "v1:b")] });
  expect(differences(await json())).toEqual({ job: ["options"] });
});

test("what a program leaves to the server is the server's, and drift is told", async () => {
  const { json } = project({
    dev: [resource("reports", "Replica", { ...replica, planId: "standard-8" })],
    staging: [resource("reports", "Replica", replica, { outputs: { planId: "standard-8" } })],
    production: [
      resource(
        "reports",
        "Replica",
        { ...replica, planId: "standard-8" },
        { outputs: { planId: "standard-16" } },
      ),
    ],
  });
  const [reports] = (await json()).resources;
  expect(reports?.properties.find(({ name }) => name === "planId")?.values).toEqual({
    dev: { value: "standard-8", from: "program" },
    staging: { value: "standard-8", from: "server" },
    production: { value: "standard-8", from: "program", server: "standard-16" },
  });
  const same = await json("--stack", "dev", "--stack", "staging");
  expect(differences(same)).toEqual({ reports: [] });
  const drifted = await json("--stack", "dev", "--stack", "production");
  expect(differences(drifted)).toEqual({ reports: ["planId"] });
});

test("protection is compared", async () => {
  const { json } = project({
    dev: [resource("events", "Formation", formation)],
    production: [resource("events", "Formation", formation, { also: { protect: true } })],
  });
  expect(differences(await json())).toEqual({ events: ["protect"] });
});

test("what has not ended is marked", async () => {
  const events = resource("events", "Formation", formation, { outputs: { __pending: true } });
  const app = { app: "shop-default", type: "web", size: "gp2", quantity: 2 };
  const { json } = project(
    {
      dev: [
        events,
        resource("web", "AppFormation", app, { outputs: { __unfinished: ["quantity"] } }),
        resource("old", "Replica", replica, { also: { pendingReplacement: true } }),
        resource("reports", "Replica", replica),
        resource("reports", "Replica", replica, { also: { delete: true } }),
      ],
      production: [resource("web", "AppFormation", app)],
    },
    {},
  );
  const { resources } = await json();
  expect(resources.map(({ name, stacks }) => [name, stacks.dev])).toEqual([
    ["events", { isMissing: false, marks: ["not finished"] }],
    ["old", { isMissing: true, marks: ["deleted to be replaced, and not created again yet"] }],
    ["reports", { isMissing: false, marks: ["a replaced one is still to be deleted"] }],
    ["web", { isMissing: false, marks: ["to be sent again: quantity"] }],
  ]);
  expect(resources.every(({ isDifferent }) => isDifferent)).toBe(true);
});

test("a creation that was cut short is a missing resource with a mark", async () => {
  const events = resource("events", "Formation", formation);
  const { json } = project(
    {},
    {
      stacks: [
        { name: "dev", resources: [], pending: [events] },
        { name: "production", resources: [events] },
      ],
    },
  );
  expect((await json()).resources).toMatchObject([
    {
      stacks: {
        dev: { isMissing: true, marks: ["interrupted while creating"] },
        production: { isMissing: false, marks: [] },
      },
    },
  ]);
});

test("other providers' resources are only counted", async () => {
  const bucket = "aws:s3/bucket:Bucket";
  const { json, run } = project({
    dev: [
      resource("web", "AppFormation", { app: "shop", type: "web", size: "gp2", quantity: 2 }),
      foreign(bucket, "logs"),
      foreign("random:index/randomId:RandomId", "id"),
      foreign("pulumi:providers:aws", "default"),
      { ...foreign("shop:index:Database", "component"), custom: false },
    ],
    production: [
      foreign(bucket, "logs"),
      foreign(bucket, "events"),
      foreign("random:index/randomId:RandomId", "id"),
    ],
  });
  expect((await json()).others).toEqual([
    { type: bucket, isDifferent: true, counts: { dev: 1, production: 2 } },
    {
      type: "random:index/randomId:RandomId",
      isDifferent: false,
      counts: { dev: 1, production: 1 },
    },
  ]);
  expect((await json("--differences")).others).toHaveLength(1);
  expect((await run()).out.replaceAll(/\s+/g, " ")).toContain(
    `only counted: ≠ ${bucket} (dev 1, production 2); random:index/randomId:RandomId 1`,
  );
});

test("--differences leaves out what is the same, and says so if that is everything", async () => {
  const events = resource("events", "Formation", formation);
  const { json, run } = project({
    dev: [events, resource("reports", "Replica", replica)],
    staging: [events, resource("reports", "Replica", { ...replica, storage: 200 })],
    production: [events, resource("reports", "Replica", { ...replica, storage: 500 })],
  });
  const { resources } = await json("--differences");
  expect(
    resources.map(({ name, properties }) => [name, properties.map((one) => one.name)]),
  ).toEqual([["reports", ["storage"]]]);
  const same = await run("--differences", "--stack", "dev");
  expect(same).toEqual({ code: 0, out: "The stacks do not differ.", err: "" });
});
