import { expect, test } from "vitest";
import { resourceNamed } from "../engine/state.ts";
import { apps, errorOf, opsOf, stackOf, told } from "./app-formation-support.ts";

const app = "foo-default";
const list = `/apps/${app}/formation`;
const web = { app, type: "web", size: "gp2", quantity: 1 };
const worker = { ...web, type: "worker", command: "node worker.js" };

test("what POST leaves undone is followed by one PATCH, so that what is asked really runs", async () => {
  const wanted = {
    none: { quantity: 0 },
    three: { quantity: 3 },
    ported: { port: 8080, healthcheck: "/health" },
    both: { quantity: 2, port: 8081, command: "node web.js" },
  };
  const names = Object.keys(wanted);
  const program = Object.fromEntries(
    Object.entries(wanted).map(([name, args]) => [
      name,
      { args: { ...web, app: `${name}-default`, ...args } },
    ]),
  );
  const stack = await stackOf(program, { apps: apps(...names.map((name) => `${name}-default`)) });
  const { akkeris, workspace } = stack;

  await workspace.up();

  for (const name of names) {
    expect(stack.methods(`${name}-default`)).toEqual(["POST", "PATCH", "GET"]);
  }
  const patches = names.map((name) => stack.bodies(`${name}-default`, "PATCH"));
  expect(patches).toEqual([
    [[{ type: "web", quantity: 0 }]],
    [[{ type: "web", quantity: 3 }]],
    [[{ type: "web", port: 8080 }]],
    [[{ type: "web", quantity: 2, port: 8081 }]],
  ]);
  expect(names.map((name) => akkeris.instances(`${name}-default`, "web"))).toEqual([0, 3, 1, 2]);
  expect(akkeris.configVars("ported-default")).toEqual({ PORT: "8080" });
  expect(akkeris.configVars("both-default")).toEqual({ PORT: "8081" });
  stack.sent();

  expect((await workspace.up()).changes).toEqual({ same: 4 });
  expect(stack.sent()).toEqual([]);
});

test("the web that Akkeris made for an earlier worker is taken over by one PATCH, quantity included", async () => {
  const program = {
    worker: { args: worker },
    web: { args: { ...web, healthcheck: "/health" }, options: "{ dependsOn: worker }" },
  };
  const stack = await stackOf(program);
  const { akkeris, workspace } = stack;

  expect(opsOf(await workspace.up())).toEqual({ worker: "create", web: "create" });

  expect(stack.bodies(app, "PATCH")).toEqual([
    [{ type: "web", size: "gp2", quantity: 1, healthcheck: "/health" }],
  ]);
  expect(stack.sent()).toEqual([
    `POST ${list}`,
    `POST ${list}`,
    `GET ${list}/web`,
    `PATCH ${list}`,
    `GET ${list}/web`,
  ]);
  expect(akkeris.formation(app, "web")).toMatchObject({ size: "gp2", quantity: 1 });
  expect(akkeris.instances(app, "web")).toBe(1);

  expect((await workspace.up()).changes).toEqual({ same: 2 });
  await workspace.destroy();
  expect(akkeris.formations(app)).toEqual([]);
});

test("a formation that somebody made is not taken over, and the error says how to adopt it", async () => {
  const names = apps("scaled-default", "commanded-default", "worked-default");
  const program = {
    scaled: { args: { ...web, app: "scaled-default" } },
    commanded: { args: { ...web, app: "commanded-default" } },
    worked: { args: { ...worker, app: "worked-default" } },
  };
  const stack = await stackOf(program, { apps: names });
  const { akkeris, workspace } = stack;
  const rows = [
    akkeris.addFormation("scaled-default", { quantity: 1, size: "gp1" }),
    akkeris.addFormation("commanded-default", { quantity: 0, command: "node web.js" }),
    akkeris.addFormation("worked-default", { type: "worker", quantity: 1 }),
  ];
  const before = structuredClone(rows);

  const failed = await workspace.up({ expectFailure: true, args: ["--continue-on-error"] });

  for (const [name, type] of [
    ["scaled", "web"],
    ["commanded", "web"],
    ["worked", "worker"],
  ] as const) {
    const error = errorOf(failed, name);
    expect(error).toContain(`There already is a formation "${type}" in app ${name}-default`);
    expect(error).toContain(`ID ${name}-default/${type}, created `);
    expect(error).toContain("Nothing was created");
    expect(error).toContain("docs/adopting.md");
    expect(error).toContain("deleteBeforeReplace");
    expect(stack.methods(`${name}-default`)).toEqual(["POST", "GET"]);
  }
  expect(rows).toEqual(before);
  const { resources } = (await workspace.exportState()).deployment;
  expect(resources.filter(({ type }) => type.includes("AppFormation"))).toEqual([]);
});

test("a creation whose answer is lost is found, or repeated where it had no effect, and never doubled", async () => {
  const names = ["reset", "unsent", "cut", "html", "region"];
  const appOf = (name: string) => `${name}-default`;
  const program = Object.fromEntries(
    names.map((name) => [name, { args: { ...web, app: appOf(name) } }]),
  );
  const stack = await stackOf(program, { apps: apps(...names.map(appOf)) });
  const { akkeris, workspace } = stack;
  const post = (name: string) => ({ method: "POST", path: `/apps/${appOf(name)}/formation` });
  akkeris.order({ ...post("reset"), kind: { type: "reset", apply: true } });
  akkeris.order({ ...post("unsent"), kind: { type: "reset", apply: false } });
  akkeris.order({ ...post("cut"), kind: { type: "cutJson" } });
  akkeris.order({ ...post("html"), kind: { type: "html" } });
  akkeris.failRegion({ app: appOf("region"), call: "create" });

  const result = await workspace.up();

  expect(result.changes).toEqual({ create: 5 });
  expect(Object.fromEntries(names.map((name) => [name, stack.methods(appOf(name))]))).toEqual({
    reset: ["POST", "GET"],
    unsent: ["POST", "GET", "POST"],
    cut: ["POST", "GET"],
    html: ["POST", "GET", "POST"],
    region: ["POST", "GET", "DELETE", "POST"],
  });
  for (const name of names) {
    expect(akkeris.formations(appOf(name))).toMatchObject([{ type: "web", size: "gp2" }]);
    expect(akkeris.instances(appOf(name), "web")).toBe(1);
  }
  expect(told(result)).toContain("It is not on the server, so it is created once more");
});

test("a creation that the server refuses says why in its words and what to do, and leaves nothing", async () => {
  const names = ["sized", "maintained", "broken"];
  const appOf = (name: string) => `${name}-default`;
  const program = {
    sized: { args: { ...web, app: appOf("sized"), size: "GP2" } },
    maintained: { args: { ...web, app: appOf("maintained") } },
    missing: { args: { ...web, app: appOf("missing") } },
    broken: { args: { ...web, app: appOf("broken") } },
  };
  const stack = await stackOf(program, { apps: apps(...names.map(appOf)) });
  const { akkeris, workspace } = stack;
  akkeris.maintenance(appOf("maintained"), true);
  const raw = { type: "status", status: 500, body: "Internal Server Error" } as const;
  akkeris.order({ method: "POST", path: /broken/, times: 2, kind: raw });

  const failed = await workspace.up({ expectFailure: true, args: ["--continue-on-error"] });

  expect(errorOf(failed, "sized")).toContain(
    "POST /apps/sized-default/formation answered 422: The payload size was not recognized.",
  );
  expect(errorOf(failed, "sized")).toContain("The function `getAppSizes` lists the sizes");
  expect(errorOf(failed, "maintained")).toMatch(
    /answered 409: .*maintenance mode\. The app is in maintenance mode.*end it/,
  );
  expect(errorOf(failed, "missing")).toContain(
    "answered 404: The specified application missing-default does not exist.",
  );
  expect(errorOf(failed, "missing")).toContain("check `app` and `type`");
  expect(errorOf(failed, "broken")).toContain("answered 500: Internal Server Error.");
  expect(stack.methods(appOf("sized"))).toEqual(["POST"]);
  expect(stack.methods(appOf("maintained"))).toEqual(["POST"]);
  expect(stack.methods(appOf("broken"))).toEqual(["POST", "GET", "POST", "GET"]);
  expect(names.flatMap((name) => akkeris.formations(appOf(name)))).toEqual([]);

  akkeris.maintenance(appOf("maintained"), false);
  akkeris.addApp(appOf("missing"));
  await stack.declare({ ...program, sized: { args: { ...program.sized.args, size: "gp2" } } });
  expect((await workspace.up()).changes).toEqual({ create: 4 });
});

test("a creation interrupted after its POST stays in the state, and the next up finishes it", async () => {
  const stack = await stackOf({ web: { args: { ...web, quantity: 3 } } });
  const { akkeris, workspace } = stack;
  akkeris.failRegion({ call: "scale", times: 3 });

  const failed = await workspace.up({ expectFailure: true });

  expect(stack.sent()).toEqual([`POST ${list}`, ...Array(3).fill(`PATCH ${list}`)]);
  expect(errorOf(failed, "web")).toContain("answered 503: Service Unavailable Error");
  expect(errorOf(failed, "web")).toContain("the next `pulumi up` sends it again");
  // The server shows what was asked, though one instance runs.
  expect(akkeris.formation(app, "web")?.quantity).toBe(3);
  expect(akkeris.instances(app, "web")).toBe(1);
  const kept = resourceNamed(await workspace.exportState(), "web");
  expect(kept.id).toBe("foo-default/web");
  expect(kept.initErrors).toHaveLength(1);

  await workspace.refresh();
  stack.sent();
  expect(opsOf(await workspace.preview())).toEqual({ web: "update" });
  expect(opsOf(await workspace.up())).toEqual({ web: "update" });
  expect(stack.bodies(app, "PATCH")).toEqual([[{ type: "web", quantity: 3 }]]);
  expect(akkeris.instances(app, "web")).toBe(3);
  stack.sent();

  expect((await workspace.up()).changes).toEqual({ same: 1 });
  expect(stack.sent()).toEqual([]);
});
