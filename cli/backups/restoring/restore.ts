import { createHash, randomUUID } from "node:crypto";
import { type AntflyApi, hasEnded } from "../../../provider/antfly/api";
import type { RestoreMode, RestoreRequest } from "../../../provider/antfly/endpoints";
import type { RestoreJob, TableOutcome } from "../../../provider/antfly/responses";
import { FormationsError } from "../../../provider/errors";
import { waitUntil } from "../../../provider/resource/wait";
import type { CommandCall } from "../../call";

/** A restore that can't start as requested, or that did not restore everything. */
export class RestoreFailed extends FormationsError {
  readonly code = "RESTORE_FAILED";
}

/** What a restore would do with each table. */
export interface RestorePlan {
  request: RestoreRequest & { mode: RestoreMode };
  /** Tables to restore. */
  tables: string[];
  /** Those of them that exist now and would be replaced. */
  replaced: string[];
  /** Tables to leave unchanged, since they exist. */
  skipped: string[];
}

/** What a restore did. */
export interface Restored {
  /** 0.2 only. */
  jobId?: string;
  tables: TableOutcome[];
}

/**
 * Finds out what a restore would do. Changes nothing. v0.1 restores some tables before it refuses
 * because of an existing one, so this checks for existing tables first.
 *
 * @throws RestoreFailed if the backup does not exist or lacks a table, or if tables exist and the mode
 * does not allow that
 */
export async function planRestore(
  api: AntflyApi,
  request: RestoreRequest,
  call: CommandCall,
): Promise<RestorePlan> {
  const { backupId, location, connection, tableNames, mode = "fail_if_exists" } = request;
  const listed = await api.backups({ location, connection }, call);
  const backup = listed.find((one) => one.backupId === backupId);
  if (!backup) throw noBackup(backupId, location);
  const asked = tableNames ?? backup.tables;
  if (asked.length === 0) {
    throw new RestoreFailed(
      backup.hidesTables
        ? `The list does not say which tables backup ${backupId} contains. Name them with --table. Nothing was restored.`
        : `Backup ${backupId} contains no tables. Nothing was restored.`,
    );
  }
  // A list that names no tables does not say that a table is lacking: the server decides.
  const lacking = asked.filter((name) => !backup.tables.includes(name));
  if (!backup.hidesTables && lacking.length > 0) {
    const contained = backup.tables.join(", ") || "no tables";
    throw new RestoreFailed(
      `Backup ${backupId} does not contain ${lacking.join(", ")}; it contains ${contained}. Nothing was restored.`,
    );
  }
  const all = new Set(await api.tables(call));
  const existing = asked.filter((name) => all.has(name));
  if (mode === "fail_if_exists" && existing.length > 0) {
    throw new RestoreFailed(
      `Tables already exist: ${existing.join(", ")}. Nothing was restored. ` +
        "Use --mode overwrite to replace them, --mode skip-if-exists to keep them, or --table to choose others.",
    );
  }
  const skipped = mode === "skip_if_exists" ? existing : [];
  const tables = asked.filter((name) => !skipped.includes(name));
  const replaced = mode === "overwrite" ? existing : [];
  return { request: { ...request, mode }, tables, replaced, skipped };
}

/** The error for a backup that a location does not list; `which`: its ID, or what it was chosen by. */
export function noBackup(which: string, location: string): RestoreFailed {
  return new RestoreFailed(
    `There is no backup ${which} at ${location}. Run \`formations backups list\` to see the backups there.`,
  );
}

/**
 * Restores, and waits for the end. On 0.2 a repeated call joins the job that the first one started, as
 * long as it is running.
 *
 * @param key the idempotency key: returns the job that it started, even one that has ended
 * @throws RestoreFailed with the tables that were restored, those that were not, and why
 */
export async function restore(
  api: AntflyApi,
  plan: RestorePlan,
  call: CommandCall,
  key?: string,
): Promise<Restored> {
  const { request, skipped } = plan;
  let started = await api.restore(request, call, key ?? keyOf(request));
  if (key === undefined && started.kind === "job" && hasEnded(started.job)) {
    // An earlier job, which has ended: this request is a new one.
    started = await api.restore(request, call, randomUUID());
  }
  if (started.kind === "triggered") return awaitTables(api, plan, started.tables, call);
  call.say(`Restore job ${started.job.jobId} continues on the server even if this command ends.`);
  const job = await awaitJob(api, started.job, request.backupId, call);
  const tables = outcomes(plan, job);
  if (job.phase === "succeeded") return { jobId: job.jobId, tables };
  throw failed(
    `The restore of ${request.backupId} ${job.phase} (${wordsOf(job)})`,
    tables,
    skipped,
  );
}

/** The same request, the same key. */
function keyOf({ backupId, location, connection, tableNames, mode }: RestoreRequest): string {
  const parts = JSON.stringify([backupId, location, connection, tableNames?.toSorted(), mode]);
  return `formations-${createHash("sha256").update(parts).digest("hex")}`;
}

async function awaitJob(
  api: AntflyApi,
  started: RestoreJob,
  backupId: string,
  call: CommandCall,
): Promise<RestoreJob> {
  const seen = await waitUntil({
    what: `restore job ${started.jobId} of backup ${backupId} to end`,
    poll: async () => (await api.restoreJob(started.jobId, call)) ?? "gone",
    verdict: (seen) => {
      if (seen === "gone") return { failed: "the server no longer knows it" };
      return hasEnded(seen) ? "done" : "waiting";
    },
    describe: (seen) => (seen === "gone" ? seen : seen.phase),
    progress: (text) => call.say(`Restoring ${backupId}: ${text}`),
    ...call,
    afterwards: "run the same command again to wait for the same job",
  });
  if (seen === "gone") throw new TypeError("A wait must fail when the job is gone.");
  return seen;
}

/** v0.1 reports nothing once a restore has started: only the list of tables shows progress. */
async function awaitTables(
  api: AntflyApi,
  { tables, request }: RestorePlan,
  triggered: TableOutcome[],
  call: CommandCall,
): Promise<Restored> {
  const lacking = (seen: string[]) => tables.filter((name) => !seen.includes(name));
  await waitUntil({
    what: `the tables of backup ${request.backupId} to appear`,
    poll: () => api.tables(call),
    verdict: (seen) => (lacking(seen).length === 0 ? "done" : "waiting"),
    describe: (seen) => `missing: ${lacking(seen).join(", ")}`,
    progress: (text) => call.say(`Restoring ${request.backupId}: ${text}`),
    ...call,
    afterwards: "check the server's log, since v0.1 servers do not report on restores",
  });
  call.say(
    "The tables exist. v0.1 servers do not report when documents are restored; compare them with `formations backups verify`.",
  );
  return { tables: triggered };
}

/** The job names only the tables that failed. */
function outcomes({ tables, skipped }: RestorePlan, job: RestoreJob): TableOutcome[] {
  const failures = new Map(job.result?.failures.map(({ table, error }) => [table, error]));
  // A job without a result ended before it touched a table.
  const rest = job.result ? "restored" : "failed";
  return [
    ...tables.map((name) => ({
      name,
      status: failures.has(name) ? "failed" : rest,
      error: failures.get(name) ?? (job.result ? undefined : wordsOf(job)),
    })),
    ...skipped.map((name) => ({ name, status: "skipped", error: undefined })),
  ];
}

const meanings: Record<string, string> = {
  TableAlreadyExists: "a table exists, so nothing was restored",
  InvalidRequest: "the server cannot find that backup there",
  ClusterRestorePartialFailure: "some tables were not restored",
};

function wordsOf({ phase, error }: RestoreJob): string {
  if (error === undefined) return phase;
  const meaning = meanings[error];
  return meaning ? `${error}: ${meaning}` : error;
}

function failed(what: string, tables: TableOutcome[], skipped: string[]): RestoreFailed {
  const named = (status: string) => tables.filter((one) => one.status === status);
  const restored = named("restored").map(({ name }) => name);
  const lines = named("failed").map(({ name, error }) => `\n  ${name}: ${error}`);
  const kept = skipped.length > 0 ? ` Left unchanged: ${skipped.join(", ")}.` : "";
  return new RestoreFailed(
    `${what}. Restored: ${restored.join(", ") || "none"}.${kept} Not restored:${lines.join("")}`,
  );
}
