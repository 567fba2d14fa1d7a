import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DeploymentState, resourceNamed } from "../engine/state.ts";
import type { OperationResult, Step } from "../engine/workspace.ts";
import {
  appOf,
  apps,
  type Declarations,
  openStack,
  opsOf,
  type Requests,
  type Stack,
} from "./app-formation-support.ts";
import { type Args, told } from "./support.ts";

const web = { type: "web", size: "gp2", quantity: 2 };
const ignoring = `{ ignoreChanges: ["quantity"] }`;
const drifted = { port: 7000, command: "node drifted.js", healthcheck: "/drifted" };
const everything = { port: 8080, command: "node web.js", healthcheck: "/health" };

/** The program; `change` holds what is different later, by resource. */
function programOf(change: Record<string, Args> = {}): Declarations {
  const declared: Record<string, [Args, string?]> = {
    scaled: [web],
    ignored: [web, ignoring],
    grown: [{ ...web, type: "worker", command: "node worker.js" }, ignoring],
    set: [{ ...web, ...everything }],
    free: [web],
  };
  const own = Object.entries(declared).map(([name, [args, options]]) => {
    return [name, { args: { app: appOf(name), ...args, ...change[name] }, options }] as const;
  });
  const secure = ["plain", "spelt", "resized"].map((name) => {
    return [name, { args: { app: `${name}-secure`, ...web, ...change[name] } }] as const;
  });
  return Object.fromEntries([...own, ...secure]);
}

describe("after drift", () => {
  let stack: Stack;
  let created: OperationResult;
  let refreshed: OperationResult;
  let read: Requests;
  let state: DeploymentState;
  let preview: OperationResult;
  let previewed: Requests;
  let update: OperationResult;
  let sent: Requests;

  const stepOf = ({ steps }: OperationResult, name: string): Step | undefined =>
    steps.find((step) => step.name === name);

  beforeAll(async () => {
    stack = await openStack(programOf(), {
      apps: {
        ...apps(...["scaled", "ignored", "grown", "set", "free"].map(appOf)),
        "plain-secure": "compliance=prod,region=eu",
        "spelt-secure": "compliance=prod",
        "resized-secure": "compliance=prod",
      },
    });
    const { akkeris, workspace } = stack;
    akkeris.addFormation(appOf("grown"));
    created = await workspace.up();
    akkeris.scale(appOf("scaled"), "web", 7);
    akkeris.scale(appOf("ignored"), "web", 7);
    akkeris.scale(appOf("grown"), "worker", 9);
    for (const name of ["set", "free"]) {
      Object.assign(akkeris.formation(appOf(name), "web") ?? {}, drifted);
    }
    stack.take();

    refreshed = await workspace.refresh();
    read = stack.take();
    state = await workspace.exportState();
    await stack.declare(
      programOf({ grown: { size: "gp3" }, spelt: { size: "gp2-prod" }, resized: { size: "gp3" } }),
    );
    preview = await workspace.preview();
    previewed = stack.take();
    update = await workspace.up();
    sent = stack.take();
  });

  afterAll(() => stack.close());

  test("a refresh reads each formation once, and shows what it found", () => {
    expect(read.methods).toEqual(Array(8).fill("GET"));
    expect(stepOf(refreshed, "scaled")).toMatchObject({
      op: "update",
      oldOutputs: { quantity: 2 },
      newOutputs: { quantity: 7 },
    });
    expect(resourceNamed(state, "set").outputs).toMatchObject(drifted);
  });

  test("the preview sends nothing and plans to put back what drifted, and no more", () => {
    expect(previewed.lines).toEqual([]);
    const changed = { scaled: "update", set: "update", grown: "update", resized: "update" };
    expect(opsOf(preview)).toEqual(changed);
    expect(opsOf(update)).toEqual(changed);
    expect(stepOf(preview, "scaled")?.diffKeys).toContain("quantity");
    expect(stepOf(preview, "set")?.diffKeys).toEqual(
      expect.arrayContaining(["port", "command", "healthcheck"]),
    );
  });

  test("a quantity that an autoscaler changed is put back by the next up", () => {
    expect(sent.of(appOf("scaled")).patches).toEqual([[{ type: "web", quantity: 2 }]]);
    expect(stack.akkeris.instances(appOf("scaled"), "web")).toBe(2);
  });

  test("a quantity that the program ignores stays with the autoscaler", () => {
    expect(sent.of(appOf("ignored")).lines).toEqual([]);
    expect(stack.akkeris.instances(appOf("ignored"), "web")).toBe(7);
  });

  test("a quantity that the program ignores stays when something else is changed", () => {
    expect(sent.of(appOf("grown")).patches).toEqual([
      [{ type: "worker", size: "gp3", command: "node worker.js" }],
    ]);
    expect(stack.akkeris.instances(appOf("grown"), "worker")).toBe(9);
  });

  test("all that the program sets is put back by one PATCH", () => {
    expect(sent.of(appOf("set")).methods).toEqual(["PATCH", "GET"]);
    expect(sent.of(appOf("set")).patches).toEqual([[{ type: "web", ...everything }]]);
    expect(stack.akkeris.formation(appOf("set"), "web")).toMatchObject(everything);
  });

  test("what the program leaves to the server stays as it is there", () => {
    expect(sent.of(appOf("free")).lines).toEqual([]);
    expect(stack.akkeris.formation(appOf("free"), "web")).toMatchObject(drifted);
  });

  test("gp2 is no drift where a compliance space makes it gp2-prod", () => {
    expect(created.outputs.plain).toMatchObject({ size: "gp2", serverSize: "gp2-prod" });
    expect(stepOf(refreshed, "plain")?.op).toBe("same");
    expect(sent.of("plain-secure").lines).toEqual([]);
  });

  test("gp2-prod in the program is kept as the gp2 that it was made with, with a warning", () => {
    expect(told(preview)).toContain(`size "gp2-prod" is taken for the same as "gp2", and kept`);
    expect(sent.of("spelt-secure").lines).toEqual([]);
  });

  test("another size is sent to a compliance space without the suffix", () => {
    expect(sent.of("resized-secure").patches).toEqual([[{ type: "web", size: "gp3" }]]);
    expect(stack.akkeris.formation("resized-secure", "web")?.size).toBe("gp3-prod");
  });

  test("once put back, nothing is left to do", async () => {
    expect((await stack.workspace.up()).changes).toEqual({ same: 8 });
    expect(stack.take().lines).toEqual([]);
  });

  test("an ignored quantity stays with the autoscaler where it comes back to the program's, too", async () => {
    const { akkeris, workspace } = stack;
    akkeris.scale(appOf("ignored"), "web", web.quantity);
    await workspace.refresh();
    expect((await workspace.up()).changes).toEqual({ same: 8 });
    expect(akkeris.instances(appOf("ignored"), "web")).toBe(web.quantity);
  });
});
