import { z } from "zod";
import { endpoint } from "../http/endpoint";
import { path } from "../http/path";
import { type Addressed, firstSegment } from "./dialect";

/** How a backup stores tables. 0.2 only; default: portable. */
export const backupFormats = ["native", "portable"] as const;
export type BackupFormat = (typeof backupFormats)[number];

/** What a restore does when tables exist. Default: nothing is restored. */
export const restoreModes = ["fail_if_exists", "skip_if_exists", "overwrite"] as const;
export type RestoreMode = (typeof restoreModes)[number];

/** v0.1 omits optional fields, 0.2 sends some as null. */
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);

/** v0.1 sends an empty list as null. */
const listOf = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

/** The same where the list is all that a response has, so that a missing one is an error. */
const onlyListOf = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .nullable()
    .transform((items) => items ?? []);

const status = z
  .object({
    // unknown, healthy, unhealthy, degraded and error are documented.
    health: z.string(),
    message: text,
    // v0.1 omits false.
    auth_enabled: z.boolean().default(false),
    // 0.2: embedded, distributed, standalone, serverless.
    deployment_mode: text,
    // v0.1 only, which omits false.
    swarm_mode: z.boolean().optional(),
  })
  .transform((seen) => ({
    health: seen.health,
    message: seen.message,
    authEnabled: seen.auth_enabled,
    deploymentMode: seen.deployment_mode,
    swarmMode: seen.swarm_mode,
  }));

/** A cluster's health and its kind of deployment: `deploymentMode` in 0.2, `swarmMode` in v0.1. */
export type ClusterStatus = z.output<typeof status>;

const secret = z
  .object({
    key: z.string(),
    // v0.1: configured_keystore, configured_env, configured_both; 0.2: configured_file for the first.
    // In `both`, the server uses the stored value, as the sources of both versions show.
    status: z.string(),
    env_var: text,
    // A secret from the environment has no times; those of 0.2.2 are in 1970, those of 0.2.5 are right.
    created_at: text,
    updated_at: text,
  })
  .transform((seen) => ({
    key: seen.key,
    status: seen.status,
    envVar: seen.env_var,
    createdAt: seen.created_at,
    updatedAt: seen.updated_at,
  }));

/** A secret without its value, which no call returns. */
export type SecretEntry = z.output<typeof secret>;

/** What a request to store a secret sends. */
export interface NewSecret {
  value: string;
}

const table = z.object({
  name: z.string(),
  // Backups: completed, successful, failed, skipped, ambiguous; restores: triggered, skipped, failed.
  status: z.string(),
  error: text,
});

/** The outcome of one table in a backup or restore, in the server's words. */
export type TableOutcome = z.output<typeof table>;

const backup = z
  .object({
    backup_id: z.string(),
    // RFC 3339. v0.1: nanoseconds, in the server's zone; 0.2: end of the backup, whole seconds, UTC.
    timestamp: z.string(),
    // Without the tables that failed.
    tables: listOf(z.string()),
    location: z.string(),
    antfly_version: text,
    // 0.2's specification has it, but no server sends it.
    format: text,
  })
  .transform((seen) => ({
    backupId: seen.backup_id,
    timestamp: seen.timestamp,
    tables: seen.tables,
    location: seen.location,
    antflyVersion: seen.antfly_version,
    format: seen.format,
  }));

/** A backup in the list of a location. */
export type BackupInfo = z.output<typeof backup>;

const job = z
  .object({
    job_id: z.string(),
    backup_id: z.string(),
    // queued, running, succeeded, failed, cancelled.
    phase: z.string(),
    // TableAlreadyExists (nothing was restored), InvalidRequest (no such backup),
    // ClusterRestorePartialFailure (the other tables were restored).
    error: text,
    result: z
      .object({
        status: z.string(),
        committed_table_count: z.number().default(0),
        skipped_table_count: z.number().default(0),
        failure_details: listOf(z.object({ table_name: z.string(), error: z.string() })),
      })
      .nullish(),
  })
  .transform((seen) => ({
    jobId: seen.job_id,
    backupId: seen.backup_id,
    phase: seen.phase,
    error: seen.error,
    result: seen.result
      ? {
          status: seen.result.status,
          committedTables: seen.result.committed_table_count,
          skippedTables: seen.result.skipped_table_count,
          failures: seen.result.failure_details.map((failure) => ({
            table: failure.table_name,
            error: failure.error,
          })),
        }
      : undefined,
  }));

/** A restore on a 0.2 server. It runs in the background, and only the job shows its failures. */
export type RestoreJob = z.output<typeof job>;

/** v0.1 has no jobs: it names the tables whose restore has started, and nothing afterwards. */
const triggered = z.object({ status: z.string(), tables: listOf(table) });

/** Where backups are. */
export interface BackupPlace {
  /** For instance `s3://bucket/path`. 0.2 answers 500 to a trailing slash. */
  location: string;
  /** Name of a connection in the server's configuration. 0.2 requires one; v0.1 has none. */
  connection?: string;
}

/** Tables of one backup. */
interface Selection extends BackupPlace {
  backupId: string;
  /** At least one; undefined means all. */
  tableNames?: readonly string[];
}

export interface BackupRequest extends Selection {
  format?: BackupFormat;
}

export interface RestoreRequest extends Selection {
  mode?: RestoreMode;
}

interface Listing extends BackupPlace, Addressed {
  /** 0.2 only: 1 to 1000; default: 100. */
  limit?: number;
  /** 0.2 only: the last ID of the previous page. */
  cursor?: string;
}

export const readStatus = endpoint({
  operation: "read the cluster's status",
  method: "GET",
  path: (at: Addressed) => path`/${firstSegment(at)}/v1/status`,
  answer: status,
});

// On the health port, which needs no credential. v0.1 answers "ok", 0.2 {"status":"ok"}.
export const readHealth = endpoint({
  operation: "read the server's health",
  method: "GET",
  path: () => path`/healthz`,
  answer: "text",
});

// On the health port too. On the API's port, this path serves the dashboard: 200 with HTML.
export const readMetrics = endpoint({
  operation: "read the server's metrics",
  method: "GET",
  path: () => path`/metrics`,
  answer: "text",
});

export const listSecrets = endpoint({
  operation: "list secrets",
  method: "GET",
  path: (at: Addressed) => path`/${firstSegment(at)}/v1/secrets`,
  answer: z.object({ secrets: onlyListOf(secret) }),
});

// 200 for new and overwritten secrets alike. 503 in multi-node mode.
export const putSecret = endpoint({
  operation: "store a secret",
  method: "PUT",
  path: ({ key, ...at }: { key: string } & NewSecret & Addressed) =>
    path`/${firstSegment(at)}/v1/secrets/${key}`,
  body: ({ value }): NewSecret => ({ value }),
  answer: secret,
});

/** The same, sent once: for a key that was free, which someone else may have stored since. */
export const putSecretOnce = { ...putSecret, repeatable: false };

// 204, then 404; also 404 for a secret from the environment, which stays listed.
export const deleteSecret = endpoint({
  operation: "delete a secret",
  method: "DELETE",
  path: ({ key, ...at }: { key: string } & Addressed) =>
    path`/${firstSegment(at)}/v1/secrets/${key}`,
  answer: "none",
});

// Answers when the backup has ended, after minutes to hours. 200 does not mean success: a missing table
// gives 200 and "partial". 0.2 answers 400 to unknown fields, so each dialect gets its own.
export const takeBackup = endpoint({
  operation: "take a backup",
  method: "POST",
  path: (at: BackupRequest & Addressed) => path`/${firstSegment(at)}/v1/backup`,
  body: ({ dialect, backupId, location, tableNames, connection, format }) => ({
    backup_id: backupId,
    location,
    table_names: tableNames,
    ...(dialect === "0.2" && { connection, format }),
  }),
  answer: z.object({ status: z.string(), tables: listOf(table) }),
  timeoutSeconds: 2 * 60 * 60,
});

// v0.1 reads each manifest at the location before it answers, which takes time.
export const listBackups = endpoint({
  operation: "list backups",
  method: "GET",
  path: (at: Listing) => path`/${firstSegment(at)}/v1/backups`,
  query: ({ dialect, location, connection, limit, cursor }) => ({
    location,
    ...(dialect === "0.2" && { connection, limit: limit?.toString(), cursor }),
  }),
  answer: z.object({ backups: onlyListOf(backup), next_cursor: text }),
  timeoutSeconds: 5 * 60,
});

// Asynchronous in both dialects: 202.
export const restore = endpoint({
  operation: "restore a backup",
  method: "POST",
  path: (at: RestoreRequest & Addressed) => path`/${firstSegment(at)}/v1/restore`,
  body: ({ dialect, backupId, location, tableNames, mode, connection }) => ({
    backup_id: backupId,
    location,
    table_names: tableNames,
    restore_mode: mode,
    ...(dialect === "0.2" && { connection }),
  }),
  answer: z.union([job, triggered]),
});

/** The same with an idempotency key, for which 0.2 answers a repeated body with the same job. */
export const restoreOnce = { ...restore, repeatable: true };

// 0.2 only.
export const readRestoreJob = endpoint({
  operation: "read a restore job",
  method: "GET",
  path: ({ id }: { id: string }) => path`/db/v1/restore/jobs/${id}`,
  answer: job,
});
