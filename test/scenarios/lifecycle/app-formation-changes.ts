import type { Values } from "../../../provider/resource/values.ts";
import type { Sent } from "./record.ts";

/** A change of one formation, which has an app of its own, and all that is to come of it. */
export interface Change {
  /** What the program asks first, and then. */
  before: Values;
  after: Values;
  /** What the creation sends. */
  created: Sent[];
  /** What the change becomes; absent where it is none. */
  plan?: string;
  /** The beginnings of what the preview says of it. */
  says?: string[];
  /** What the change sends. */
  sends?: Sent[];
  /** The row that the server has in the end; absent where it has none in this app. */
  row?: Values;
  /** How often the app has been redeployed by then, its creation included. */
  redeploys?: number;
}

export const web = { type: "web", size: "gp1", quantity: 1 };
export const worker = { type: "worker", size: "gp1", quantity: 1, command: "node worker.js" };
export const job = {
  ...{ type: "job", size: "gp1", quantity: 1 },
  ...{ command: "node worker.js", oneoff: true },
};
export const options = { image: "jobs:1", env: { MODE: "env-value-3f9a" } };

/** A creation in the app of a resource. */
export function post(name: string, body: Values, space = "default"): Sent {
  return [`POST /apps/${name}-${space}/formation`, body];
}

/** A change of a type in the app of a resource: the batch has it alone, and is followed by a look. */
export function patch(name: string, change: { type: string } & Values, space = "default"): Sent[] {
  const path = `/apps/${name}-${space}/formation`;
  return [[`PATCH ${path}`, [change]], `GET ${path}/${change.type}`];
}

/** A deletion of a type in the app of a resource. */
export function remove(name: string, type: string): Sent {
  return `DELETE /apps/${name}-default/formation/${type}`;
}

/** Changes that the API makes in place, or that are none. */
const inPlace: Record<string, Change> = {
  // A creation ignores the port, so a PATCH asks for it.
  oneoffFalse: {
    before: { ...web, port: 8080 },
    after: { ...web, port: 8080, oneoff: false },
    created: [
      post("oneoffFalse", { ...web, port: 8080 }),
      ...patch("oneoffFalse", { type: "web", port: 8080 }),
    ],
    row: { ...web, port: 8080, oneoff: false },
    redeploys: 2,
  },
  size: {
    before: web,
    after: { ...web, size: "gp2" },
    created: [post("size", web)],
    plan: "update",
    says: ["warning: `pulumi up` changes size from "],
    sends: patch("size", { type: "web", size: "gp2" }),
    row: { ...web, size: "gp2" },
    redeploys: 2,
  },
  quantity: {
    before: web,
    after: { ...web, quantity: 3 },
    created: [post("quantity", web)],
    plan: "update",
    sends: patch("quantity", { type: "web", quantity: 3 }),
    row: { ...web, quantity: 3 },
    redeploys: 1,
  },
  quantityZero: {
    before: web,
    after: { ...web, quantity: 0 },
    created: [post("quantityZero", web)],
    plan: "update",
    sends: patch("quantityZero", { type: "web", quantity: 0 }),
    row: { ...web, quantity: 0 },
    redeploys: 1,
  },
  // The API clears a worker's command where it is left out.
  workerQuantity: {
    before: worker,
    after: { ...worker, quantity: 2 },
    created: [post("workerQuantity", worker)],
    plan: "update",
    sends: patch("workerQuantity", { type: "worker", quantity: 2, command: "node worker.js" }),
    row: { ...worker, quantity: 2 },
    redeploys: 1,
  },
  port: {
    before: web,
    after: { ...web, port: 8080 },
    created: [post("port", web)],
    plan: "update",
    says: ["warning: `pulumi up` changes port from "],
    sends: patch("port", { type: "web", port: 8080 }),
    row: { ...web, port: 8080 },
    redeploys: 2,
  },
  // The port stays, for the API can't clear it.
  portRemoved: {
    before: { ...web, port: 8080 },
    after: web,
    created: [
      post("portRemoved", { ...web, port: 8080 }),
      ...patch("portRemoved", { type: "web", port: 8080 }),
    ],
    row: { ...web, port: 8080 },
    redeploys: 2,
  },
  command: {
    before: web,
    after: { ...web, command: "node web.js" },
    created: [post("command", web)],
    plan: "update",
    says: ["warning: `pulumi up` changes command from "],
    sends: patch("command", { type: "web", command: "node web.js" }),
    row: { ...web, command: "node web.js" },
    redeploys: 2,
  },
  commandRemoved: {
    before: { ...web, command: "node web.js" },
    after: web,
    created: [post("commandRemoved", { ...web, command: "node web.js" })],
    plan: "update",
    says: ["warning: `pulumi up` changes command from "],
    sends: patch("commandRemoved", { type: "web", "remove-command": true }),
    row: { ...web, command: null },
    redeploys: 2,
  },
  workerCommand: {
    before: worker,
    after: { ...worker, command: "node other.js" },
    created: [post("workerCommand", worker)],
    plan: "update",
    says: ["warning: `pulumi up` changes command from "],
    sends: patch("workerCommand", { type: "worker", command: "node other.js" }),
    row: { ...worker, command: "node other.js" },
    redeploys: 2,
  },
  healthcheck: {
    before: web,
    after: { ...web, healthcheck: "/health" },
    created: [post("healthcheck", web)],
    plan: "update",
    says: ["warning: `pulumi up` changes healthcheck from "],
    sends: patch("healthcheck", { type: "web", healthcheck: "/health" }),
    row: { ...web, healthcheck: "/health" },
    redeploys: 2,
  },
  healthcheckRemoved: {
    before: { ...web, healthcheck: "/health" },
    after: web,
    created: [post("healthcheckRemoved", { ...web, healthcheck: "/health" })],
    plan: "update",
    says: ["warning: `pulumi up` changes healthcheck from "],
    sends: patch("healthcheckRemoved", { type: "web", removeHealthcheck: true }),
    row: { ...web, healthcheck: null },
    redeploys: 2,
  },
  everything: {
    before: { ...web, command: "node web.js" },
    after: { type: "web", size: "gp3", quantity: 4, port: 8081, healthcheck: "/ok" },
    created: [post("everything", { ...web, command: "node web.js" })],
    plan: "update",
    says: [
      "warning: `pulumi up` changes size from ",
      "warning: `pulumi up` changes port from ",
      "warning: `pulumi up` changes command from ",
      "warning: `pulumi up` changes healthcheck from ",
    ],
    sends: patch("everything", {
      ...{ type: "web", size: "gp3", quantity: 4, port: 8081, healthcheck: "/ok" },
      "remove-command": true,
    }),
    row: {
      ...{ type: "web", size: "gp3", quantity: 4, port: 8081, healthcheck: "/ok" },
      command: null,
    },
    redeploys: 2,
  },
  // The server never returns either, so it can't be seen that they were asked for.
  oneoffAndOptionsRemoved: {
    before: { ...job, options },
    after: { type: "job", size: "gp1", quantity: 1, command: "node worker.js" },
    created: [post("oneoffAndOptionsRemoved", { ...job, options })],
    row: { type: "job", size: "gp1", quantity: 1, command: "node worker.js" },
    redeploys: 1,
  },
};

/** Changes that only a replacement makes. */
const replacing: Record<string, Change> = {
  // The new one is in another app.
  app: {
    before: web,
    after: { ...web, app: "target-default" },
    created: [post("app", web)],
    plan: "replace new first: app",
    sends: [remove("app", "web")],
  },
  type: {
    before: worker,
    after: { ...worker, type: "mailer" },
    created: [post("type", worker)],
    plan: "replace new first: type",
    sends: [post("type", { ...worker, type: "mailer" }), remove("type", "worker")],
    row: { ...worker, type: "mailer" },
  },
  oneoffEnded: {
    before: job,
    after: { ...job, oneoff: false },
    created: [post("oneoffEnded", job)],
    plan: "replace old first: oneoff",
    sends: [remove("oneoffEnded", "job"), post("oneoffEnded", { ...job, oneoff: false })],
    row: { ...job, oneoff: false },
  },
  options: {
    before: { ...job, options },
    after: { ...job, options: { image: "jobs:2" } },
    created: [post("options", { ...job, options })],
    plan: "replace old first: options",
    sends: [remove("options", "job"), post("options", { ...job, options: { image: "jobs:2" } })],
    row: job,
  },
};

export const changes: Readonly<Record<string, Change>> = { ...inPlace, ...replacing };

/** One column of the table, where rows have it, by their names. */
export function column<K extends keyof Change>(key: K): Record<string, NonNullable<Change[K]>> {
  const found: Record<string, NonNullable<Change[K]>> = {};
  for (const [name, change] of Object.entries(changes)) {
    const value = change[key];
    if (value !== undefined && value !== null) found[name] = value;
  }
  return found;
}
