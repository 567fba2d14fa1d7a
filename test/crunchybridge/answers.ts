import { CrunchyBridgeApi } from "../../provider/crunchybridge/api.ts";
import type { HttpClient } from "../../provider/http/client.ts";
import { type AnswerCase, options, time } from "../support/answers.ts";

const api = (client: HttpClient) => new CrunchyBridgeApi(client);

const nested = { id: "c2", name: "reports", created_at: time, replicas: null };
const cluster = {
  ...{ id: "c1", name: "orders", parent_id: "c0", team_id: "t", plan_id: "standard-8" },
  ...{ provider_id: "aws", region_id: "us-east-1", network_id: "n", storage: 100, cpu: 2 },
  ...{ memory: 0.5, major_version: 17, postgres_version_id: "v", is_ha: false, host: "" },
  ...{ is_protected: false, is_suspended: false, environment: null, disk_usage: null },
  ...{ maintenance_window_start: null, created_at: time, state: "ready", replicas: [nested] },
};
const operations = [{ flavor: "resize", state: "in_progress", starting_from: time }];

/** Responses of which everything is read as it is. */
const asTheyAre = (answers: readonly object[]) =>
  answers.map((change) => ({ answer: { ...cluster, ...change }, reads: change }));

const provider = {
  ...{ id: "aws", display_name: "AWS", disk: { rate: 10, rate_warehouse: null } },
  plans: [{ id: "hobby-2", display_name: "Hobby 2", vcpu: 1, memory: 2, rate: 3500 }],
  regions: [{ id: "us-east-1", display_name: "N. Virginia", location: "Virginia", multiplier: 1 }],
};

export const answers: AnswerCase[] = [
  {
    name: "a created replica",
    valid: cluster,
    needed: ["id"],
    call: (client) => api(client).createReplica("p", { name: "n" }, "k", options),
  },
  {
    name: "a cluster",
    valid: cluster,
    needed: ["id"],
    others: asTheyAre([
      { parent_id: null },
      { state: "hibernating", environment: "staging", provider_id: "other" },
      { replicas: null, host: null, network_id: null },
      { replicas: [{ ...nested, replicas: [{ ...nested, replicas: [] }] }] },
      { disk_usage: { disk_available_mb: 1, disk_total_size_mb: 2, disk_used_mb: 1 } },
    ]),
    call: (client) => api(client).get("c1", options),
  },
  {
    name: "a changed cluster",
    valid: cluster,
    needed: ["id"],
    call: (client) => api(client).patch("c1", {}, options),
  },
  {
    name: "a page of clusters",
    valid: { clusters: [cluster], has_more: false, next_cursor: null },
    // A replica that is not read could have the name that the test looks for.
    needed: ["", ".0", ".0.id", ".0.replicas", ".0.replicas.0", ".0.replicas.0.id"]
      .concat(".0.replicas.0.replicas")
      .map((path) => `clusters${path}`),
    others: [
      { answer: { clusters: [], has_more: false }, reads: [] },
      {
        answer: { clusters: [{ ...cluster, replicas: [{ ...cluster, host: "", state: null }] }] },
        reads: [{ id: "c1", replicas: [{ plan_id: "standard-8", storage: 100, is_ha: false }] }],
      },
    ],
    call: (client) => api(client).list(options),
  },
  {
    name: "a cluster's replicas",
    valid: cluster,
    needed: ["id", "replicas", "replicas.0", "replicas.0.id", "replicas.0.replicas"],
    others: [
      { answer: { ...cluster, replicas: null }, reads: [] },
      { answer: { id: "c1" }, reads: [] },
    ],
    invalid: [{ ...cluster, replicas: [{ name: "reports" }] }],
    call: (client) => api(client).replicas("c1", options),
  },
  {
    name: "teams",
    valid: { teams: [{ id: "t", name: "", is_personal: true, role: "admin" }] },
    needed: ["teams", "teams.0", "teams.0.id"],
    others: [
      { answer: { teams: null }, reads: [] },
      { answer: { teams: [{ id: "t" }], has_more: false, next_cursor: null }, reads: ["t"] },
    ],
    invalid: [{ teams: [{ name: "no ID" }] }],
    call: (client) => api(client).teams(options),
  },
  {
    name: "pending operations",
    valid: { operations },
    needed: ["operations", "operations.0"],
    others: [
      { answer: { operations: null }, reads: [] },
      { answer: {}, reads: [] },
      {
        answer: { operations: [{ flavor: "new", state: "new" }] },
        reads: [{ flavor: "new", state: "new" }],
      },
    ],
    call: (client) => api(client).operations("c1", options),
  },
  {
    name: "a cluster's status",
    // Where the status lacks the state, the cluster's own response is asked for: here, the same one.
    valid: { id: "c1", state: "ready", ongoing_upgrade: { operations } },
    needed: ["id"],
    others: [
      {
        answer: { state: "creating", ongoing_upgrade: null },
        reads: { state: "creating", operations: [] },
      },
      { answer: { state: "hibernating" }, reads: { state: "hibernating", operations: [] } },
    ],
    call: (client) => api(client).status("c1", options),
  },
  {
    name: "providers with their prices",
    valid: { providers: [provider] },
    needed: ["providers", "providers.0"],
    others: [
      { answer: { providers: [{}] }, reads: [{ plans: [], regions: [] }] },
      { answer: { providers: null }, reads: [] },
      {
        answer: {
          providers: [
            {
              id: "aws",
              disk: { rate: null },
              plans: [{ id: "a", rate: -1 }, { rate: 1 }, 7],
              regions: [{ id: "r", multiplier: "1" }],
            },
          ],
        },
        reads: [
          {
            id: "aws",
            disk: { rate: undefined },
            plans: [{ id: "a", rate: undefined }],
            regions: [{ id: "r", multiplier: undefined }],
          },
        ],
      },
    ],
    call: (client) => api(client).providers(options),
  },
];
