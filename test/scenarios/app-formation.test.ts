import { expect, test } from "vitest";
import { resourceNamed } from "../engine/state.ts";
import { apps, opsOf, stackOf, told } from "./app-formation-support.ts";

const app = "foo-default";
const list = `/apps/${app}/formation`;
const web = { app, type: "web", size: "gp2", quantity: 1 };
const worker = { ...web, type: "worker", command: "node worker.js" };

test("a formation is created by one POST, kept without a request, read by one GET and deleted by one DELETE", async () => {
  const stack = await stackOf({ web: { args: web } });
  const { akkeris, workspace } = stack;

  expect(opsOf(await workspace.preview())).toEqual({ web: "create" });
  expect(stack.sent()).toEqual([]);

  expect(opsOf(await workspace.up())).toEqual({ web: "create" });
  expect(stack.sent()).toEqual([`POST ${list}`]);
  expect(akkeris.formations(app)).toMatchObject([{ type: "web", size: "gp2", quantity: 1 }]);
  expect(akkeris.instances(app, "web")).toBe(1);

  expect((await workspace.up({ withPreview: true })).changes).toEqual({ same: 1 });
  expect(stack.sent()).toEqual([]);

  expect((await workspace.refresh()).changes).toEqual({ same: 1 });
  expect(stack.sent()).toEqual([`GET ${list}/web`]);
  expect((await workspace.preview()).changes).toEqual({ same: 1 });

  expect((await workspace.destroy()).changes).toEqual({ delete: 1 });
  expect(stack.sent()).toEqual([`DELETE ${list}/web`]);
  expect(akkeris.formations(app)).toEqual([]);
  expect(akkeris.running(app, "web")).toBeUndefined();
});

test("the state has what the server shows, under the ID app/type", async () => {
  const stack = await stackOf({ web: { args: { ...web, healthcheck: "/health" } } });
  const { outputs } = await stack.workspace.up();
  const row = stack.akkeris.formation(app, "web");

  const { id, outputs: kept } = resourceNamed(await stack.workspace.exportState(), "web");
  const shown = {
    ...web,
    healthcheck: "/health",
    port: 9000,
    formationId: row?.id,
    serverSize: "gp2",
    createdAt: row?.createdAt.replace(".000Z", "Z"),
  };
  expect(id).toBe("foo-default/web");
  expect(kept).toMatchObject(shown);
  expect(outputs.web).toMatchObject({ ...shown, id: "foo-default/web" });
});

test("what was removed out of band is noticed by a refresh and created again by the next up", async () => {
  const names = apps("foo-default", "gone-default");
  const lost = { ...web, app: "gone-default" };
  const stack = await stackOf({ web: { args: web }, lost: { args: lost } }, { apps: names });
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
  akkeris.clearRequests();
  expect((await workspace.destroy()).changes).toEqual({ delete: 2 });
  expect(stack.sent().sort()).toEqual([
    "DELETE /apps/foo-default/formation/web",
    "DELETE /apps/gone-default/formation/web",
  ]);
});

test("six types of one app are never stored twice, and change with one PATCH and one GET", async () => {
  const types = ["web", "clock", "mailer", "indexer", "importer", "reports"];
  const sized = (size: string, quantity: number) =>
    Object.fromEntries(
      types.map((type) => {
        const command = type === "web" ? {} : { command: `run ${type}` };
        return [type, { args: { app, type, size, quantity, ...command } }];
      }),
    );
  const stack = await stackOf(sized("gp1", 1));
  const { akkeris, workspace } = stack;
  await workspace.up();
  expect(
    akkeris
      .formations(app)
      .map(({ type }) => type)
      .sort(),
  ).toEqual([...types].sort());
  const redeploys = akkeris.redeploys(app);
  akkeris.clearRequests();

  await stack.declare(sized("gp2", 2));
  expect((await workspace.up()).changes).toEqual({ update: 6 });

  const [changes] = stack.bodies(app, "PATCH") as { type: string }[][];
  expect(stack.sent()).toEqual([`PATCH ${list}`, `GET ${list}`]);
  expect(changes?.map(({ type }) => type).sort()).toEqual([...types].sort());
  expect(changes).toContainEqual({ type: "web", size: "gp2", quantity: 2 });
  expect(changes).toContainEqual({
    type: "clock",
    size: "gp2",
    quantity: 2,
    command: "run clock",
  });
  for (const type of types) expect(akkeris.instances(app, type)).toBe(2);
  expect(akkeris.redeploys(app)).toBe(redeploys + 1);
});

test("a program reads formations, one of them as a resource, and the sizes", async () => {
  const code = [
    `const { AppFormation: A, getAppFormation, getAppFormationsOutput, getAppSizes } = formations;`,
    `export const got = A.get("got", "foo-default/worker");`,
    `export const one = getAppFormation({ app: "foo-default", type: "web" });`,
    `export const all = getAppFormationsOutput({ app: got.app }).formations.apply((f) => f.map((one) => one.type));`,
    `export const sizes = getAppSizes().then(({ sizes }) => sizes.map(({ name }) => name));`,
    `export const none = getAppFormation({ app: "foo-default", type: "none" }).catch((e) => e.message);`,
  ].join("\n");
  const stack = await stackOf({}, { code });
  stack.akkeris.addFormation(app, { size: "gp2", quantity: 2 });
  stack.akkeris.addFormation(app, { type: "worker", quantity: 3 });

  const { outputs } = await stack.workspace.up();

  expect(outputs.got).toMatchObject({ id: "foo-default/worker", quantity: 3, size: "gp1" });
  expect(outputs.one).toMatchObject({ type: "web", size: "gp2", quantity: 2, port: 9000 });
  expect(outputs.all).toEqual(["web", "worker"]);
  expect(outputs.sizes).toEqual(stack.akkeris.sizes.map(({ name }) => name));
  expect(outputs.none).toMatch(/no formation "none" in app foo-default/);
  expect(stack.sent().sort()).toEqual([
    `GET ${list}`,
    `GET ${list}/none`,
    `GET ${list}/web`,
    `GET ${list}/worker`,
    "GET /sizes",
  ]);

  await stack.workspace.destroy();
  expect(stack.akkeris.formations(app)).toHaveLength(2);
});

test("a resource that only got another name in the program keeps its formation under an alias", async () => {
  const stack = await stackOf({ worker: { args: worker } });
  const { akkeris, workspace } = stack;
  akkeris.addFormation(app);
  await workspace.up();
  const id = akkeris.formation(app, "worker")?.id;
  akkeris.clearRequests();

  await stack.declare({ jobs: { args: worker } });
  const refused = await workspace.up({ expectFailure: true });
  expect(told(refused)).toMatch(/There already is a formation "worker" in app foo-default/);
  expect(told(refused)).toContain("keeps its formation with `aliases`");

  await stack.declare({ jobs: { args: worker, options: `{ aliases: [{ name: "worker" }] }` } });
  expect((await workspace.up()).changes).toEqual({ same: 1 });
  expect(akkeris.formation(app, "worker")?.id).toBe(id);
  expect(stack.methods(app)).not.toContain("DELETE");
});

test("a replacement without a change is refused unless the old formation may go first", async () => {
  const stack = await stackOf({ web: { args: web } });
  const { akkeris, workspace } = stack;
  await workspace.up();
  const first = akkeris.formation(app, "web")?.id;
  const urn = resourceNamed(await workspace.exportState(), "web").urn;

  const refused = await workspace.up({ args: ["--replace", urn], expectFailure: true });
  expect(told(refused)).toContain("needs `deleteBeforeReplace`");
  expect(akkeris.formation(app, "web")?.id).toBe(first);

  await stack.declare({ web: { args: web, options: "{ deleteBeforeReplace: true }" } });
  expect(opsOf(await workspace.up({ args: ["--replace", urn] }))).toEqual({ web: "replace" });
  expect(akkeris.formations(app)).toMatchObject([{ type: "web", quantity: 1 }]);
  expect(akkeris.formation(app, "web")?.id).not.toBe(first);
});
