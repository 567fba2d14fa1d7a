import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DeploymentState, resourceNamed } from "../../build/engine/state.ts";
import type { OperationResult } from "../../build/engine/workspace.ts";
import type { Values } from "../../provider/resource/values.ts";
import {
  appOf,
  apps,
  type Declarations,
  openStack,
  opsOf,
  type Requests,
  type Stack,
} from "./app-formation-support.ts";
import { Reference } from "./lifecycle/program.ts";
import { errorOf, told } from "./support.ts";

const web = { type: "web", size: "gp2", quantity: 1 };
const worker = { ...web, type: "worker", command: "node worker.js" };

/** A web in an app of its own. */
const webIn = (name: string, more: Values = {}) => ({
  args: { app: appOf(name), ...web, ...more },
});

describe("a creation", () => {
  /** What POST leaves undone, by resource: the arguments, the PATCH, and what runs then. */
  const undone: Record<string, { args: Values; patch: Values; instances: number; port?: string }> =
    {
      none: { args: { quantity: 0 }, patch: { quantity: 0 }, instances: 0 },
      three: { args: { quantity: 3 }, patch: { quantity: 3 }, instances: 3 },
      ported: {
        args: { port: 8080, healthcheck: "/health" },
        patch: { port: 8080 },
        instances: 1,
        port: "8080",
      },
      both: {
        args: { quantity: 2, port: 8081, command: "node web.js" },
        patch: { quantity: 2, port: 8081 },
        instances: 2,
        port: "8081",
      },
    };
  /** The requests where the POST's response is lost, by resource. */
  const lost: Record<string, string[]> = {
    reset: ["POST", "GET"],
    cut: ["POST", "GET"],
    unsent: ["POST", "GET", "POST"],
    html: ["POST", "GET", "POST"],
    region: ["POST", "GET", "DELETE", "POST"],
  };
  const program: Declarations = {
    ...Object.fromEntries(
      Object.entries(undone).map(([name, { args }]) => [name, webIn(name, args)]),
    ),
    ...Object.fromEntries(Object.keys(lost).map((name) => [name, webIn(name)])),
    worker: { args: { app: appOf("shop"), ...worker } },
    shop: {
      ...webIn("shop", { healthcheck: "/health" }),
      options: { dependsOn: [new Reference("worker")] },
    },
  };
  let stack: Stack;
  let created: OperationResult;
  let sent: Requests;

  beforeAll(async () => {
    const names = [...Object.keys(undone), ...Object.keys(lost), "shop"].map(appOf);
    stack = await openStack(program, { apps: apps(...names) });
    const { akkeris, workspace } = stack;
    const post = (name: string) => ({ method: "POST", path: `/apps/${appOf(name)}/formation` });
    akkeris.order({ ...post("reset"), kind: { type: "reset", apply: true } });
    akkeris.order({ ...post("cut"), kind: { type: "cutJson" } });
    akkeris.order({ ...post("unsent"), kind: { type: "reset", apply: false } });
    akkeris.order({ ...post("html"), kind: { type: "html" } });
    akkeris.failRegion({ app: appOf("region"), call: "create" });
    created = await workspace.up();
    sent = stack.take();
  });

  afterAll(() => stack.close());

  test.each(Object.entries(undone))(
    "of %s is followed by one PATCH, so that what is asked really runs",
    (name, { patch, instances, port }) => {
      expect(sent.of(appOf(name)).methods).toEqual(["POST", "PATCH", "GET"]);
      expect(sent.of(appOf(name)).patches).toEqual([[{ type: "web", ...patch }]]);
      expect(stack.akkeris.instances(appOf(name), "web")).toBe(instances);
      expect(stack.akkeris.configVars(appOf(name)).PORT).toBe(port);
    },
  );

  test.each(Object.entries(lost))(
    "whose response is lost (%s) is found or repeated, and never doubled",
    (name, methods) => {
      expect(sent.of(appOf(name)).methods).toEqual(methods);
      expect(stack.akkeris.formations(appOf(name))).toMatchObject([{ type: "web", size: "gp2" }]);
      expect(stack.akkeris.instances(appOf(name), "web")).toBe(1);
    },
  );

  test("that is repeated says so", () => {
    expect(told(created)).toMatch(/Checking for formation "web" in app \S+ before retrying\./);
  });

  test("takes over the web that Akkeris made for an earlier worker, quantity included", () => {
    const app = appOf("shop");
    const list = `/apps/${app}/formation`;
    expect(sent.of(app).lines).toEqual([
      `POST ${list}`,
      `POST ${list}`,
      `GET ${list}/web`,
      `PATCH ${list}`,
      `GET ${list}/web`,
    ]);
    expect(sent.of(app).patches).toEqual([
      [{ type: "web", size: "gp2", quantity: 1, healthcheck: "/health" }],
    ]);
    expect(stack.akkeris.formation(app, "web")).toMatchObject({ size: "gp2", quantity: 1 });
    expect(stack.akkeris.instances(app, "web")).toBe(1);
  });

  test("however it went leaves nothing to the next up", async () => {
    const again = await stack.workspace.up();
    expect(again.changes).toEqual({ same: Object.keys(program).length });
    expect(stack.take().lines).toEqual([]);
  });
});

describe("a creation that fails", () => {
  /** Formations that somebody made: the resource, and what it finds. */
  const touched = {
    scaled: { type: "web", found: { quantity: 1, size: "gp1" } },
    commanded: { type: "web", found: { quantity: 0, command: "node web.js" } },
    worked: { type: "worker", found: { type: "worker", quantity: 1 } },
  };
  const refused: Record<string, { text: RegExp; methods: string[] }> = {
    sized: {
      text: /POST \/apps\/sized-default\/formation returned 422: The payload size was not recognized\. The function `getAppSizes` lists the available sizes/,
      methods: ["POST"],
    },
    maintained: {
      text: /returned 409: .* The app is in maintenance mode, .*\. End maintenance mode, then run the command again\./,
      methods: ["POST"],
    },
    missing: {
      text: /returned 404: The specified application missing-default does not exist\. .* Check `app` and `type`\./,
      methods: ["POST"],
    },
    broken: {
      text: /returned 500: Internal Server Error\./,
      methods: ["POST", "GET", "POST", "GET"],
    },
  };
  const program: Declarations = {
    scaled: webIn("scaled"),
    commanded: webIn("commanded"),
    worked: { args: { app: appOf("worked"), ...worker } },
    sized: webIn("sized", { size: "GP2" }),
    maintained: webIn("maintained"),
    missing: webIn("missing"),
    broken: webIn("broken"),
    interrupted: webIn("interrupted", { quantity: 3 }),
  };
  let stack: Stack;
  let failed: OperationResult;
  let sent: Requests;
  let rowsBefore: Map<string, unknown>;
  let kept: DeploymentState;

  const rowsOf = (name: string) => structuredClone(stack.akkeris.formations(appOf(name)));

  beforeAll(async () => {
    const names = Object.keys(program).filter((name) => name !== "missing");
    stack = await openStack(program, { apps: apps(...names.map(appOf)) });
    const { akkeris, workspace } = stack;
    for (const [name, row] of Object.entries(touched)) akkeris.addFormation(appOf(name), row.found);
    rowsBefore = new Map(Object.keys(touched).map((name) => [name, rowsOf(name)]));
    akkeris.maintenance(appOf("maintained"), true);
    const raw = { type: "status", status: 500, body: "Internal Server Error" } as const;
    akkeris.order({ method: "POST", path: /broken/, times: 2, kind: raw });
    akkeris.failRegion({ app: appOf("interrupted"), call: "scale", times: 3 });
    failed = await workspace.up({ expectFailure: true, args: ["--continue-on-error"] });
    sent = stack.take();
    kept = await workspace.exportState();
  });

  afterAll(() => stack.close());

  test.each(Object.entries(touched))(
    "since somebody made one (%s) takes nothing over, and says how to adopt it",
    (name, { type }) => {
      const error = errorOf(failed, name);
      expect(error).toContain(`formation "${type}" in app ${appOf(name)} already exists`);
      expect(error).toContain(`ID ${appOf(name)}/${type}, created `);
      expect(error).toContain("Nothing was created");
      expect(error).toContain("formations recover --yes --adopt");
      expect(error).toContain("deleteBeforeReplace");
      expect(error).toContain("aliases");
      expect(sent.of(appOf(name)).methods).toEqual(["POST", "GET"]);
      expect(rowsOf(name)).toEqual(rowsBefore.get(name));
    },
  );

  test.each(Object.entries(refused))(
    "since the server refused it (%s) says why in its words and what to do",
    (name, { text, methods }) => {
      expect(errorOf(failed, name)).toMatch(text);
      expect(sent.of(appOf(name)).methods).toEqual(methods);
    },
  );

  test("before anything was stored leaves nothing in the state", () => {
    const names = kept.deployment.resources.filter(({ type }) => type.includes("AppFormation"));
    expect(names.map(({ id }) => id)).toEqual([`${appOf("interrupted")}/web`]);
  });

  test("after its POST stays in the state with its error, for one instance runs of three", () => {
    const app = appOf("interrupted");
    expect(sent.of(app).methods).toEqual(["POST", "PATCH", "PATCH", "PATCH"]);
    expect(errorOf(failed, "interrupted")).toContain("returned 503: Service Unavailable Error");
    expect(errorOf(failed, "interrupted")).toContain("the next `pulumi up` sends it again");
    expect(stack.akkeris.formation(app, "web")?.quantity).toBe(3);
    expect(resourceNamed(kept, "interrupted").initErrors).toHaveLength(1);
  });

  test("after its POST is finished by the next up, though a refresh sees what was asked", async () => {
    const app = appOf("interrupted");
    const { akkeris, workspace } = stack;
    await stack.declare({ interrupted: program.interrupted ?? webIn("interrupted") });
    await workspace.refresh();
    expect(akkeris.instances(app, "web")).toBe(1);
    stack.take();

    expect(opsOf(await workspace.preview())).toEqual({ interrupted: "update" });
    expect(opsOf(await workspace.up())).toEqual({ interrupted: "update" });
    expect(stack.take().patches).toEqual([[{ type: "web", quantity: 3 }]]);
    expect(akkeris.instances(app, "web")).toBe(3);

    expect((await workspace.up()).changes).toEqual({ same: 1 });
    expect(stack.take().lines).toEqual([]);
  });
});
