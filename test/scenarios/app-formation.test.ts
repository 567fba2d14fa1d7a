import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import type { OperationResult } from "../../build/engine/workspace.ts";
import type { SimRunning } from "../../simulators/akkeris.ts";
import {
  apps,
  type Declarations,
  openStack,
  opsOf,
  type Requests,
  type Stack,
  stackOf,
} from "./app-formation-support.ts";
import { startProgram } from "./stack.ts";
import { errorOf, told } from "./support.ts";
import { accessTo, startAkkeris } from "./world.ts";

const app = "foo-default";
const list = `/apps/${app}/formation`;
const web = { app, type: "web", size: "gp2", quantity: 1 };
const worker = { ...web, type: "worker", command: "node worker.js" };

test("a formation is created by one POST, read by one GET, kept without a request and deleted by one DELETE", async () => {
  const args = { ...web, healthcheck: "/health" };
  const stack = await stackOf({ web: { args } });
  const { akkeris, workspace } = stack;

  expect(opsOf(await workspace.preview())).toEqual({ web: "create" });
  expect(stack.take().lines).toEqual([]);

  await workspace.up();
  expect(stack.take().lines).toEqual([`POST ${list}`]);
  const row = akkeris.formation(app, "web");
  expect(row).toMatchObject({ type: "web", size: "gp2", quantity: 1, healthcheck: "/health" });
  expect(akkeris.instances(app, "web")).toBe(1);
  const shown = {
    ...args,
    port: 9000,
    formationId: row?.id,
    serverSize: "gp2",
    createdAt: row?.createdAt.replace(".000Z", "Z"),
  };
  expect((await workspace.refresh()).changes).toEqual({ same: 1 });
  expect(stack.take().lines).toEqual([`GET ${list}/web`]);
  const kept = resourceNamed(await workspace.exportState(), "web");
  expect(kept).toMatchObject({ id: "foo-default/web", outputs: shown });

  expect((await workspace.up({ withPreview: true })).changes).toEqual({ same: 1 });
  expect(stack.take().lines).toEqual([]);

  expect((await workspace.destroy()).changes).toEqual({ delete: 1 });
  expect(stack.take().lines).toEqual([`DELETE ${list}/web`]);
  expect(akkeris.formations(app)).toEqual([]);
  expect(akkeris.running(app, "web")).toBeUndefined();
});

test("what was removed out of band is noticed by a refresh, created again by the next up, and no obstacle to destroy", async () => {
  const lost = { ...web, app: "gone-default" };
  const stack = await stackOf(
    { web: { args: web }, lost: { args: lost } },
    { apps: apps(app, "gone-default") },
  );
  const { akkeris, workspace } = stack;
  await workspace.up();

  akkeris.remove(app, "web");
  akkeris.removeApp("gone-default");
  expect(opsOf(await workspace.refresh())).toEqual({ web: "delete", lost: "delete" });

  akkeris.addApp("gone-default");
  expect(opsOf(await workspace.up())).toEqual({ web: "create", lost: "create" });
  expect(akkeris.instances(app, "web")).toBe(1);
  expect(akkeris.instances("gone-default", "web")).toBe(1);

  akkeris.remove(app, "web");
  akkeris.removeApp("gone-default");
  stack.take();
  expect((await workspace.destroy()).changes).toEqual({ delete: 2 });
  expect(stack.take().lines.sort()).toEqual([
    "DELETE /apps/foo-default/formation/web",
    "DELETE /apps/gone-default/formation/web",
  ]);
});

describe("six types of one app", () => {
  const types = ["web", "clock", "mailer", "indexer", "importer", "reports"];
  const sized = (size: string, quantity: number): Declarations =>
    Object.fromEntries(
      types.map((type) => {
        const command = type === "web" ? {} : { command: `run ${type}` };
        return [type, { args: { app, type, size, quantity, ...command } }];
      }),
    );
  let stack: Stack;
  let made: string[];
  let changed: { redeploys: number; sent: Requests; running: (SimRunning | undefined)[] };
  let failed: OperationResult;
  let refused: { sent: Requests; running: (SimRunning | undefined)[] };

  beforeAll(async () => {
    stack = await openStack(sized("gp1", 1));
    const { akkeris, workspace } = stack;
    const running = () => types.map((type) => structuredClone(akkeris.running(app, type)));
    await workspace.up();
    made = akkeris.formations(app).map(({ type }) => type);
    const redeploys = akkeris.redeploys(app);
    stack.take();

    await stack.declare(sized("gp2", 2));
    await workspace.up();
    const sent = stack.take();
    changed = { redeploys: akkeris.redeploys(app) - redeploys, sent, running: running() };

    const { mailer } = sized("huge", 2);
    if (!mailer) throw new Error("there is no mailer");
    await stack.declare({ ...sized("gp3", 2), mailer });
    failed = await workspace.up({ expectFailure: true });
    refused = { sent: stack.take(), running: running() };
  });

  afterAll(() => stack.close());

  test("are each stored once, though all are created at once", () => {
    expect(made.sort()).toEqual([...types].sort());
  });

  // How many come in time for one PATCH is the machine's affair; in flight together, they share one.
  test("change together, each once, with a redeployment of the app for each PATCH", () => {
    const changes = changed.sent.patches.flat();
    expect(changes).toHaveLength(6);
    expect(changes).toContainEqual({ type: "web", size: "gp2", quantity: 2 });
    for (const type of types.slice(1)) {
      expect(changes).toContainEqual({ type, size: "gp2", quantity: 2, command: `run ${type}` });
    }
    expect(changed.redeploys).toBe(changed.sent.patches.length);
    expect(changed.running).toMatchObject(types.map(() => ({ size: "gp2", instances: 2 })));
  });

  test("fail for the one alone whose change is refused", () => {
    expect(refused.sent.patches).toContainEqual([expect.objectContaining({ type: "mailer" })]);
    for (const type of types) {
      const text = type === "mailer" ? /The payload size was not recognized/ : /^$/;
      expect(errorOf(failed, type)).toMatch(text);
    }
    const sizes = refused.running.map((running) => running?.size);
    expect(sizes).toEqual(types.map((type) => (type === "mailer" ? "gp2" : "gp3")));
  });
});

test("a program reads formations, one of them as a resource, and the sizes, and owns none of them", async () => {
  const akkeris = await startAkkeris(app);
  const program = `
    export const got = AppFormation.get("got", "foo-default/worker");
    export const one = getAppFormation({ app: "foo-default", type: "web" });
    export const all = getAppFormationsOutput({ app: got.app }).formations.apply((f) => f.map((one) => one.type));
    export const sizes = getAppSizes().then(({ sizes }) => sizes.map(({ name }) => name));
    export const none = getAppFormation({ app: "foo-default", type: "none" }).catch((e) => e.message);`;
  const { workspace } = await startProgram(program, { config: accessTo(akkeris) });
  akkeris.addFormation(app, { size: "gp2", quantity: 2 });
  akkeris.addFormation(app, { type: "worker", quantity: 3 });

  const { outputs } = await workspace.up();

  expect(outputs.got).toMatchObject({ id: "foo-default/worker", quantity: 3, size: "gp1" });
  expect(outputs.one).toMatchObject({ type: "web", size: "gp2", quantity: 2, port: 9000 });
  expect(outputs.all).toEqual(["web", "worker"]);
  expect(outputs.sizes).toEqual(akkeris.sizes.map(({ name }) => name));
  expect(outputs.none).toMatch(
    /Akkeris has no app foo-default, or the app has no formation of type "none"/,
  );
  const sent = akkeris.requests.map(({ method, path }) => `${method} ${path}`);
  // Reads that come in together share a list, which knows nothing of what is missing.
  const reads = [`GET ${list}/web`, `GET ${list}/worker`];
  const others = [`GET ${list}`, `GET ${list}/none`, "GET /sizes"];
  expect(sent).toEqual(expect.arrayContaining(others));
  expect([...reads, ...others]).toEqual(expect.arrayContaining(sent));
  expect(sent.length).toBeLessThanOrEqual(5);

  await workspace.destroy();
  expect(akkeris.formations(app)).toHaveLength(2);
});

test("the same app and type under another name need an alias, and a replacement without a change deleteBeforeReplace", async () => {
  const stack = await stackOf({ worker: { args: worker } });
  const { akkeris, workspace } = stack;
  akkeris.addFormation(app);
  await workspace.up();
  const first = akkeris.formation(app, "worker")?.id;

  await stack.declare({ jobs: { args: worker } });
  const renamed = await workspace.up({ expectFailure: true });
  expect(told(renamed)).toContain(`formation "worker" in app foo-default already exists`);
  expect(told(renamed)).toContain("keep it with the option `aliases`");

  const aliases = ["urn:pulumi:test::scenario::formations:index:AppFormation::worker"];
  await stack.declare({ jobs: { args: worker, options: { aliases } } });
  expect((await workspace.up()).changes).toEqual({ same: 1 });
  const { urn } = resourceNamed(await workspace.exportState(), "jobs");

  const replaced = await workspace.up({ args: ["--replace", urn], expectFailure: true });
  expect(told(replaced)).toContain("set `deleteBeforeReplace`");
  expect(akkeris.formation(app, "worker")?.id).toBe(first);

  const options = { aliases, deleteBeforeReplace: true };
  await stack.declare({ jobs: { args: worker, options } });
  expect(opsOf(await workspace.up({ args: ["--replace", urn] }))).toEqual({ jobs: "replace" });
  expect(akkeris.formation(app, "worker")?.id).not.toBe(first);
  expect(akkeris.formations(app)).toHaveLength(2);
});
