import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DeploymentState, OperationResult } from "../../build/engine/workspace.ts";
import type { Values } from "../../provider/resource/values.ts";
import type { FaultKind } from "../../simulators/kit/fault.ts";
import {
  appOf,
  apps,
  type Declarations,
  openStack,
  opsOf,
  type Requests,
  type Stack,
} from "./app-formation-support.ts";
import { errorOf } from "./support.ts";

const web = { type: "web", size: "gp1", quantity: 1 };
const continuing = { expectFailure: true, args: ["--continue-on-error"] };

/** A program with one web in each of several apps. */
function websOf(names: readonly string[], change: Values = {}): Declarations {
  return Object.fromEntries(
    names.map((name) => [name, { args: { app: appOf(name), ...web, ...change } }]),
  );
}

const pathOf = (name: string) => `/apps/${appOf(name)}/formation`;

/** What the engine keeps of the resources, without the times of its own. */
function keptIn({ deployment }: DeploymentState) {
  return deployment.resources
    .filter(({ type }) => type.includes("AppFormation"))
    .map(({ urn, id, inputs, outputs }) => ({ urn, id, inputs, outputs }));
}

describe("an update", () => {
  /** By app: the requests, and the error where it fails. */
  const outcomes: Record<string, { methods: string[]; text?: RegExp }> = {
    region: { methods: ["PATCH", "PATCH", "GET"] },
    reset: { methods: ["PATCH", "PATCH", "GET"] },
    maintained: {
      methods: ["PATCH"],
      text: /returned 409: .*End maintenance mode, then run the command again/,
    },
    sized: { methods: ["PATCH"], text: /returned 422: .*`getAppSizes` lists the available sizes/ },
    removed: { methods: ["PATCH"], text: /returned 409: .*Run `pulumi refresh`;/ },
    stuck: {
      methods: ["PATCH", "PATCH", "PATCH"],
      text: /returned 503: Service Unavailable Error/,
    },
    gateway: { methods: ["PATCH", "PATCH", "PATCH"], text: /returned 502 with an HTML page/ },
  };
  const names = Object.keys(outcomes);
  const mended = websOf(names, { size: "gp2", quantity: 2 });
  let stack: Stack;
  let failed: OperationResult;
  let sent: Requests;
  let next: OperationResult;

  beforeAll(async () => {
    stack = await openStack(websOf(names), { apps: apps(...names.map(appOf)) });
    const { akkeris, workspace } = stack;
    await workspace.up();
    const patch = (name: string) => ({ method: "PATCH", path: pathOf(name) });
    akkeris.failRegion({ app: appOf("region"), call: "size" });
    akkeris.order({ ...patch("reset"), kind: { type: "reset", apply: true } });
    akkeris.maintenance(appOf("maintained"), true);
    akkeris.remove(appOf("removed"), "web");
    akkeris.failRegion({ app: appOf("stuck"), call: "scale", times: 3 });
    akkeris.order({ ...patch("gateway"), kind: { type: "html", status: 502 }, times: 3 });
    stack.take();

    await stack.declare({
      ...mended,
      ...websOf(["sized"], { size: "huge", quantity: 2 }),
    });
    failed = await workspace.up(continuing);
    sent = stack.take();

    akkeris.maintenance(appOf("maintained"), false);
    await workspace.refresh();
    await stack.declare(mended);
    next = await workspace.up();
  });

  afterAll(() => stack.close());

  test.each(Object.entries(outcomes))(
    "(%s) is repeated where that helps, else explained",
    (name, { methods, text }) => {
      expect(sent.of(appOf(name)).methods).toEqual(methods);
      if (text) expect(errorOf(failed, name)).toMatch(text);
      else expect(errorOf(failed, name)).toBe("");
    },
  );

  test("that failed is carried out by the next up, so that what is asked runs", () => {
    expect(opsOf(next)).toEqual({
      maintained: "update",
      sized: "update",
      removed: "create",
      stuck: "update",
      gateway: "update",
    });
    for (const name of names) {
      const running = stack.akkeris.running(appOf(name), "web");
      expect(running).toMatchObject({ size: "gp2", instances: 2 });
    }
  });
});

describe("without a proper answer", () => {
  /** Answers to a read that say nothing about the formation, and what the user is told. */
  const strange: Record<string, { kind: FaultKind; text: RegExp }> = {
    page: {
      kind: { type: "html" },
      text: /returned 200 with an HTML page.* Check that formations:akkerisUrl .* points to the API\./,
    },
    unmatched: {
      kind: { type: "status", status: 404 },
      text: /returned 404 without a message.* Check formations:akkerisUrl/,
    },
    forbidden: {
      kind: { type: "status", status: 403, body: "Forbidden" },
      text: /returned 403: Forbidden/,
    },
    odd: {
      kind: { type: "status", status: 200, body: { type: "web" } },
      text: /returned 200 with an unexpected body/,
    },
  };
  /** By app: the requests of a destroy, and the error where it fails. */
  const deletions: Record<string, { methods: string[]; text?: RegExp }> = {
    page: { methods: ["DELETE", "DELETE"] },
    unmatched: { methods: ["DELETE", "DELETE"] },
    forbidden: {
      methods: ["DELETE"],
      text: /returned 409: .*End maintenance mode, then run the command again/,
    },
    odd: { methods: ["DELETE"], text: /returned 404 .* Check formations:akkerisUrl/ },
  };
  const names = Object.keys(strange);
  let stack: Stack;
  let before: unknown[];
  let refused: OperationResult;
  let unreachable: OperationResult;
  let after: unknown[][];
  let tried: OperationResult;
  let triedBy: Requests;
  let destroyed: OperationResult;
  let deletedBy: Requests;
  let left: { id?: string }[];

  beforeAll(async () => {
    stack = await openStack(websOf(names), { apps: apps(...names.map(appOf)) });
    const { akkeris, workspace } = stack;
    const get = (name: string) => ({ method: "GET", path: `${pathOf(name)}/web` });
    await workspace.up();
    const kept = async () => keptIn(await workspace.exportState());
    before = await kept();

    for (const [name, { kind }] of Object.entries(strange)) akkeris.order({ ...get(name), kind });
    refused = await workspace.refresh({ expectFailure: true });
    after = [await kept()];

    await akkeris.refuse();
    unreachable = await workspace.refresh({ expectFailure: true });
    after.push(await kept());
    await akkeris.start();

    const raw = { type: "status", status: 500, body: "Internal Server Error" } as const;
    akkeris.order({ ...get("page"), kind: { type: "cutJson" } });
    akkeris.order({ ...get("odd"), kind: raw });
    stack.take();
    tried = await workspace.refresh();
    triedBy = stack.take();

    const item = (name: string) => ({ method: "DELETE", path: `${pathOf(name)}/web` });
    akkeris.failRegion({ app: appOf("page"), call: "delete" });
    akkeris.order({ ...item("unmatched"), kind: { type: "reset", apply: true } });
    akkeris.maintenance(appOf("forbidden"), true);
    akkeris.order({ ...item("odd"), kind: { type: "status", status: 404 } });
    destroyed = await workspace.destroy(continuing);
    deletedBy = stack.take();
    left = await kept();
  });

  afterAll(() => stack.close());

  test.each(Object.entries(strange))("a read (%s) is a clear error", (name, { text }) => {
    expect(errorOf(refused, name)).toMatch(text);
  });

  test("an API that can't be reached is named with its address", () => {
    const errors = names.map((name) => errorOf(unreachable, name)).join("");
    expect(errors).toMatch(/Akkeris: could not read formation: GET .* 127\.0\.0\.1:\d+/);
  });

  test("nothing is lost from the state", () => {
    expect(before).toHaveLength(4);
    expect(after).toEqual([before, before]);
  });

  test("a read that broke off or met a failing server is retried", () => {
    expect(tried.changes).toEqual({ same: 4 });
    const methods = names.map((name) => triedBy.of(appOf(name)).methods);
    expect(methods).toEqual([["GET", "GET"], ["GET"], ["GET"], ["GET", "GET"]]);
  });

  test.each(Object.entries(deletions))(
    "a deletion (%s) is repeated where that helps, else explained",
    (name, { methods, text }) => {
      expect(deletedBy.of(appOf(name)).methods).toEqual(methods);
      if (text) expect(errorOf(destroyed, name)).toMatch(text);
      else expect(errorOf(destroyed, name)).toBe("");
    },
  );

  test("a formation that could not be deleted stays in the state, and the next destroy ends it", async () => {
    const { akkeris, workspace } = stack;
    expect(left.map(({ id }) => id).sort()).toEqual(["forbidden-default/web", "odd-default/web"]);
    akkeris.maintenance(appOf("forbidden"), false);
    await workspace.destroy();
    for (const name of names) {
      expect(akkeris.formations(appOf(name))).toEqual([]);
      expect(akkeris.running(appOf(name), "web")).toBeUndefined();
    }
  });
});
