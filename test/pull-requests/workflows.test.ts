import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { matrixOf, readJob } from "./pipeline.ts";
import { example, readWorkflow, type Workflow } from "./workflow-file.ts";

const names = ["preview.yml", "deploy.yml", "up.yml"];
const workflows = new Map(names.map((name) => [name, readWorkflow(name)]));
const stacks = ["dev", "staging", "production"];

function workflow(name: string): Workflow {
  const found = workflows.get(name);
  if (!found) throw new Error(`there is no workflow ${name}`);
  return found;
}

function stepsOf({ jobs }: Workflow) {
  return Object.values(jobs).flatMap(({ steps }) => steps);
}

test.each(names)("%s gives each job the permissions that it needs, and no others", (name) => {
  const { permissions, jobs } = workflow(name);
  expect(permissions).toEqual({});
  for (const [job, { permissions: own }] of Object.entries(jobs)) {
    const comments = job === "review";
    expect(Object.keys(own).filter((one) => own[one] === "write")).toEqual(
      comments ? ["pull-requests"] : [],
    );
  }
});

test("the systems' tokens are only where an environment has been approved", () => {
  const holders = names.flatMap((name) =>
    stepsOf(workflow(name))
      .filter(({ env }) =>
        Object.values(env).some((value) => value.includes("secrets.FORMATIONS_")),
      )
      .map((step) => `${name}: ${step.name}`),
  );
  expect(holders).toEqual(["up.yml: Preview", "up.yml: Up"]);
});

test("no step has a credential that it does not use: none has one from its job", () => {
  const jobs = names.flatMap((name) => Object.values(workflow(name).jobs));
  const values = jobs.flatMap(({ env }) => Object.values(env));
  expect(values.filter((value) => /secrets\.|token/.test(value))).toEqual([]);
});

test("previews may be cancelled, `pulumi up` never is, and waits for its turn", () => {
  expect(workflow("preview.yml").concurrency).toMatchObject({ "cancel-in-progress": true });
  expect(workflow("up.yml").jobs.up?.concurrency).toEqual({
    group: expect.stringContaining("inputs.stack"),
    "cancel-in-progress": false,
    queue: "max",
  });
  for (const stack of stacks) {
    expect(readJob(`up ${stack}`)).toMatchObject({
      ...{ environment: "$STACK", resource_group: "$STACK", interruptible: false },
      variables: { STACK: stack },
    });
  }
});

test("every list of stacks is that of the configurations", () => {
  const files = globSync("Pulumi.*.yaml", { cwd: example });
  expect(files.map((file) => file.split(".")[1]).sort()).toEqual([...stacks].sort());
  const { preview, review } = workflow("preview.yml").jobs;
  expect(preview?.strategy?.matrix.stack).toEqual(stacks);
  expect(review?.env.STACKS).toBe(stacks.join(" "));
  expect(Object.keys(workflow("deploy.yml").jobs)).toEqual(stacks);
  expect(matrixOf("preview")).toEqual(stacks);
  expect(readJob("review").variables.STACKS).toBe(stacks.join(" "));
});

test("no configuration has a secret", () => {
  for (const stack of stacks) {
    const text = readFileSync(join(example, `Pulumi.${stack}.yaml`), "utf8");
    expect(text).not.toMatch(/secure:|encryptionsalt/);
  }
});
