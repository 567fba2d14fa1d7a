import { expect } from "vitest";
import type { Values } from "../../../provider/resource/values.ts";
import { akkerisSystem } from "./akkeris.ts";
import { type Declared, Late, type Program, Reference } from "./program.ts";
import type { Sent } from "./record.ts";
import { type Besides, lifecycle } from "./suite.ts";

/** A change of one formation, in an app of its own. */
interface Row {
  before: Values;
  /** What is different then; undefined: removed from the program. */
  change: Values;
  plan?: string;
  /** What the one PATCH asks. */
  patch?: Values;
  /** The properties of which the preview says that they redeploy the app. */
  redeploys?: string[];
  /** What the server has then, besides what the PATCH asks. */
  has?: Values;
}

const web = { type: "web", size: "gp1", quantity: 1 };
const worker = { type: "worker", size: "gp1", quantity: 1, command: "node worker.js" };
const oneoff = { ...worker, type: "job", oneoff: true };
const options = { image: "jobs:1", env: { MODE: "env-value-3f9a" } };

const rows: Record<string, Row> = {
  // What the server makes of it by itself, said.
  respelt: { before: { ...web, port: 8080 }, change: { oneoff: false } },
  size: { before: web, change: { size: "gp2" }, patch: { size: "gp2" }, redeploys: ["size"] },
  quantity: { before: web, change: { quantity: 3 }, patch: { quantity: 3 } },
  nothing: { before: web, change: { quantity: 0 }, patch: { quantity: 0 } },
  // The API clears a worker's command where it is left out.
  scaled: {
    before: worker,
    change: { quantity: 2 },
    patch: { quantity: 2, command: "node worker.js" },
  },
  port: { before: web, change: { port: 8080 }, patch: { port: 8080 }, redeploys: ["port"] },
  portless: { before: { ...web, port: 8080 }, change: { port: undefined }, has: { port: 8080 } },
  command: {
    before: web,
    change: { command: "node web.js" },
    patch: { command: "node web.js" },
    redeploys: ["command"],
  },
  commandless: {
    before: { ...web, command: "node web.js" },
    change: { command: undefined },
    patch: { "remove-command": true },
    redeploys: ["command"],
    has: { command: null },
  },
  work: {
    before: worker,
    change: { command: "node other.js" },
    patch: { command: "node other.js" },
    redeploys: ["command"],
  },
  healthcheck: {
    before: web,
    change: { healthcheck: "/health" },
    patch: { healthcheck: "/health" },
    redeploys: ["healthcheck"],
  },
  checkless: {
    before: { ...web, healthcheck: "/health" },
    change: { healthcheck: undefined },
    patch: { removeHealthcheck: true },
    redeploys: ["healthcheck"],
    has: { healthcheck: null },
  },
  everything: {
    before: { ...web, command: "node web.js" },
    change: { size: "gp3", quantity: 4, port: 8081, command: undefined, healthcheck: "/ok" },
    patch: { size: "gp3", quantity: 4, port: 8081, healthcheck: "/ok", "remove-command": true },
    redeploys: ["size", "port", "command", "healthcheck"],
    has: { command: null },
  },
  optionless: { before: { ...oneoff, options }, change: { oneoff: undefined, options: undefined } },
  moved: { before: web, change: { app: "target-default" }, plan: "replace new first: app" },
  renamed: { before: worker, change: { type: "mailer" }, plan: "replace new first: type" },
  regular: { before: oneoff, change: { oneoff: false }, plan: "replace old first: oneoff" },
  options: {
    before: { ...oneoff, options },
    change: { options: { image: "jobs:2" } },
    plan: "replace old first: options",
  },
};

function formation(name: string, args: Values, options?: Values): Declared {
  const properties = { app: `${name}-default`, ...args };
  return { type: "AppFormation", properties, ...(options && { options }) };
}

function programOf(side: "before" | "after"): Program {
  return Object.fromEntries(
    Object.entries(rows).map(([name, { before, change }]) => [
      name,
      formation(name, side === "before" ? before : { ...before, ...change }),
    ]),
  );
}

const late = (value: string) => new Late(value, new Reference("made", "formationId"));
const ignoring = { ignoreChanges: ["quantity"] };
const all = { port: 8080, command: "node web.js", healthcheck: "/health" };
const drift = { port: 7000, command: "node drifted.js", healthcheck: "/drifted" };

const others: Program = {
  commanded: formation("commanded", oneoff),
  three: formation("three", { ...web, quantity: 3, healthcheck: "/health" }),
  both: formation("both", { ...web, quantity: 0, port: 8081 }),
  moving: formation("moving", web),
  checking: formation("checking", web),
  drifted: formation("drifted", { ...web, ...all }),
  ignored: formation("ignored", web, ignoring),
  grown: formation("grown", worker, ignoring),
  free: formation("free", web),
  plain: formation("plain", { app: "plain-secure", ...web, size: "gp2" }),
  spelt: formation("spelt", { app: "spelt-secure", ...web, size: "gp2" }),
  resized: formation("resized", { app: "resized-secure", ...web, size: "gp2" }),
  gone: formation("gone", web),
};
const first: Program = { ...programOf("before"), ...others };
const changed: Program = {
  made: formation("made", web),
  ...programOf("after"),
  ...others,
  moving: formation("moving", { ...web, app: late("moving-default") }),
  checking: formation("checking", { ...web, healthcheck: late("/late") }),
};
const settled: Program = {
  ...changed,
  grown: formation("grown", { ...worker, size: "gp3" }, ignoring),
  spelt: formation("spelt", { app: "spelt-secure", ...web, size: "gp2-prod" }),
  resized: formation("resized", { app: "resized-secure", ...web, size: "gp3" }),
};
const more: Program = {
  ...settled,
  interrupted: formation("interrupted", { ...web, quantity: 3 }),
};

const secure = ["plain", "spelt", "resized"];
const listOf = (app: unknown) => `/apps/${app}/formation`;

/** The requests about each resource of a program; those about `moved` go to another app in the end. */
function byName(program: Program, sent: (properties: Values) => Sent[]): Record<string, Sent[]> {
  return Object.fromEntries(
    Object.entries(program).map(([name, { properties }]) => {
      const app = properties.app instanceof Late ? properties.app.value : properties.app;
      return [app === "target-default" ? "target" : name, sent({ ...properties, app })];
    }),
  );
}

const item = ({ app, type }: Values) => `${listOf(app)}/${type}`;
const read = (properties: Values): Sent[] => [`GET ${item(properties)}`];
const deletion = (properties: Values): Sent[] => [`DELETE ${item(properties)}`];

/** A POST runs one instance and writes no port: a PATCH follows where something else is asked. */
function creation({ app, ...asked }: Values): Sent[] {
  const { type, quantity, port } = asked;
  const undone = { ...(quantity !== 1 && { quantity }), ...(port !== undefined && { port }) };
  const post: Sent = [`POST ${listOf(app)}`, asked];
  if (Object.keys(undone).length === 0) return [post];
  return [post, ...update({ app, type }, undone)];
}

function update(of: Values, change: Values): Sent[] {
  const { app, type } = of;
  return [[`PATCH ${listOf(app)}`, [{ type, ...change }]], `GET ${item(of)}`];
}

const each = (program: Program, op: string) =>
  Object.fromEntries(Object.keys(program).map((name) => [name, op]));
const ofRows = <T>(pick: (row: Row, name: string) => T | undefined): Record<string, T> => {
  const found: Record<string, T> = {};
  for (const [name, row] of Object.entries(rows)) {
    const picked = pick(row, name);
    if (picked !== undefined) found[name] = picked;
  }
  return found;
};

const rowPlans = ofRows(({ plan, patch }) => plan ?? (patch && "update"));
const redeploysFor = (properties: string[]) =>
  properties.map((property) => `warning: ${property} changes from `);
const rowWarnings = ofRows(({ redeploys }) => redeploys && redeploysFor(redeploys));
const rowPatches = ofRows(
  ({ before, patch }, name) => patch && update({ app: `${name}-default`, ...before }, patch),
);
const redeploysOnce = ofRows(({ before, redeploys = [], plan }) => {
  // One for its creation, one more for a port, and for a replacement two.
  const made = 1 + Number(before.port !== undefined);
  return plan ? undefined : { redeploys: made + Number(redeploys.length > 0) };
});
const driftSaid = { drifted: redeploysFor(Object.keys(drift)) };
const settledSaid = {
  ...driftSaid,
  grown: redeploysFor(["size"]),
  resized: redeploysFor(["size"]),
  spelt: ['warning: size "gp2-prod" is treated as equal to "gp2" and kept.'],
};
const settling = { drifted: "update", grown: "update", resized: "update", gone: "create" };
const unknownSize: Besides = {
  host: "plugin",
  because: "the dynamic host's check is told no name, so its warning of an open value has none",
  says: { spelt: ['warning: size "gp2-prod" is unknown to this version of the provider'] },
};

lifecycle("app formations", {
  system: () => {
    const names = [...Object.keys(more), "target"];
    const system = akkerisSystem({
      "": names.filter((name) => !secure.includes(name)).map((name) => `${name}-default`),
      "compliance=prod": secure.map((name) => `${name}-secure`),
    });
    // Without a web Akkeris would make one beside each other type.
    for (const [name, { properties }] of Object.entries(first)) {
      if (properties.type !== "web") system.simulator.addFormation(`${name}-default`);
    }
    return { ...system, secrets: () => ({ ...system.secrets(), environment: options.env.MODE }) };
  },
  unlike: { options: "the dynamic host keeps secrets by whole properties, not `env` alone" },
  steps: [
    {
      title: "a preview of creations sends nothing",
      program: first,
      run: "preview",
      expected: { plan: each(first, "create") },
    },
    {
      title: "a creation is one POST, and one PATCH of what that leaves undone",
      run: "up",
      expected: {
        plan: each(first, "create"),
        requests: byName(first, creation),
        contents: {
          three: { formations: [{ quantity: 3, instances: 3, healthcheck: "/health" }] },
          both: { formations: [{ quantity: 0, instances: 0 }], config: { PORT: "8081" } },
          plain: { formations: [{ size: "gp2-prod" }] },
        },
        state: {
          plain: { id: "plain", outputs: { size: "gp2", serverSize: "gp2-prod", port: 9000 } },
        },
      },
    },
    {
      title: "a preview without a change is empty, and sends nothing",
      run: "preview",
      expected: {},
    },
    {
      title: "a command that the API can't clear is refused before anything is sent",
      program: { ...first, commanded: formation("commanded", { ...oneoff, command: undefined }) },
      run: "up",
      expected: {
        errors: { commanded: ["refuse: the API can clear only the command of a `web`"] },
      },
    },
    {
      title: "a preview says what a change updates, replaces, redeploys, and what is undecided",
      program: changed,
      run: "preview",
      expected: {
        plan: {
          ...rowPlans,
          made: "create",
          checking: "update",
          moving: "replace new first: app",
        },
        says: {
          ...rowWarnings,
          moving: ["info: app: replace: treated as a replacement until the value is known"],
        },
        details: {
          everything: {
            ...{ size: "update", quantity: "update", port: "update" },
            command: "delete",
          },
          options: { options: "update-replace" },
        },
      },
    },
    {
      title: "an update is one PATCH of what changed, and redeploys at most once",
      run: "up",
      expected: {
        plan: { ...rowPlans, made: "create", checking: "update" },
        says: { ...rowWarnings, checking: redeploysFor(["healthcheck"]) },
        requests: {
          ...rowPatches,
          made: creation({ app: "made-default", ...web }),
          checking: update({ app: "checking-default", ...web }, { healthcheck: "/late" }),
          moved: deletion({ app: "moved-default", ...web }),
          target: creation({ app: "target-default", ...web }),
          renamed: [
            ...creation({ app: "renamed-default", ...worker, type: "mailer" }),
            ...deletion({ app: "renamed-default", ...worker }),
          ],
          regular: [
            ...deletion({ app: "regular-default", ...oneoff }),
            ...creation({ app: "regular-default", ...oneoff, oneoff: false }),
          ],
          options: [
            ...deletion({ app: "options-default", ...oneoff }),
            ...creation({ app: "options-default", ...oneoff, options: { image: "jobs:2" } }),
          ],
        },
        contents: {
          ...redeploysOnce,
          port: { config: { PORT: "8080" } },
          moved: { formations: [] },
        },
      },
    },
    {
      title: "what was asked for is what the servers have, and nothing is left to do",
      run: "preview",
      expected: {
        contents: ofRows(({ before, change, has }, name) => {
          const { app: _, options: __, ...asked } = { ...before, ...change };
          const known = Object.entries(asked).filter(([, value]) => value !== undefined);
          const row = { ...Object.fromEntries(known), ...has };
          return name === "moved"
            ? undefined
            : { formations: expect.arrayContaining([expect.objectContaining(row)]) };
        }),
      },
    },
    {
      title: "a refresh reads each once, sees what drifted and what is gone",
      meanwhile: ({ simulator: akkeris }) => {
        for (const name of ["drifted", "free"]) {
          Object.assign(akkeris.formation(name, "web") ?? {}, drift);
        }
        akkeris.scale("drifted", "web", 7);
        akkeris.scale("ignored", "web", 7);
        akkeris.scale("grown", "worker", 9);
        akkeris.remove("gone", "web");
      },
      run: "refresh",
      expected: {
        plan: { drifted: "update", ignored: "update", grown: "update", gone: "delete" },
        says: driftSaid,
        requests: byName(changed, read),
      },
    },
    {
      title: "a preview puts back what drifted, save what is ignored or left to the server",
      program: settled,
      run: "preview",
      expected: {
        plan: settling,
        says: settledSaid,
        besides: unknownSize,
        details: { drifted: { quantity: "update", port: "update" }, grown: { size: "update" } },
      },
    },
    {
      title: "drift is put back by one PATCH; what is ignored stays, though another changes",
      run: "up",
      expected: {
        plan: settling,
        says: settledSaid,
        besides: unknownSize,
        requests: {
          drifted: update({ app: "drifted-default", ...web }, { quantity: 1, ...all }),
          grown: update(
            { app: "grown-default", ...worker },
            { size: "gp3", command: "node worker.js" },
          ),
          // The suffix of a compliance space is the server's own.
          resized: update({ app: "resized-secure", ...web }, { size: "gp3" }),
          gone: creation({ app: "gone-default", ...web }),
        },
        contents: {
          resized: { formations: [{ size: "gp3-prod" }] },
          ignored: { formations: [{ instances: 7 }] },
          free: { formations: [drift] },
        },
      },
    },
    {
      title: "a creation that is interrupted is in the state",
      program: more,
      meanwhile: ({ simulator: akkeris }) =>
        akkeris.failRegion({ app: "interrupted-default", call: "scale", times: 3 }),
      run: "up",
      expected: {
        plan: { interrupted: "create" },
        errors: { interrupted: ["the next `pulumi up` sends it again."] },
        requests: {
          interrupted: [
            [`POST ${listOf("interrupted-default")}`, { ...web, quantity: 3 }],
            ...Array<Sent>(3).fill([
              `PATCH ${listOf("interrupted-default")}`,
              [{ type: "web", quantity: 3 }],
            ]),
          ],
        },
        contents: { interrupted: { formations: [{ quantity: 3, instances: 1 }] } },
      },
    },
    {
      title: "a refresh sees what was asked, which is not what runs",
      run: "refresh",
      expected: { plan: { interrupted: "update" }, requests: byName(more, read) },
    },
    {
      title: "the next up sends again what was interrupted",
      run: "up",
      expected: {
        plan: { interrupted: "update" },
        requests: {
          interrupted: update({ app: "interrupted-default", ...web }, { quantity: 3 }),
        },
        contents: { interrupted: { formations: [{ quantity: 3, instances: 3 }] } },
      },
    },
    {
      title: "a destruction sends one DELETE each; gone already is done",
      meanwhile: ({ simulator: akkeris }) => {
        akkeris.remove("gone", "web");
        akkeris.removeApp("free");
      },
      run: "destroy",
      expected: {
        plan: each(more, "delete"),
        requests: byName(more, deletion),
        contents: { size: { formations: [] }, target: { formations: [] } },
      },
    },
  ],
});
