import { z } from "zod";
import { type AkkerisOptions, AkkerisSimulator } from "../../simulators/akkeris.ts";
import { type Access, defineSubject, type TestSystem } from "../support/subject.ts";

/** The apps that exist, without formations. */
const apps = { foo: "foo-default", bar: "bar-default" };

/** Akkeris with two apps. */
export const akkeris: TestSystem<AkkerisSimulator, AkkerisOptions> = {
  name: "akkeris",
  title: "Akkeris",
  simulator(options) {
    const simulator = new AkkerisSimulator(options);
    for (const app of Object.values(apps)) simulator.addApp(app);
    return simulator;
  },
  access: ({ url, token }): Access => ({ akkerisUrl: url, akkerisToken: { secret: token } }),
  addExamples(simulator) {
    simulator.addApp("shop-default");
    simulator.addFormation("shop-default", { type: "web" });
  },
};

const formations = `/apps/${apps.foo}/formation`;
const post = { method: "POST", path: formations };
const patch = { method: "PATCH", path: formations };
const get = { method: "GET", path: `${formations}/web` };
const remove = { method: "DELETE", path: `${formations}/web` };

const inputs = { app: apps.foo, type: "web", size: "gp1", quantity: 1 };

const kept = z.object({
  app: z.string(),
  type: z.string(),
  quantity: z.number(),
  size: z.string(),
  port: z.number().optional(),
  oneoff: z.boolean().optional(),
  formationId: z.string(),
  createdAt: z.string(),
});

export const appFormation = defineSubject({
  name: "AppFormation",
  system: akkeris,
  inputs,
  more: { healthcheck: "/health" },
  unknowns: {
    app: "update-replace",
    type: "update-replace",
    oneoff: "add-replace",
    options: "add-replace",
    size: "update",
    quantity: "update",
    port: "update",
    command: "add",
    healthcheck: "update",
  },
  ids: {
    invalid: [
      ["api-default", /`app\/type`: `api-default\/web`/],
      ["api-default/web/1", /`app\/type`/],
    ],
    unused: [`${apps.foo}/worker`],
  },
  things: (simulator) =>
    [...simulator.apps.keys()].flatMap((app) =>
      simulator
        .formations(app)
        // Akkeris makes a web on its own, which is nobody's as long as nothing runs in it.
        .filter(({ type, quantity }) => type !== "web" || quantity > 0)
        .map(({ type, size, quantity }) => {
          const runs = simulator.running(app, type);
          return {
            ...{ id: `${app}/${type}`, app, type },
            size: runs?.size === size ? size : `${size}, and ${runs?.size} runs`,
            quantity:
              runs?.instances === quantity ? quantity : `${quantity}, and ${runs?.instances} run`,
          };
        }),
    ),
  changing: {
    inputs: [inputs, { ...inputs, size: "gp2", quantity: 2 }],
    strikes: { create: post, read: get, update: patch, delete: remove },
  },
  looking: {
    inputs: [
      { ...inputs, quantity: 2 },
      { ...inputs, quantity: 3 },
    ],
    strikes: { create: { ...patch, after: post }, update: { ...get, after: patch } },
  },
  life(number) {
    const given = { ...inputs, type: `soak${number}`, command: "run" };
    const { app, type } = given;
    return {
      inputs: given,
      changed: { ...given, quantity: 2 },
      reads: ["getAppFormation", () => ({ app, type })],
    };
  },
  // Changes of one app share their PATCHes.
  lifeSends: { POST: 1, DELETE: 1 },
  mixed(pick) {
    const { foo, bar } = apps;
    return {
      // Two of one app that are updated together, and one that stays.
      web: {
        args: { app: foo, type: "web", size: "gp1", quantity: pick(2, 3), healthcheck: "/health" },
        isOnBothHosts: true,
      },
      worker: {
        args: { app: foo, type: "worker", size: pick("gp1", "gp2"), quantity: 3, command: "work" },
        isOnBothHosts: true,
      },
      clock: { args: { app: foo, type: "clock", size: "gp1", quantity: 1, command: "tick" } },
      // Replaced: the old one first, in the same place, with a secret; and the new one first.
      job: {
        args: {
          ...{ app: bar, type: "job", size: "gp1", quantity: 2, command: "run", oneoff: true },
          options: { image: pick("jobs:1", "jobs:2"), env: { KEY: "env-value-7d1f" } },
        },
        isOnBothHosts: true,
      },
      sender: {
        args: {
          ...{ app: bar, size: "gp1", quantity: 2, command: "send" },
          type: pick("sender", "mailer"),
        },
        isElsewhere: true,
      },
    };
  },
  keep(simulator, { outputs }) {
    const { app, formationId, createdAt, ...asked } = kept.parse(outputs);
    const row = simulator.addFormation(app, { command: undefined, ...asked });
    Object.assign(row, { id: formationId, createdAt });
  },
});
