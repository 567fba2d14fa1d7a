import { hostname } from "node:os";
import { expect, test } from "vitest";
import { moreAbout } from "../../../provider/process/more.ts";
import { foreign, project, resource } from "./world.ts";

const web = (quantity: number, of = "shop") =>
  resource(
    "web",
    "AppFormation",
    { app: "shop", type: "web", size: "gp2", quantity },
    { project: of },
  );

test("a stack that can't be read is said, and the others are compared", async () => {
  const { run } = project(
    { dev: [web(1)], staging: [web(2)], production: [web(3)] },
    { failing: { "stack export --stack staging": { err: "error: incorrect passphrase" } } },
  );
  for (const format of ["table", "markdown", "json"]) {
    const { code, out, err } = await run("--format", format);
    expect(code).toBe(1);
    expect(err).toMatch(
      /^formations: stack staging was not read: .*\n?error: incorrect passphrase/,
    );
    expect(out).toContain("production");
    if (format === "json") {
      expect(JSON.parse(out)).toMatchObject({
        stacks: [{}, { name: "staging", status: "unreadable", problem: expect.any(String) }, {}],
        resources: [{ stacks: { dev: {}, production: {} } }],
      });
    }
    // A comment or a file of its own has no other output beside it.
    if (format !== "table") expect(out).toContain("incorrect passphrase");
  }
});

test("a stack that there is not is said with the ones that there are", async () => {
  const { run } = project(
    { dev: [web(1)], production: [web(3)] },
    { failing: { "stack export --stack prod": { err: "error: no stack named 'prod' found" } } },
  );
  const { code, err } = await run("--stack", "dev", "--stack", "prod");
  expect(code).toBe(1);
  expect(err).toContain("The stacks of this project are: dev, production. Name one with --stack.");
});

test("an empty stack is said, and not a column of missing resources", async () => {
  const { json, run } = project({
    dev: [
      foreign("pulumi:pulumi:Stack", "shop-dev"),
      foreign("pulumi:providers:formations", "default"),
    ],
    production: [web(3)],
  });
  const report = await json();
  expect(report.stacks).toMatchObject([{ status: "empty" }, { status: "compared" }]);
  expect(Object.keys(report.resources[0]?.stacks ?? {})).toEqual(["production"]);
  expect((await run()).out).toContain("dev has no resources, so it is not compared.");
});

test("a project without stacks is an error, and so is no project", async () => {
  const { run } = project({});
  expect(await run()).toMatchObject({
    code: 1,
    err: `formations: This project has no stacks; \`pulumi stack init\` creates one.\n${moreAbout("PULUMI_FAILED")}`,
  });
  const outside = project(
    {},
    { failing: { "stack ls": { err: "error: no Pulumi.yaml project" } } },
  );
  const { code, err } = await outside.run();
  expect(code).toBe(1);
  expect(err).toContain("run the command in the project's folder, or name the folder with --cwd");
});

test("stacks of several projects are compared, and it is said", async () => {
  const { run } = project({ dev: [web(1)], production: [web(3, "store")] });
  const { code, out } = await run();
  expect(code).toBe(0);
  expect(out.replaceAll(/\s+/g, " ")).toContain(
    "The stacks are of several projects (dev of shop; production of store)",
  );
  expect(out).not.toContain("missing");
});

test("a run in progress is said, and what it does is not called interrupted", async () => {
  const pending = resource("worker", "AppFormation", {});
  const { run } = project(
    {},
    {
      stacks: [
        { name: "dev", resources: [web(1)], pending: [pending], updateInProgress: true },
        { name: "production", resources: [web(3)] },
      ],
    },
  );
  const { code, out } = await run();
  expect(code).toBe(0);
  expect(out.replaceAll(/\s+/g, " ")).toContain("dev: a run is in progress");
  expect(out).toContain("creating now");
  expect(out).not.toContain("interrupted");
});

test("who holds the lock of a file backend is said", async () => {
  const timestamp = "2026-11-28T12:00:00Z";
  const { json } = project(
    { test: [web(1, "scenario")], production: [web(3, "scenario")] },
    { lock: { pid: process.pid, username: "ann", hostname: hostname(), timestamp } },
  );
  const [locked, free] = (await json()).stacks;
  expect(locked?.holders).toEqual([expect.stringContaining("ann on")]);
  expect(free?.holders).toBeUndefined();
});

test("a stack that is named twice is one column, in the order of the flags", async () => {
  const { json } = project({ dev: [web(1)], staging: [web(2)], production: [web(3)] });
  const given = ["production", "dev", "production"].flatMap((name) => ["--stack", name]);
  const { stacks, resources } = await json(...given);
  expect(stacks.map(({ name }) => name)).toEqual(["production", "dev"]);
  expect(Object.keys(resources[0]?.stacks ?? {})).toEqual(["production", "dev"]);
});

test("twenty stacks are read, in order", async () => {
  const names = Array.from({ length: 20 }, (_, at) => `stack-${String(at).padStart(2, "0")}`);
  const { json } = project(Object.fromEntries(names.map((name, at) => [name, [web(at)]])));
  const { resources } = await json();
  const quantity = resources[0]?.properties.find(({ name }) => name === "quantity");
  const values = Object.entries(quantity?.values ?? {}).map(([name, one]) => [name, one?.value]);
  expect(values).toEqual(names.map((name, at) => [name, at]));
});
