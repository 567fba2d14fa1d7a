import { describe, expect, test } from "vitest";
import { type Plan, plan } from "../../provider/resource/plan.ts";
import { unknownValue, type Values } from "../../provider/resource/values.ts";
import { definition, web, worker } from "./world.ts";

const keys = Object.keys(definition.inputs.shape);
const fullWeb = { ...web, port: 8080, command: "node web.js", healthcheck: "/health" };
const oneoff = { ...web, type: "job", oneoff: true, options: { image: "jobs:1" } };

interface Sides {
  applied: Values;
  /** What the server has; what was applied, if not given. */
  observed?: Values;
  desired: Values;
  unfinished?: string[];
}

function decide({ applied, observed = applied, desired, unfinished }: Sides): Plan {
  const serverSize = observed.serverSize ?? observed.size;
  return plan(keys, definition.plan, {
    applied,
    observed: { ...observed, serverSize },
    desired,
    unfinished,
  });
}

/** What changes, as `property: action`. */
const decided = (plan: Plan) =>
  plan.changes.map(({ property, action }) => `${property}: ${action}`);

test.each([
  // A refresh puts what drifted into the inputs.
  ["with a refresh", { ...worker, quantity: 0 }],
  ["without one", { ...worker, quantity: 3 }],
])("what somebody scaled to zero is started again with a warning, %s", (_, applied) => {
  const observed = { ...worker, quantity: 0 };
  const result = decide({ applied, observed, desired: { ...worker, quantity: 3 } });
  expect(decided(result)).toEqual(["quantity: update"]);
  expect(result.warnings).toEqual([
    expect.stringContaining("quantity is 0 on the server: this starts 3 instances."),
  ]);
});

describe("an app by its name and by its UUID", () => {
  const uuid = "4f6dd3b6-8b5e-4a5f-9d5a-0a4bb2b9d5d1";

  test.each([
    [web.app, uuid],
    [uuid, web.app],
  ])("may be the same: %s → %s is refused", (from, to) => {
    const result = decide({ applied: { ...web, app: from }, desired: { ...web, app: to } });
    expect(decided(result)).toEqual(["app: refuse"]);
    expect(result.changes[0]?.why).toContain("both may be the same app");
  });

  test.each([
    [web.app, "another-default"],
    [uuid, uuid.replace("4f", "5f")],
  ])("in one spelling is another app: %s → %s is a replacement", (from, to) => {
    const result = decide({ applied: { ...web, app: from }, desired: { ...web, app: to } });
    expect(decided(result)).toEqual(["app: replace"]);
  });
});

describe("a change in the program", () => {
  const redeploys = /redeploys every formation of the app/;
  test.each([
    ["size", fullWeb, { size: "gp3" }, redeploys],
    ["port", fullWeb, { port: 8081 }, redeploys],
    ["command", fullWeb, { command: "node other.js" }, redeploys],
    ["healthcheck", fullWeb, { healthcheck: "/ready" }, redeploys],
    ["port", web, { port: 8080 }, redeploys],
    ["command", web, { command: "node web.js" }, redeploys],
    ["healthcheck", web, { healthcheck: "/health" }, redeploys],
    ["command", worker, { command: "node other.js" }, redeploys],
    ["quantity", worker, { quantity: 3 }, undefined],
    ["quantity", worker, { quantity: 0 }, undefined],
  ])("of %s updates in place (%#)", (property, applied, change, warning) => {
    const result = decide({ applied, desired: { ...applied, ...change } });
    expect(result.action).toBe("update");
    expect(decided(result)).toEqual([`${property}: update`]);
    expect(result.warnings).toEqual(warning ? [expect.stringMatching(warning)] : []);
  });

  test("names the values in the warning of a redeployment", () => {
    const result = decide({ applied: web, desired: { ...web, size: "gp3" } });
    expect(result.warnings).toEqual([
      '`pulumi up` changes size from "gp2" to "gp3"; Akkeris then redeploys every formation of the app.',
    ]);
  });

  test.each([
    ["app", web, { app: "bar-default" }, "new first"],
    ["type", worker, { type: "mailer" }, "new first"],
    ["oneoff", worker, { oneoff: true }, "old first"],
    ["options", oneoff, { options: { image: "jobs:2" } }, "old first"],
    ["options", oneoff, { options: { image: "jobs:1", env: { A: "1" } } }, "old first"],
  ])("of %s replaces the formation (%#)", (property, applied, change, order) => {
    const result = decide({ applied, desired: { ...applied, ...change } });
    expect(result.action).toBe("replace");
    expect(result.order).toBe(order);
    expect(decided(result)).toEqual([`${property}: replace`]);
  });
});

describe("a property removed from the program", () => {
  test.each(["command", "healthcheck"])("of a web is cleared: %s", (property) => {
    const result = decide({ applied: fullWeb, desired: { ...fullWeb, [property]: undefined } });
    expect(decided(result)).toEqual([`${property}: update`]);
    expect(result.changes[0]?.to).toBeUndefined();
    expect(result.warnings).toEqual([expect.stringMatching(/to \(not set\).*redeploys every/)]);
  });

  test("is no change where the server does not have it either", () => {
    const result = decide({ applied: fullWeb, observed: web, desired: web });
    expect(result.action).toBe("keep");
  });

  test("stays on the server if it is the port", () => {
    const result = decide({ applied: fullWeb, desired: { ...fullWeb, port: undefined } });
    expect(result).toMatchObject({ action: "keep", warnings: [] });
  });

  test.each([
    ["oneoff", { oneoff: undefined }],
    ["options", { options: undefined }],
  ])("stays on the server if only a replacement could remove it: %s", (_, change) => {
    const result = decide({ applied: oneoff, desired: { ...oneoff, ...change } });
    expect(result.action).toBe("keep");
  });

  test("is refused if it is a worker's command", () => {
    const result = decide({ applied: worker, desired: { ...worker, command: undefined } });
    expect(result.action).toBe("refuse");
    expect(result.changes[0]?.why).toMatch(
      /only the command of a `web`; give the formation a command/,
    );
  });

  test("is refused if it is a one-off's command, which the API can't clear either", () => {
    const applied = { ...oneoff, command: "node job.js" };
    expect(decide({ applied, desired: oneoff }).action).toBe("refuse");
  });

  test.each([
    ["type", { type: "mailer" }],
    ["app", { app: "bar-default" }],
    ["oneoff", { oneoff: true }],
    ["options", { oneoff: true, options: { image: "jobs:2" } }],
  ])("is not refused where %s replaces the formation anyway", (_, change) => {
    const desired = { ...worker, command: undefined, ...change };
    expect(decide({ applied: worker, desired }).action).toBe("replace");
  });

  test("is not refused while it is not known whether the formation is replaced", () => {
    const desired = { ...worker, command: undefined, type: unknownValue };
    expect(decide({ applied: worker, desired }).action).toBe("replace");
  });
});

describe("the suffix that a space adds to sizes", () => {
  const onServer = { ...web, size: "gp2-prod" };

  test("is no drift", () => {
    const result = decide({ applied: web, observed: onServer, desired: web });
    expect(result).toMatchObject({ action: "keep", warnings: [] });
  });

  test("is kept, with a warning, when the program drops it", () => {
    const result = decide({ applied: onServer, desired: web });
    expect(result.action).toBe("keep");
    expect(result.warnings).toEqual([
      expect.stringMatching(/^size "gp2" is treated as equal to "gp2-prod" and kept\./),
    ]);
  });

  test("is kept when the program adds what the server shows", () => {
    const observed = { ...web, serverSize: "gp2-prod" };
    expect(decide({ applied: web, observed, desired: onServer }).action).toBe("keep");
  });

  test("is a change where the server does not have it", () => {
    const result = decide({ applied: web, desired: onServer });
    expect(decided(result)).toEqual(["size: update"]);
  });

  test.each([
    ["gp2-prod", "gp3"],
    ["gp2", "GP2"],
    ["gp2", "gp2-production"],
    ["gp2-prod-prod", "gp2"],
  ])("makes nothing else equal: %s and %s", (size, desired) => {
    const result = decide({ applied: { ...web, size }, desired: { ...web, size: desired } });
    expect(decided(result)).toEqual(["size: update"]);
  });
});

describe("drift", () => {
  test.each([
    ["size", { size: "gp4" }],
    ["quantity", { quantity: 7 }],
    ["port", { port: 9999 }],
    ["command", { command: "sleep 1" }],
    ["healthcheck", { healthcheck: undefined }],
  ])("of %s goes back to the program", (property, drifted) => {
    const observed = { ...fullWeb, ...drifted };
    const result = decide({ applied: fullWeb, observed, desired: fullWeb });
    expect(decided(result)).toEqual([`${property}: update`]);
  });

  test.each([
    ["port", { port: 9999 }],
    ["command", { command: "sleep 1" }],
    ["healthcheck", { healthcheck: "/other" }],
  ])("of a %s that the program never set is left alone", (_, drifted) => {
    const result = decide({ applied: web, observed: { ...web, ...drifted }, desired: web });
    expect(result).toMatchObject({ action: "keep", warnings: [] });
  });
});

describe("what is equal", () => {
  test.each([
    ["no oneoff and false", worker, { ...worker, oneoff: false }],
    ["false and no oneoff", { ...worker, oneoff: false }, worker],
    [
      "options in another order",
      { ...oneoff, options: { image: "a:1", env: { A: "1", B: "2" } } },
      { ...oneoff, options: { env: { B: "2", A: "1" }, image: "a:1" } },
    ],
  ])("is kept: %s", (_, applied, desired) => {
    expect(decide({ applied, desired }).action).toBe("keep");
  });
});

describe("a value that is not known yet", () => {
  test.each([
    ["app", web, "replace", "new first"],
    ["options", oneoff, "replace", "old first"],
    ["command", worker, "update", undefined],
    ["quantity", worker, "update", undefined],
  ])("of %s is undecided", (property, applied, action, order) => {
    const result = decide({ applied, desired: { ...applied, [property]: unknownValue } });
    expect(result).toMatchObject({ action, order });
    expect(result.changes).toEqual([expect.objectContaining({ property, undecided: true })]);
  });
});

test("what a creation left undone is sent though the server shows it", () => {
  const inputs = { ...web, quantity: 3, port: 8080 };
  const result = decide({ applied: inputs, desired: inputs, unfinished: ["quantity", "port"] });
  expect(decided(result)).toEqual(["quantity: update", "port: update"]);
});
