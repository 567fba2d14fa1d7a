import { AkkerisApi } from "../../provider/akkeris/api.ts";
import type { HttpClient } from "../../provider/http/client.ts";
import { systemClock } from "../../provider/process/clock.ts";
import { type AnswerCase, options, time } from "../support/answers.ts";

const api = (client: HttpClient) => new AkkerisApi(client, systemClock);

const row = {
  ...{ id: "u", type: "web", size: "gp2", quantity: 1, port: null, healthcheck: null },
  ...{ command: null, created_at: time, app: { name: "shop" } },
};

export const answers: AnswerCase[] = [
  {
    name: "a created app formation",
    valid: row,
    needed: [],
    call: (client) => api(client).create("a", { type: "web", size: "gp1", quantity: 1 }, options),
  },
  {
    name: "an app formation",
    valid: row,
    needed: [],
    others: [
      {
        answer: { ...row, port: 8080, healthcheck: "/", command: "x", size: "gp9-new", app: null },
        reads: { id: "u", port: 8080, healthcheck: "/", command: "x", size: "gp9-new" },
      },
    ],
    call: (client) => api(client).get("a", "web", options),
  },
  {
    name: "app formations",
    valid: [row],
    needed: ["0"],
    others: [{ answer: [], reads: [] }],
    call: (client) => api(client).list("a", options),
  },
  {
    name: "apps",
    valid: [
      {
        ...{ id: "3f1b1c52-6f0e-4a35-9c05-0d9b8a8a3a55", key: "shop-dev", name: "shop-dev" },
        ...{ archived_at: time, simple_name: "shop", space: { name: "dev", compliance: "" } },
      },
    ],
    needed: [],
    others: [
      { answer: [], reads: [] },
      { answer: [{ name: "b-dev" }, null, { key: "a-dev" }, {}], reads: ["a-dev", "b-dev"] },
      { answer: [{ simple_name: "shop", space: { name: "dev" } }], reads: ["shop-dev"] },
    ],
    invalid: [{ apps: [] }],
    call: (client) => api(client).apps(options),
  },
  {
    name: "sizes",
    valid: [{ name: "gp1", price: 20, deprecated: false, description: "d" }],
    needed: ["0", "0.name"],
    others: [
      {
        answer: [{ name: "gp1", price: null, resources: { limits: { memory: "1Gi" } } }],
        reads: [{ name: "gp1", resources: { limits: { memory: "1Gi" } } }],
      },
    ],
    call: (client) => api(client).sizes(options),
  },
  {
    name: "deleted app formations",
    valid: [{ id: "u" }],
    needed: [],
    isStatusOnly: true,
    others: [
      { answer: [], reads: undefined },
      { answer: { deleted: true }, reads: undefined },
    ],
    call: (client) => api(client).delete("a", "web", options),
  },
];
