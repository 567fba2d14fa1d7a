import { z } from "zod";
import { neededList, nullableField, optionalField, optionalList } from "../http/fields";

/** A text that no verb depends on. */
const text = optionalField(z.string());

// What the verbs need is required; everything else is optional at every depth, since releases differ in
// what they leave out, send as null, or spell otherwise.

/** `GET /status`: the health is what it is asked for. */
export const status = z
  .object({
    // unknown, healthy, unhealthy, degraded and error are documented.
    health: z.string(),
    message: text,
    // v0.1 omits false.
    auth_enabled: optionalField(z.boolean()),
    // 0.2: embedded, distributed, standalone, serverless.
    deployment_mode: text,
    // v0.1 only, which omits false.
    swarm_mode: optionalField(z.boolean()),
  })
  .transform((seen) => ({
    health: seen.health,
    message: seen.message,
    authEnabled: seen.auth_enabled ?? false,
    deploymentMode: seen.deployment_mode,
    swarmMode: seen.swarm_mode,
  }));

/** A cluster's health and its kind of deployment: `deploymentMode` in 0.2, `swarmMode` in v0.1. */
export type ClusterStatus = z.output<typeof status>;

const secretFacts = {
  // v0.1: configured_keystore, configured_env, configured_both; 0.2: configured_file for the first.
  // In `both`, the server uses the stored value, as the sources of both versions show.
  status: text,
  env_var: text,
  // Servers newer than 0.2.5: where the value comes from, and whether it is in the server's own store.
  source: text,
  managed: optionalField(z.boolean()),
  // A secret from the environment has no times; those of 0.2.2 are in 1970, those of 0.2.5 are right.
  created_at: text,
  updated_at: text,
};

const entryOf = (seen: z.output<z.ZodObject<typeof secretFacts>>) => ({
  status: seen.status ?? "unknown",
  envVar: seen.env_var,
  source: seen.source,
  managed: seen.managed,
  createdAt: seen.created_at,
  updatedAt: seen.updated_at,
});

/** A secret in the list. Without its key it could be any: only then is the list unreadable. */
export const secret = z
  .object({ key: z.string(), ...secretFacts })
  .transform((seen) => ({ key: seen.key, ...entryOf(seen) }));

/** A secret without its value, which no call returns. */
export type SecretEntry = z.output<typeof secret>;

/** What a PUT answers. Its status says that the secret is stored; the request has the key. */
export const storedSecret = z.object(secretFacts).transform(entryOf);

/** `GET /secrets`. */
export const secretList = z.object({
  secrets: neededList(secret),
  // Servers newer than 0.2.5: whether the server has a store of its own.
  writable: optionalField(z.boolean()),
});

const table = z
  .object({
    name: z.string(),
    // Backups: completed, successful, failed, skipped, ambiguous; restores: triggered, skipped, failed.
    status: text,
    error: text,
  })
  .transform(({ status = "unknown", ...seen }) => ({ ...seen, status }));

/** The outcome of one table in a backup or restore, in the server's words. */
export type TableOutcome = z.output<typeof table>;

/** `POST /backup`: the outcome as a whole decides. */
export const takenBackup = z.object({ status: z.string(), tables: optionalList(table) });

const backup = z
  .object({
    backup_id: z.string(),
    // RFC 3339. v0.1: nanoseconds, in the server's zone; 0.2: end of the backup, whole seconds, UTC.
    timestamp: text,
    // Without the tables that failed. v0.1 sends null for none.
    tables: nullableField(z.array(z.unknown())),
    location: text,
    antfly_version: text,
    // 0.2's specification has it, but no server sends it.
    format: text,
  })
  .transform((seen) => ({
    backupId: seen.backup_id,
    timestamp: seen.timestamp,
    tables: (seen.tables ?? []).filter((name) => typeof name === "string"),
    /** Set where the list does not say which tables it contains. */
    hidesTables: seen.tables === undefined ? true : undefined,
    location: seen.location,
    antflyVersion: seen.antfly_version,
    format: seen.format,
  }));

/** A backup as a list has it. */
export type ListedBackup = z.output<typeof backup>;

/** `GET /backups`. */
export const backupList = z.object({
  backups: neededList(backup),
  // Without the cursor the rest of the list would be missing: one that can't be read is an error.
  next_cursor: z
    .string()
    .nullish()
    .transform((cursor) => cursor ?? undefined),
});

const count = optionalField(z.number()).transform((number) => number ?? 0);

const failure = z.object({ table_name: z.string(), error: text }).transform((seen) => ({
  table: seen.table_name,
  error: seen.error ?? "the server gives no reason",
}));

const jobFacts = {
  backup_id: text,
  // TableAlreadyExists (nothing was restored), InvalidRequest (no such backup),
  // ClusterRestorePartialFailure (the other tables were restored).
  error: text,
  result: optionalField(
    z
      .object({
        status: text,
        committed_table_count: count,
        skipped_table_count: count,
        failure_details: optionalList(failure),
      })
      .transform((seen) => ({
        status: seen.status,
        committedTables: seen.committed_table_count,
        skippedTables: seen.skipped_table_count,
        failures: seen.failure_details,
      })),
  ),
};

/** `POST /restore` of 0.2: the job's ID is what it can be followed by. */
export const startedJob = z
  .object({ job_id: z.string(), phase: text, ...jobFacts })
  .transform(({ job_id: jobId, backup_id: backupId, phase = "queued", error, result }) => {
    return { jobId, backupId, phase, error, result };
  });

/** `GET /restore/jobs/{id}`. Phases: queued, running, succeeded, failed, cancelled. */
export const job = z
  .object({ phase: z.string(), ...jobFacts })
  .transform(({ backup_id: backupId, phase, error, result }) => {
    return { backupId, phase, error, result };
  });

/** A restore on a 0.2 server. It runs in the background, and only the job shows its failures. */
export type RestoreJob = z.output<typeof startedJob>;

/** v0.1 has no jobs: it names the tables whose restore has started, and nothing afterwards. */
export const triggered = z
  .object({ status: text, tables: optionalList(table) })
  .transform(({ status = "triggered", ...seen }) => ({ ...seen, status }));
