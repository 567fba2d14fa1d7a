import { AntflyApi } from "../../provider/antfly/api.ts";
import type { HttpClient } from "../../provider/http/client.ts";
import { type AnswerCase, options, time } from "../support/answers.ts";

const api = (client: HttpClient, dialect: "v0.1" | "0.2" = "0.2") =>
  new AntflyApi({ client, health: client, dialect });

const entry = { key: "k", status: "configured_file", env_var: "K", created_at: null };
const backup = {
  ...{ backup_id: "b1", timestamp: time, tables: null, location: "s3://b", format: null },
};
const job = { job_id: "1", backup_id: "b1", phase: "queued", error: null, result: null };
const place = { location: "s3://b" };
const ordered = { backupId: "b1", ...place };

export const answers: AnswerCase[] = [
  {
    name: "a cluster's health",
    valid: { health: "healthy", auth_enabled: true, deployment_mode: "standalone" },
    others: [
      {
        answer: { health: "dazed", swarm_mode: true, message: null },
        reads: { health: "dazed", authEnabled: false, swarmMode: true, dialect: "0.2" },
      },
    ],
    call: (client) => api(client).status(options),
  },
  {
    name: "secrets",
    valid: { secrets: [entry] },
    others: [
      { answer: { secrets: null }, reads: [] },
      {
        answer: { secrets: [{ key: "k", status: "configured_vault" }] },
        reads: [{ key: "k", status: "configured_vault" }],
      },
    ],
    // A response without the list is not an empty one, which would say that all secrets are gone.
    invalid: [{ message: "moved" }],
    call: (client) => api(client).secrets(options),
  },
  {
    name: "a stored secret",
    valid: entry,
    // That it is stored is in the status alone.
    others: [{ answer: {}, reads: { key: "k", status: "unknown" } }],
    call: (client) => api(client).putSecret("k", { value: "v" }, options),
  },
  {
    name: "backups",
    valid: { backups: [backup] },
    others: [
      { answer: { backups: null }, reads: [] },
      {
        answer: { backups: [{ ...backup, tables: ["t"], antfly_version: "1" }] },
        reads: [{ backupId: "b1", tables: ["t"], antflyVersion: "1" }],
      },
    ],
    invalid: [{ message: "moved" }],
    call: (client) => api(client).backups(place, options),
  },
  {
    name: "a taken backup",
    valid: { status: "completed", tables: [{ name: "t", status: "completed" }] },
    others: [
      {
        answer: { status: "dazed", tables: null },
        reads: { outcome: "ambiguous", tables: [], serverSays: "dazed" },
      },
    ],
    call: (client) => api(client).takeBackup(ordered, options),
  },
  {
    name: "a restore that has begun",
    valid: job,
    call: (client) => api(client).restore(ordered, options),
  },
  {
    name: "a restore of v0.1",
    valid: { status: "triggered", tables: [{ name: "t", status: "triggered", error: null }] },
    others: [{ answer: {}, reads: { kind: "triggered", tables: [] } }],
    call: (client) => api(client, "v0.1").restore(ordered, options),
  },
  {
    name: "a restore's job",
    valid: job,
    others: [
      {
        answer: { ...job, phase: "dazed", result: { status: "s", failure_details: null } },
        reads: {
          phase: "dazed",
          result: { status: "s", committedTables: 0, skippedTables: 0, failures: [] },
        },
      },
    ],
    call: (client) => api(client).restoreJob("1", options),
  },
];
