import { expect, test } from "vitest";
import { z } from "zod";
import { unknownValue as unknown } from "../../provider/resource/values.ts";
import { args } from "./formation-support.ts";
import { configOf, told } from "./support.ts";
import { accessTo, startAkkeris, startBridge, startCitus } from "./world.ts";
import { reference, yamlStack } from "./yaml.ts";

const type = (name: string) => `formations:index:${name}`;

async function citusStack() {
  const citus = await startCitus();
  const declared = (change: object) => ({
    it: { type: type("Formation"), properties: { ...args, ...change } },
  });
  const stack = await yamlStack(declared({}), configOf(accessTo(citus)));
  return { citus, declared, ...stack };
}

const planSchema = z.object({
  steps: z.array(
    z.object({
      op: z.string(),
      urn: z.string(),
      replaceReasons: z.array(z.string()).nullish(),
      detailedDiff: z.record(z.string(), z.object({ kind: z.string() })).nullish(),
    }),
  ),
  diagnostics: z
    .array(z.object({ urn: z.string().optional(), severity: z.string(), message: z.string() }))
    .default([]),
});

test("a tune change says at the formation that the new database starts EMPTY, in --diff and in --json", async () => {
  const { citus, workspace, declare, declared } = await citusStack();
  await workspace.up();
  citus.clearRequests();
  await declare(declared({ workerTune: "r5.xlarge", coordinatorHa: true }));

  const preview = await workspace.preview({ diff: true });

  const [step] = preview.steps;
  const warnings = preview.diagnostics.filter(({ severity }) => severity === "warning");
  expect(warnings.map(({ urn }) => urn)).toEqual([step?.urn, step?.urn]);
  expect(told(preview)).toContain("workerTune: the new formation starts EMPTY");
  expect(preview.stdout).toMatch(/~ workerTune +: "r5\.large" => "r5\.xlarge"/);
  expect(preview.stdout).toMatch(/\+ coordinatorHa *: true|~ coordinatorHa *: false => true/);
  // There the engine shows no resource beside a message.
  expect(preview.stderr).toMatch(/warning: workerTune: the new formation starts EMPTY.* \(it\)\n/);

  const { stdout } = await workspace.pulumi(["preview", "--json"]);
  const { steps, diagnostics } = planSchema.parse(JSON.parse(stdout));
  const replace = steps.find(({ op }) => op === "replace");
  expect(replace?.detailedDiff).toEqual({
    workerTune: { kind: "update-replace" },
    coordinatorHa: { kind: "update-replace" },
  });
  expect(diagnostics).toContainEqual({
    urn: replace?.urn,
    severity: "warning",
    message: expect.stringContaining("workerTune: the new formation starts EMPTY"),
  });
  expect(citus.requests).toEqual([]);
});

/** A primary, a replica of it and one of that, and an app formation that is made from the replica's outputs. */
async function chain() {
  const bridge = await startBridge();
  const akkeris = await startAkkeris("foo-default");
  const primary = bridge.addCluster({ name: "orders" });
  const declared = (change: object) => ({
    replica: {
      type: type("Replica"),
      properties: { clusterId: primary.id, planId: "standard-8", ...change },
    },
    cascaded: { type: type("Replica"), properties: { clusterId: reference("replica.id") } },
    job: {
      type: type("AppFormation"),
      properties: {
        app: "foo-default",
        type: "job",
        size: "gp1",
        quantity: 1,
        oneoff: true,
        options: { env: { HOST: reference("replica.host"), PLAN: reference("replica.planId") } },
      },
    },
  });
  const outputs = {
    ...Object.fromEntries(
      ["clusterId", "planId", "storage", "host", "state", "memory"].map((key) => [
        key,
        reference(`replica.${key}`),
      ]),
    ),
    job: reference("job.id"),
    formationId: reference("job.formationId"),
  };
  const stack = await yamlStack(declared({}), configOf(accessTo(bridge, akkeris)), outputs);
  const declare = (change: object) => stack.declare(declared(change), outputs);
  return { primary, ...stack, declare };
}

test("a preview of creations knows what is asked, and leaves to the server what is left to it", async () => {
  const { primary, workspace } = await chain();

  const { changes, outputs } = await workspace.preview();

  expect(changes).toEqual({ create: 3 });
  expect(outputs).toEqual({
    ...{ clusterId: primary.id, planId: "standard-8", job: "foo-default/job" },
    ...{ storage: unknown, host: unknown, state: unknown, memory: unknown },
    formationId: unknown,
  });
});

test("a preview of an update in place needs no change of what depends on it", async () => {
  const { workspace, declare } = await chain();
  await workspace.up();

  await declare({ storage: 200, environment: "production" });
  const preview = await workspace.preview();

  expect(preview.changes, told(preview)).toEqual({ update: 1, same: 2 });
  const [{ detailedDiff = {} } = {}] = preview.steps.filter(({ name }) => name === "replica");
  expect(detailedDiff).toEqual({ storage: "update", environment: "add" });
  expect(preview.outputs).toMatchObject({
    ...{ planId: "standard-8", storage: 200, memory: 8, state: unknown },
    host: expect.stringContaining("crunchybridge.com"),
  });
  expect((await workspace.up()).changes).toEqual({ update: 1, same: 2 });

  await declare({ storage: 200 });
  const cleared = await workspace.preview({ diff: true });
  const [step] = cleared.steps.filter(({ name }) => name === "replica");
  expect(step?.detailedDiff).toEqual({ environment: "delete" });
  expect(cleared.stdout).toMatch(/- environment: "production"/);
});
