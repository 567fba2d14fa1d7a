import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OperationResult } from "../engine/workspace.ts";
import {
  appOf,
  apps,
  Code,
  type Declarations,
  openStack,
  opsOf,
  type Requests,
  type Stack,
} from "./app-formation-support.ts";
import { type Args, told } from "./support.ts";

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

function programOfRows(isChanged: boolean): Declarations {
  return Object.fromEntries(
    Object.entries(rows).map(([name, { before, change }]) => [
      name,
      { args: { app: appOf(name), ...before, ...(isChanged && change) } },
    ]),
  );
}

/** A job that has a command, though a one-off could do without. */
const commanded = { ...oneoff, app: appOf("commanded"), options: undefined };

/** Values that are known only once `made` is. */
const late = (value: unknown) =>
  new Code(`made.formationId.apply(() => (${JSON.stringify(value)}) as any)`);
const moving = { app: appOf("moving"), ...web };
const scaling = { app: appOf("scaling"), ...web };

describe("a change of", () => {
  let stack: Stack;
  let refusal: OperationResult;
  let preview: OperationResult;
  let update: OperationResult;
  let sentBefore: Requests;
  let sent: Requests;
  let redeploysBefore: Record<string, number>;

  beforeAll(async () => {
    const others = ["target", "made", "commanded", "moving", "scaling"];
    const names = [...Object.keys(rows), ...others].map(appOf);
    const unchanged = {
      ...programOfRows(false),
      commanded: { args: commanded },
      moving: { args: moving },
      scaling: { args: scaling },
    };
    stack = await openStack(unchanged, { apps: apps(...names) });
    const { akkeris, workspace } = stack;
    // Without a web Akkeris would make one beside each worker.
    for (const [name, { before }] of Object.entries(rows)) {
      if (before.type !== "web") akkeris.addFormation(appOf(name));
    }
    await workspace.up();
    redeploysBefore = Object.fromEntries(names.map((name) => [name, akkeris.redeploys(name)]));
    stack.take();

    await stack.declare({
      ...unchanged,
      commanded: { args: { ...commanded, command: undefined } },
    });
    refusal = await workspace.preview({ expectFailure: true });
    await stack.declare({
      made: { args: { app: appOf("made"), ...web } },
      ...programOfRows(true),
      commanded: { args: commanded },
      moving: { args: { ...moving, app: late(moving.app) } },
      scaling: { args: { ...scaling, quantity: late(2) } },
    });
    preview = await workspace.preview();
    sentBefore = stack.take();
    update = await workspace.up();
    sent = stack.take();
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
      expect(sent.of(app).methods).toEqual(methods);
      expect(sent.of(app).patches).toEqual(patch ? [[patch]] : []);
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
        command: command ?? null,
        healthcheck: healthcheck ?? null,
        ...(wanted.port !== undefined && { port: Number(wanted.port) }),
        ...row.row,
      });
      if (found?.oneoff !== true) expect(akkeris.instances(target, type)).toBe(quantity);
      if (target !== app) expect(akkeris.formations(app)).toEqual([]);
      if (op !== "replace") {
        expect(akkeris.redeploys(app) - (redeploysBefore[app] ?? 0)).toBe(redeploys ? 1 : 0);
      }
    });
  });

  test("anything sends no request in the preview", () => {
    expect(sentBefore.lines).toEqual([]);
  });

  test("port writes config var PORT", () => {
    expect(stack.akkeris.configVars(appOf("port"))).toEqual({ PORT: "8080" });
    expect(stack.akkeris.configVars(appOf("everything"))).toEqual({ PORT: "8081" });
  });

  test("app has the new formation before the old one is gone", () => {
    const made = sent.lines.indexOf("POST /apps/target-default/formation");
    const deleted = sent.lines.indexOf("DELETE /apps/moved-default/formation/web");
    expect(made).toBeGreaterThanOrEqual(0);
    expect(deleted).toBeGreaterThan(made);
  });

  test("command, removed where the type is not web, is refused in the preview", () => {
    expect(told(refusal)).toContain("AppFormation commanded-default/job: refused");
    expect(told(refusal)).toMatch(
      /command: "node worker.js" → \(not set\): refuse: the API clears/,
    );
    expect(stack.akkeris.formation(appOf("commanded"), "job")?.command).toBe("node worker.js");
  });

  test("app to a value that is not known yet is planned as replace, and kept where it turns out the same", () => {
    expect(opsOf(preview)).toMatchObject({ made: "create", moving: "replace" });
    expect(opsOf(update)).not.toHaveProperty("moving");
    expect(sent.of(appOf("moving")).lines).toEqual([]);
  });

  test("quantity to a value that is not known yet is planned as update, and sent once it is", () => {
    expect(opsOf(preview)).toMatchObject({ scaling: "update" });
    expect(sent.of(appOf("scaling")).patches).toEqual([[{ type: "web", quantity: 2 }]]);
    expect(stack.akkeris.instances(appOf("scaling"), "web")).toBe(2);
  });
});
