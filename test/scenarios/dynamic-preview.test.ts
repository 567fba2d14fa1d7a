import { expect, test } from "vitest";
import { z } from "zod";
import { resourceNamed } from "../../build/engine/state.ts";
import { args } from "./formation-support.ts";
import { startProgram } from "./stack.ts";
import { told } from "./support.ts";
import { accessTo, startAkkeris, startBridge, startCitus } from "./world.ts";

const declared = (change: object, options: object = {}) =>
  `export const it = new Formation("it", ${JSON.stringify({ ...args, ...change })}, ${JSON.stringify(options)});`;

const planSchema = z.object({
  diagnostics: z
    .array(z.object({ urn: z.string().optional(), severity: z.string(), message: z.string() }))
    .default([]),
});

test("a replacement is told at the formation, by name, and shows nothing of the server's as removed", async () => {
  const citus = await startCitus();
  const config = accessTo(citus);
  const { workspace, declare } = await startProgram(declared({}), { config });
  await workspace.up();
  citus.clearRequests();
  await declare(declared({ workerTune: "r5.xlarge" }));

  const preview = await workspace.preview({ diff: true });

  const [step] = preview.steps;
  const warnings = preview.diagnostics.filter(({ severity }) => severity === "warning");
  expect(warnings).toEqual([
    expect.objectContaining({
      urn: step?.urn,
      message: expect.stringContaining(
        "it (Formation): workerTune: the new formation starts EMPTY",
      ),
    }),
  ]);
  expect(preview.stdout).toMatch(/~ workerTune +: "r5\.large" => "r5\.xlarge"/);
  expect(preview.stdout).toMatch(/~ createdAt +: ".*" => \[unknown\]/);
  expect(preview.stdout).not.toMatch(/^\s*- /m);
  expect(preview.stdout).toMatch(/^ +coordinatorHa +: false$/m);
  const { stdout } = await workspace.pulumi(["preview", "--json"]);
  expect(planSchema.parse(JSON.parse(stdout)).diagnostics).toContainEqual({
    urn: step?.urn,
    severity: "warning",
    message: expect.stringContaining("it (Formation): workerTune: the new formation starts EMPTY"),
  });
  expect(citus.requests).toEqual([]);

  // What the class tells the host is in no state.
  expect((await workspace.up()).changes).toMatchObject({ replace: 1 });
  const { inputs, outputs } = resourceNamed(await workspace.exportState(), "it");
  expect(inputs).toMatchObject({ workerTune: "r5.xlarge", __autoname: true });
  expect(Object.keys({ ...inputs, ...outputs })).not.toContain("__call");
  expect(Object.keys({ ...inputs, ...outputs })).not.toContain("__foreseen");
  expect(inputs).not.toHaveProperty("createdAt");
});

test("an update shows what is removed from the program, and not what the server made", async () => {
  const bridge = await startBridge();
  const primary = bridge.addCluster({ name: "orders" });
  const replica = (change: object) =>
    `export const it = new Replica("it", ${JSON.stringify({ clusterId: primary.id, planId: "standard-8", ...change })});`;
  const program = replica({ environment: "production" });
  const { workspace, declare } = await startProgram(program, { config: accessTo(bridge) });
  await workspace.up();
  await declare(replica({ storage: 200 }));

  const preview = await workspace.preview({ diff: true });

  expect(preview.changes).toEqual({ update: 1 });
  const removed = preview.stdout.match(/^\s*- .*$/gm)?.map((line) => line.trim());
  expect(removed).toEqual([expect.stringMatching(/^- environment *: "production"$/)]);
  expect((await workspace.up()).changes).toEqual({ update: 1 });
  expect((await workspace.preview()).changes).toEqual({ same: 1 });
});

test("what is known to fail is told in the preview, and sends nothing", async () => {
  const akkeris = await startAkkeris("shop-dev");
  const config = { ...accessTo(akkeris), akkerisToken: null };
  const web = JSON.stringify({ app: "shop-dev", type: "web", size: "gp1", quantity: 1 });
  const one = `new AppFormation("web", ${web});`;
  const { workspace, declare } = await startProgram(one, { config });

  const missing = await workspace.preview();
  expect(missing.changes).toEqual({ create: 1 });
  expect(told(missing)).toMatch(/^warning: Akkeris: no token is set; `pulumi up` will fail\. Set/m);

  await declare(`${one} new AppFormation("web2", ${web});`);
  const twice = await workspace.preview({ expectFailure: true });
  expect(told(twice)).toMatch(
    /web2?\b.* has a problem: web2? in this program already manages shop-dev\/web; an app has one formation of each type\. Remove one of the two\./,
  );
  expect(told(twice).match(/no token is set/g)).toHaveLength(1);

  await workspace.setConfig({ "formations:akkerisUrl": "apps.example.com" });
  await declare(one);
  const malformed = await workspace.preview({ expectFailure: true });
  expect(told(malformed)).toContain(
    'formations:akkerisUrl is "apps.example.com", which is not a URL. Did you mean https://apps.example.com?',
  );
  expect(akkeris.requests).toEqual([]);
});

test("an import is refused with a sentence, and a timeout is kept", async () => {
  const citus = await startCitus({ speed: 1 });
  const config = accessTo(citus);
  const { workspace, declare } = await startProgram(declared({}, { import: "x" }), { config });

  const refused = await workspace.preview({ expectFailure: true });
  expect(told(refused)).toContain("it (Formation): the TypeScript classes can't import");
  expect(refused.stdout + refused.stderr).not.toMatch(/^\s+at /m);

  await declare(declared({}, { customTimeouts: { create: "1s", delete: "5m" } }));
  const late = await workspace.up({ expectFailure: true });
  expect(told(late)).toMatch(/Waited \d+ s for formation "it-\w+" .* to become ready/);
  expect(told(late)).toMatch(/^warning: it \(Formation\): customTimeouts\.delete has no effect/m);
});
