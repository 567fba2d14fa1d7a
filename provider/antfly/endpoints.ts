import { z } from "zod";
import { endpoint, listOf } from "../http/endpoint";
import { path } from "../http/path";
import { type Addressed, firstSegment } from "./dialect";

/** How a backup's tables are stored. 0.2 only; its default is portable. */
export const backupFormats = ["native", "portable"] as const;
export type BackupFormat = (typeof backupFormats)[number];

/** What a restore does with tables that exist: by default, nothing is restored then. */
export const restoreModes = ["fail_if_exists", "skip_if_exists", "overwrite"] as const;
export type RestoreMode = (typeof restoreModes)[number];

/** v0.1 leaves optional fields out, 0.2 sends some as null. */
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);

/** A list that may be null, but not missing: it is all that the response is for. */
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
    // v0.1 leaves a false out.
    auth_enabled: z.boolean().default(false),
    // 0.2: embedded, distributed, standalone, serverless.
    deployment_mode: text,
    // v0.1, which leaves a false out.
    swarm_mode: z.boolean().optional(),
  })
  .transform((seen) => ({
    health: seen.health,
    message: seen.message,
    authEnabled: seen.auth_enabled,
    deploymentMode: seen.deployment_mode,
    swarmMode: seen.swarm_mode,
  }));

/** A cluster's health, and how it is deployed: `deploymentMode` in 0.2, `swarmMode` in v0.1. */
export type ClusterStatus = z.output<typeof status>;

const secret = z
  .object({
    key: z.string(),
    // v0.1: configured_keystore, configured_env, configured_both; 0.2 says configured_file for the first.
    // Of the two in `both` the stored value is used, as the sources of both have it.
    status: z.string(),
    env_var: text,
    // One that comes from the environment has no times; 0.2.2's times are in 1970, 0.2.5's are right.
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

/** What became of one table. */
const table = z.object({
  name: z.string(),
  // Of a backup: completed, successful, failed, skipped, ambiguous; of a restore: triggered, skipped, failed.
  status: z.string(),
  error: text,
});

/** What became of one table of a backup or a restore, in the server's words. */
export type TableOutcome = z.output<typeof table>;

const backup = z
  .object({
    backup_id: z.string(),
    // RFC 3339. v0.1: to the nanosecond, in the server's zone; 0.2: the end of the backup, whole seconds, UTC.
    timestamp: z.string(),
    // The tables that are in it: those that failed are left out.
    tables: listOf(z.string()),
    location: z.string(),
    antfly_version: text,
    // In 0.2's specification, yet never sent.
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

/** A backup, as a location lists it. */
export type BackupInfo = z.output<typeof backup>;

const job = z
  .object({
    job_id: z.string(),
    backup_id: z.string(),
    // queued, running, succeeded, failed, cancelled.
    phase: z.string(),
    // TableAlreadyExists (nothing was restored), InvalidRequest (no such backup),
    // ClusterRestorePartialFailure (the other tables are restored).
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

/** A restore of a 0.2 server: it goes on in the background, and its failures show only here. */
export type RestoreJob = z.output<typeof job>;

/** v0.1 has no jobs: it tells which tables it has begun with, and nothing later on. */
const triggered = z.object({ status: z.string(), tables: listOf(table) });

/** Where backups lie. */
export interface BackupPlace {
  /** Without a trailing slash, to which 0.2 answers 500: `s3://bucket/path`. */
  location: string;
  /** Name of a connection of the server's configuration. 0.2 demands it; v0.1 has none. */
  connection?: string;
}

/** Which tables of a place are meant. */
interface Selection extends BackupPlace {
  backupId: string;
  /** One at least; undefined means all. */
  tableNames?: readonly string[];
}

export interface BackupRequest extends Selection {
  format?: BackupFormat;
}

export interface RestoreRequest extends Selection {
  mode?: RestoreMode;
}

interface Listing extends BackupPlace, Addressed {
  /** 0.2 only: 1 to 1000, by default 100. */
  limit?: number;
  /** 0.2 only: the last ID of the page before. */
  cursor?: string;
}

export const readStatus = endpoint({
  operation: "read the cluster's status",
  method: "GET",
  path: (at: Addressed) => path`/${firstSegment(at)}/v1/status`,
  answer: status,
});

// Both on the health port; they want no credential. v0.1 answers "ok", 0.2 {"status":"ok"}.
export const readHealth = endpoint({
  operation: "read the server's health",
  method: "GET",
  path: () => path`/healthz`,
  answer: "text",
});

// On the API's port this path is the dashboard, 200 HTML.
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

// 200 whether it is new or not: an existing one is overwritten. 503 in multi-node mode.
export const putSecret = endpoint({
  operation: "store a secret",
  method: "PUT",
  path: ({ key, ...at }: { key: string; value: string } & Addressed) =>
    path`/${firstSegment(at)}/v1/secrets/${key}`,
  body: ({ value }) => ({ value }),
  answer: secret,
});

/** The same, sent once: for a key that was not there, which nobody may have stored since. */
export const putSecretOnce = { ...putSecret, repeatable: false };

// 204, then 404; one that comes from the environment answers 404 too, and stays listed.
export const deleteSecret = endpoint({
  operation: "delete a secret",
  method: "DELETE",
  path: ({ key, ...at }: { key: string } & Addressed) =>
    path`/${firstSegment(at)}/v1/secrets/${key}`,
  answer: "none",
});

// Answers when the backup has ended: after minutes, or an hour. 200 is no success by itself: a missing
// table gives 200 and "partial". 0.2 refuses unknown fields with a 400, so each dialect gets its own.
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

// v0.1 reads each manifest of the location before it answers, hence the time.
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

/** The same under an idempotency key, which 0.2 knows: the same body again answers the same job. */
export const restoreOnce = { ...restore, repeatable: true };

// 0.2 only.
export const readRestoreJob = endpoint({
  operation: "read a restore job",
  method: "GET",
  path: ({ id }: { id: string }) => path`/db/v1/restore/jobs/${id}`,
  answer: job,
});
