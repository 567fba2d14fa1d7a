import { expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import { hosts } from "./lifecycle/hosts.ts";
import { startStack } from "./stack.ts";
import { told } from "./support.ts";
import { accessTo, startCitus } from "./world.ts";

const formation = {
  type: "Formation",
  properties: {
    region: "us-east-1",
    coordinatorTune: "t2.small",
    coordinatorDiskSize: 100,
    workerTune: "t2.small",
    workerCount: 1,
    workerDiskSize: 100,
  },
};

test.each(hosts)(
  "pulumi state move splits a stack, and both previews are empty: $name",
  async ({ name: host }) => {
    const citus = await startCitus();
    const config = accessTo(citus);
    const { workspace, declare } = await startStack(
      { events: formation, orders: formation },
      { host, config },
    );
    await workspace.up();
    const { urn } = resourceNamed(await workspace.exportState(), "orders");
    const init = await workspace.pulumi(["stack", "init", "other", "--copy-config-from", "test"]);
    expect(init.code, init.stderr).toBe(0);
    const names = [...citus.formations.values()].map(({ name }) => name);

    const places = ["--source", "test", "--dest", "other"];
    const moved = await workspace.pulumi(["state", "move", "--yes", ...places, urn]);
    expect(moved.code, moved.stdout + moved.stderr).toBe(0);

    await declare({ events: formation });
    const first = await workspace.preview({ args: ["--stack", "test"] });
    expect(first.changes, told(first)).toEqual({ same: 1 });
    await declare({ orders: formation });
    const second = await workspace.preview({ args: ["--stack", "other"] });
    expect(second.changes, told(second)).toEqual({ same: 1 });
    expect([...citus.formations.values()].map(({ name }) => name)).toEqual(names);
  },
);
