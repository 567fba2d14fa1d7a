import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OperationResult } from "../engine/workspace.ts";
import {
  apps,
  Code,
  type Declarations,
  errorOf,
  openStack,
  opsOf,
  type Stack,
  stackOf,
  told,
} from "./app-formation-support.ts";
import type { Args } from "./support.ts";

/** One change of a program, on an app of its own, and what it becomes. */
interface Row {
  title: string;
  /** The arguments besides `app` and those of {@link base}. */
  before: Args;
  /** What is different then; undefined: removed from the program. */
  change: Args;
  /** The step of preview and update; "same": none. */
  op: "same" | "update" | "replace";
  /** Properties that force the replacement. */
  replaceKeys?: string[];
  /** The steps of a replacement in their order. */
  order?: string[];
  /** Methods of the requests that the update sends, in order. */
  methods: string[];
  /** What the PATCH says of the formation. */
  patch?: Args;
  /** Whether the preview says that the app is redeployed for it. */
  redeploys?: boolean;
  /** What the server has then. */
  row?: Args;
}

const web = { type: "web", size: "gp1", quantity: 1 };
const worker = { type: "worker", size: "gp1", quantity: 1, command: "node worker.js" };
const oneoff = {
  ...worker,
  type: "job",
  oneoff: true,
  options: { image: "jobs:1", env: { MODE: "fast" } },
};
const updated = ["PATCH", "GET"];
const newFirst = ["create-replacement", "replace", "delete-replaced"];
const oldFirst = ["delete-replaced", "replace", "create-replacement"];

const rows: Record<string, Row> = {
  spelling: {
    title: "a difference in spelling only",
    before: { ...web, port: 8080 },
    change: { quantity: "1", port: "8080", oneoff: false },
    op: "same",
    methods: [],
  },
  size: {
    title: "size",
    before: web,
    change: { size: "gp2" },
    op: "update",
    methods: updated,
    patch: { type: "web", size: "gp2" },
    redeploys: true,
  },
  quantity: {
    title: "quantity",
    before: web,
    change: { quantity: 3 },
    op: "update",
    methods: updated,
    patch: { type: "web", quantity: 3 },
  },
  nothing: {
    title: "quantity 0, which only scales",
    before: web,
    change: { quantity: 0 },
    op: "update",
    methods: updated,
    patch: { type: "web", quantity: 0 },
  },
  scaled: {
    title: "a worker's quantity, which resends the command",
    before: worker,
    change: { quantity: 2 },
    op: "update",
    methods: updated,
    patch: { type: "worker", quantity: 2, command: "node worker.js" },
  },
  port: {
    title: "port, set",
    before: web,
    change: { port: 8080 },
    op: "update",
    methods: updated,
    patch: { type: "web", port: 8080 },
    redeploys: true,
  },
  portless: {
    title: "port, removed from the program",
    before: { ...web, port: 8080 },
    change: { port: undefined },
    op: "same",
    methods: [],
    row: { port: 8080 },
  },
  command: {
    title: "a web's command, set",
    before: web,
    change: { command: "node web.js" },
    op: "update",
    methods: updated,
    patch: { type: "web", command: "node web.js" },
    redeploys: true,
  },
  commandless: {
    title: "a web's command, removed from the program",
    before: { ...web, command: "node web.js" },
    change: { command: undefined },
    op: "update",
    methods: updated,
    patch: { type: "web", "remove-command": true },
    redeploys: true,
    row: { command: null },
  },
  work: {
    title: "a worker's command",
    before: worker,
    change: { command: "node other.js" },
    op: "update",
    methods: updated,
    patch: { type: "worker", command: "node other.js" },
    redeploys: true,
  },
  healthcheck: {
    title: "healthcheck, set",
    before: web,
    change: { healthcheck: "/health" },
    op: "update",
    methods: updated,
    patch: { type: "web", healthcheck: "/health" },
    redeploys: true,
  },
  checkless: {
    title: "healthcheck, removed from the program",
    before: { ...web, healthcheck: "/health" },
    change: { healthcheck: undefined },
    op: "update",
    methods: updated,
    patch: { type: "web", removeHealthcheck: true },
    redeploys: true,
    row: { healthcheck: null },
  },
  everything: {
    title: "all that can be updated, at once",
    before: { ...web, command: "node web.js" },
    change: { size: "gp3", quantity: 4, port: 8081, command: undefined, healthcheck: "/ok" },
    op: "update",
    methods: updated,
    patch: {
      type: "web",
      size: "gp3",
      quantity: 4,
      port: 8081,
      healthcheck: "/ok",
      "remove-command": true,
    },
    redeploys: true,
  },
  moved: {
    title: "app",
    before: web,
    change: { app: "target-default" },
    op: "replace",
    replaceKeys: ["app"],
    order: newFirst,
    methods: ["DELETE"],
  },
  renamed: {
    title: "type",
    before: worker,
    change: { type: "mailer" },
    op: "replace",
    replaceKeys: ["type"],
    order: newFirst,
    methods: ["POST", "DELETE"],
    row: { type: "mailer" },
  },
  regular: {
    title: "oneoff",
    before: { ...oneoff, options: undefined },
    change: { oneoff: false },
    op: "replace",
    replaceKeys: ["oneoff"],
    order: oldFirst,
    methods: ["DELETE", "POST"],
    row: { oneoff: false },
  },
  options: {
    title: "options",
    before: oneoff,
    change: { options: { image: "jobs:2" } },
    op: "replace",
    replaceKeys: ["options"],
    order: oldFirst,
    methods: ["DELETE", "POST"],
    row: { options: { image: "jobs:2" } },
  },
  optionless: {
    title: "oneoff and options, removed from the program",
    before: oneoff,
    change: { oneoff: undefined, options: undefined },
    op: "same",
    methods: [],
    row: { oneoff: true, options: oneoff.options },
  },
};

const appOf = (name: string) => `${name}-default`;

function programOfRows(changed: boolean): Declarations {
  return Object.fromEntries(
    Object.entries(rows).map(([name, { before, change }]) => [
      name,
      { args: { app: appOf(name), ...before, ...(changed && change) } },
    ]),
  );
}

describe("a change of", () => {
  let stack: Stack;
  let preview: OperationResult;
  let update: OperationResult;
  let redeploysBefore: Record<string, number>;

  beforeAll(async () => {
    const names = Object.keys(rows).map(appOf);
    stack = await openStack(programOfRows(false), { apps: apps("target-default", ...names) });
    const { akkeris, workspace } = stack;
    // Without a web Akkeris would make one beside each worker.
    for (const [name, { before }] of Object.entries(rows)) {
      if (before.type !== "web") akkeris.addFormation(appOf(name));
    }
    await workspace.up();
    redeploysBefore = Object.fromEntries(names.map((name) => [name, akkeris.redeploys(name)]));
    akkeris.clearRequests();

    await stack.declare(programOfRows(true));
    preview = await workspace.preview();
    expect(stack.sent()).toEqual([]);
    update = await workspace.up();
  });

  afterAll(() => stack.close());

  describe.each(Object.entries(rows))("%s:", (name, row) => {
    const { title, op, replaceKeys = [], order, methods, patch, redeploys = false } = row;
    const app = appOf(name);

    test(`${title} is planned as ${op}, ${redeploys ? "with" : "without"} a warning`, () => {
      for (const result of [preview, update]) {
        const steps = result.steps.filter((step) => step.name === name);
        const [step] = steps.filter(({ logical }) => logical);
        expect(step).toMatchObject({ op, replaceKeys });
        if (order) expect(steps.map((one) => one.op)).toEqual(order);
      }
      const id = `${app}/${String(row.before.type)}`;
      const warnings = told(preview)
        .split("\n")
        .filter((line) => line.includes(`warning: AppFormation ${id}:`));
      expect(warnings.some((line) => line.includes("redeploys every formation"))).toBe(redeploys);
    });

    test(`${title} is sent as ${methods.join(", ") || "nothing"}`, () => {
      expect(stack.methods(app)).toEqual(methods);
      expect(stack.bodies(app, "PATCH")).toEqual(patch ? [[patch]] : []);
    });

    test(`${title} is what the server has then, and runs`, () => {
      const { akkeris } = stack;
      const { command, healthcheck, ...wanted }: Args = { ...row.before, ...row.change };
      const target = typeof wanted.app === "string" ? wanted.app : app;
      const type = String(wanted.type);
      const quantity = Number(wanted.quantity);
      const found = akkeris.formation(target, type);
      expect(found).toMatchObject({
        type,
        size: wanted.size,
        quantity,
        command: command ?? (op === "same" ? (row.before.command ?? null) : null),
        healthcheck: healthcheck ?? null,
        ...(wanted.port !== undefined && { port: Number(wanted.port) }),
        ...row.row,
      });
      if (found?.oneoff !== true) expect(akkeris.instances(target, type)).toBe(quantity);
      if (op === "replace" && target !== app) expect(akkeris.formations(app)).toEqual([]);
      if (op !== "replace") {
        expect(akkeris.redeploys(app) - (redeploysBefore[app] ?? 0)).toBe(redeploys ? 1 : 0);
      }
    });
  });

  test("port writes config var PORT", () => {
    expect(stack.akkeris.configVars(appOf("port"))).toEqual({ PORT: "8080" });
    expect(stack.akkeris.configVars(appOf("everything"))).toEqual({ PORT: "8081" });
  });

  test("app has the new formation before the old one is gone", () => {
    const paths = stack.akkeris.requests.map(({ method, path }) => `${method} ${path}`);
    const made = paths.indexOf("POST /apps/target-default/formation");
    const deleted = paths.indexOf("DELETE /apps/moved-default/formation/web");
    expect(made).toBeGreaterThanOrEqual(0);
    expect(deleted).toBeGreaterThan(made);
  });
});

test("a command that a type other than web can't do without is refused when it is removed", async () => {
  const app = "foo-default";
  const job = { app, ...worker, type: "job", oneoff: true };
  const program = (command: string | undefined) => ({
    worker: { args: { app, ...worker, command } },
    job: { args: { ...job, command } },
  });
  const stack = await stackOf(program("node worker.js"));
  stack.akkeris.addFormation(app);
  await stack.workspace.up();
  stack.sent();

  await stack.declare({
    ...program("node worker.js"),
    ...{ job: { args: { ...job, command: undefined } } },
  });
  const planned = await stack.workspace.preview({ expectFailure: true });
  expect(told(planned)).toContain("AppFormation foo-default/job: refused");
  expect(told(planned)).toMatch(/command: "node worker.js" → \(not set\): refuse: the API clears/);

  await stack.declare({ worker: { args: { app, ...worker, command: undefined } } });
  const checked = await stack.workspace.preview({ expectFailure: true });
  expect(errorOf(checked, "worker")).toMatch(/command .*is required for type "worker"/);
  expect(stack.sent()).toEqual([]);
  expect(stack.akkeris.formation(app, "worker")?.command).toBe("node worker.js");
});

test("values that are not known yet replace and update in the preview, and keep what turns out the same", async () => {
  const names = apps("old-default", "scaled-default", "same-default", "new-default");
  const args = (app: string) => ({ app, ...web });
  const known = {
    moving: { args: args("old-default") },
    scaling: { args: args("scaled-default") },
  };
  const stack = await stackOf(known, { apps: names });
  const { akkeris, workspace } = stack;
  await workspace.up();
  stack.sent();

  const late = (value: unknown) =>
    new Code(`made.formationId.apply(() => (${JSON.stringify(value)}) as any)`);
  await stack.declare({
    made: { args: args("new-default") },
    moving: { args: { ...args("old-default"), app: late("old-default") } },
    scaling: { args: { ...args("scaled-default"), quantity: late(2) } },
  });
  const preview = await workspace.preview();
  expect(opsOf(preview)).toEqual({ made: "create", moving: "replace", scaling: "update" });

  expect(opsOf(await workspace.up())).toEqual({ made: "create", scaling: "update" });
  expect(stack.methods("old-default")).toEqual([]);
  expect(akkeris.instances("scaled-default", "web")).toBe(2);
});
