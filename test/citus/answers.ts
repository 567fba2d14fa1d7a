import { CitusApi } from "../../provider/citus/api.ts";
import type { HttpClient } from "../../provider/http/client.ts";
import { type AnswerCase, options, time } from "../support/answers.ts";

const api = (client: HttpClient) => new CitusApi(client, 5);

const tune = {
  ...{ is_mx: false, is_zfs: true, worker_ha: false, coordinator_ha: true, worker_count: 2 },
  ...{ worker_tune: "r5.large", coordinator_tune: "r5.large" },
  ...{ worker_disk_size: "512", coordinator_disk_size: "100" },
};
const formation = {
  ...{ id: "f1", name: "events", region: "us-east-1", created_at: time, state: "steady" },
  database_url: null,
  tune_attributes: tune,
};
const withTune = (change: object) => ({ ...formation, tune_attributes: { ...tune, ...change } });

export const answers: AnswerCase[] = [
  {
    name: "a created formation",
    valid: { id: "f" },
    needed: ["id"],
    call: (client) =>
      api(client).create({ name: "n", region: "us-east-1", tune_attributes: {} }, options),
  },
  {
    name: "formations",
    valid: { formations: [formation] },
    needed: ["formations", "formations.0", "formations.0.id"],
    call: (client) => api(client).list(options),
  },
  {
    name: "a formation",
    valid: formation,
    needed: ["id"],
    others: [
      {
        answer: { ...formation, state: "hibernating" },
        reads: { id: "f1", state: "hibernating" },
      },
      {
        answer: { ...formation, database_url: "postgres://u:p@h/d" },
        reads: { database_url: "postgres://u:p@h/d" },
      },
      { answer: withTune({ worker_count: "2" }), reads: { tune_attributes: { worker_count: 2 } } },
      {
        answer: withTune({ worker_disk_size: 512 }),
        reads: { tune_attributes: { worker_disk_size: 512, coordinator_disk_size: 100 } },
      },
      // None of these is a number of workers; 0 or 1 would be a guess.
      ...[null, "", true, [], "1e3", 1.5, "two"].map((count) => ({
        answer: withTune({ worker_count: count }),
        reads: { tune_attributes: { worker_count: undefined } },
      })),
      {
        answer: withTune({ worker_tune: "r9.new" }),
        reads: { tune_attributes: { worker_tune: "r9.new" } },
      },
    ],
    call: (client) => api(client).get("f1", options),
  },
  {
    name: "a destroyed formation",
    valid: { success: true },
    needed: [],
    isStatusOnly: true,
    call: (client) => api(client).destroy("f1", options),
  },
];
