import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import {
  createWorkspace,
  type OperationResult,
  type Workspace,
} from "../../build/engine/workspace.ts";

/** A dynamic provider whose resources exist in the state only. */
function program(size: number): string {
  return `
import * as pulumi from "@pulumi/pulumi";

interface Inputs { size: number; zone: string; breaks: boolean }

const provider: pulumi.dynamic.ResourceProvider<Inputs, Inputs> = {
  async create(inputs) {
    if (inputs.breaks) {
      throw Object.assign(new Error("not ready"), {
        id: "thing-1", properties: inputs, reasons: ["the thing did not start"],
      });
    }
    return { id: "thing-1", outs: inputs };
  },
  async diff(_id, olds, news) {
    const replaces = olds.zone === news.zone ? [] : ["zone"];
    return { changes: olds.size !== news.size || replaces.length > 0, replaces };
  },
  async update(_id, _olds, news) {
    return { outs: news };
  },
};

class Thing extends pulumi.dynamic.Resource {
  declare readonly size: pulumi.Output<number>;
  constructor(name: string, args: pulumi.Inputs) {
    super(provider, name, args, {}, "test", "Thing");
  }
}

const config = new pulumi.Config();
const args = {
  size: ${size},
  zone: config.get("zone") ?? "a",
  breaks: config.getBoolean("breaks") ?? false,
};
export const size = new Thing("one", args).size;
`;
}

const start = () => createWorkspace({ program: program(1), package: "none" });

describe("the real engine runs a TypeScript program with a dynamic provider", () => {
  /** One stack, from its creation to its end. */
  let workspace: Workspace;
  let created: OperationResult;

  beforeAll(async () => {
    workspace = await start();
    created = await workspace.up();
  });

  afterAll(() => workspace.dispose());

  beforeEach(() => workspace.setProgram(program(1)));

  test("up creates the resource and reports the stack's outputs", async () => {
    expect(created.changes).toEqual({ create: 1 });
    expect(created.outputs).toEqual({ size: 1 });
    expect(created.steps).toMatchObject([
      { name: "one", type: "pulumi-nodejs:dynamic/test:Thing", op: "create", id: "thing-1" },
    ]);
    expect(resourceNamed(await workspace.exportState(), "one").outputs).toMatchObject({ size: 1 });
  });

  test("the state is what `pulumi stack export` prints", async () => {
    const { stdout } = await workspace.pulumi(["stack", "export"]);
    expect(await workspace.exportState()).toEqual(JSON.parse(stdout));
  });

  test("a preview after up finds no change", async () => {
    expect((await workspace.preview()).changes).toEqual({ same: 1 });
  });

  test("a changed argument is an update that names the property", async () => {
    await workspace.setProgram(program(2));

    const result = await workspace.preview({ diff: true });

    expect(result.steps).toMatchObject([{ op: "update", diffKeys: ["size"], replaceKeys: [] }]);
    expect(result.stdout).toContain("size: 1 => 2");
  });

  test("a replacement shows its three steps in order and counts once", async () => {
    await workspace.setConfig({ "scenario:zone": "b" });

    const result = await workspace.up();

    expect(result.steps.map(({ op }) => op)).toEqual([
      "create-replacement",
      "replace",
      "delete-replaced",
    ]);
    expect(result.steps[0]?.replaceKeys).toEqual(["zone"]);
    expect(result.changes).toEqual({ replace: 1 });
  });

  test("destroy deletes the resource", async () => {
    expect((await workspace.destroy()).changes).toEqual({ delete: 1 });
    expect((await workspace.exportState()).deployment.resources).toEqual([]);
  });

  test("a partial creation stays in the state with its reasons", async () => {
    await using own = await start();
    await own.setConfig({ "scenario:breaks": "true" });

    const result = await own.up({ expectFailure: true });

    expect(result.steps).toMatchObject([{ name: "one", op: "create", failed: true }]);
    expect(result.diagnostics).toContainEqual(
      expect.objectContaining({
        severity: "error",
        urn: result.steps[0]?.urn,
        message: expect.stringContaining("the thing did not start"),
      }),
    );
    expect(resourceNamed(await own.exportState(), "one")).toMatchObject({
      id: "thing-1",
      initErrors: ["the thing did not start"],
    });
  });
});
