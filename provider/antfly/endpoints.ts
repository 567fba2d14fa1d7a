import { endpoint } from "../http/endpoint";
import { path } from "../http/path";
import { type Addressed, firstSegment } from "./dialect";
import {
  backupList,
  job,
  secretList,
  startedJob,
  status,
  storedSecret,
  takenBackup,
  triggered,
} from "./responses";

/** How a backup stores tables. 0.2 only; default: portable. */
export const backupFormats = ["native", "portable"] as const;
export type BackupFormat = (typeof backupFormats)[number];

/** What a restore does when tables exist. Default: nothing is restored. */
export const restoreModes = ["fail_if_exists", "skip_if_exists", "overwrite"] as const;
export type RestoreMode = (typeof restoreModes)[number];

/** What a request to store a secret sends. */
export interface NewSecret {
  value: string;
}

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
  answer: secretList,
});

// 200 for new and overwritten secrets alike. 503 in multi-node mode.
export const putSecret = endpoint({
  operation: "store a secret",
  method: "PUT",
  path: ({ key, ...at }: { key: string } & NewSecret & Addressed) =>
    path`/${firstSegment(at)}/v1/secrets/${key}`,
  body: ({ value }): NewSecret => ({ value }),
  answer: storedSecret,
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
  answer: takenBackup,
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
  answer: backupList,
  timeoutSeconds: 5 * 60,
});

// Asynchronous in both dialects: 202.
const restoring = {
  operation: "restore a backup",
  method: "POST" as const,
  path: (at: RestoreRequest & Addressed) => path`/${firstSegment(at)}/v1/restore`,
  body: ({
    dialect,
    backupId,
    location,
    tableNames,
    mode,
    connection,
  }: RestoreRequest & Addressed) => ({
    backup_id: backupId,
    location,
    table_names: tableNames,
    restore_mode: mode,
    ...(dialect === "0.2" && { connection }),
  }),
};

// v0.1.
export const restore = endpoint({ ...restoring, answer: triggered });

// 0.2, which answers a repeated body with the same job, by its idempotency key.
export const restoreOnce = endpoint({ ...restoring, answer: startedJob, repeatable: true });

// 0.2 only.
export const readRestoreJob = endpoint({
  operation: "read a restore job",
  method: "GET",
  path: ({ id }: { id: string }) => path`/db/v1/restore/jobs/${id}`,
  answer: job,
});
