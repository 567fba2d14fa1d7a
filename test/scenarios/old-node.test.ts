import { delimiter } from "node:path";
import { expect, test } from "vitest";
import { nodeOfVersion } from "../support/older-node.ts";
import { hosts } from "./lifecycle/hosts.ts";
import { startStack } from "./stack.ts";
import { told } from "./support.ts";
import { accessTo, startAkkeris } from "./world.ts";

const program = {
  web: {
    type: "AppFormation",
    properties: { app: "shop-dev", type: "web", size: "gp1", quantity: 1 },
  },
};

test.each(hosts.map(({ name }) => name))(
  "on the %s, a preview on an old Node.js fails with a sentence, without a stack or blame",
  async (host) => {
    const akkeris = await startAkkeris("shop-dev");
    const { workspace } = await startStack(program, { host, config: accessTo(akkeris) });
    const { folder } = nodeOfVersion({ node: "20.20.2" });
    const env = { PATH: [folder, workspace.env.PATH].join(delimiter) };

    const preview = await workspace.preview({ env, expectFailure: true });

    expect(told(preview)).toContain("needs Node.js 22.19 or newer on PATH; this is 20.20.2");
    expect(preview.stdout + preview.stderr).not.toMatch(/^\s*at |always/m);
    expect(akkeris.requests).toEqual([]);
  },
);
