import { createHash, randomUUID } from "node:crypto";
import { type AntflyApi, hasEnded } from "../../../provider/antfly/api";
import type {
  RestoreJob,
  RestoreMode,
  RestoreRequest,
  TableOutcome,
} from "../../../provider/antfly/endpoints";
import { FormationsError } from "../../../provider/errors";
import { waitUntil } from "../../../provider/resource/wait";
import { type Call, sending } from "../place";

/** A restore that cannot begin as it is asked, or that did not bring back what was asked. */
export class RestoreFailed extends FormationsError {
  readonly code = "RESTORE_FAILED";
}

/** What a restore would do with each table. */
export interface RestorePlan {
  request: RestoreRequest & { mode: RestoreMode };
  /** Tables that come back. */
  tables: string[];
  /** Those of them that are there now and would be replaced. */
  replaced: string[];
  /** Tables that stay as they are, since they exist. */
  skipped: string[];
}

/** What became of a restore. */
export interface Restored {
  /** 0.2 only. */
  jobId?: string;
  tables: TableOutcome[];
}

/**
 * Finds out what a restore would do. Changes nothing. v0.1 restores some tables before it refuses since
 * another one exists, so what exists is looked for here first.
 *
 * @throws RestoreFailed where there is no such backup, where it lacks a table, or where tables exist that
 * the mode does not allow
 */
export async function planRestore(
  api: AntflyApi,
  request: RestoreRequest,
  call: Call,
): Promise<RestorePlan> {
  const { backupId, location, connection, tableNames, mode = "fail_if_exists" } = request;
  const listed = await api.backups({ location, connection }, sending(call));
  const backup = listed.find((one) => one.backupId === backupId);
  if (!backup) {
    throw new RestoreFailed(
      `There is no backup ${backupId} at ${location}. \`formations backups list\` shows what is there.`,
    );
  }
  const asked = tableNames ?? backup.tables;
  const lacking = asked.filter((name) => !backup.tables.includes(name));
  if (lacking.length > 0) {
    throw new RestoreFailed(
      `The backup ${backupId} has no ${lacking.join(", ")}: it has ${backup.tables.join(", ")}. Nothing was restored.`,
    );
  }
  const there = new Set(await api.tables(sending(call)));
  const existing = asked.filter((name) => there.has(name));
  if (mode === "fail_if_exists" && existing.length > 0) {
    throw new RestoreFailed(
      `Tables exist already: ${existing.join(", ")}. Nothing was restored. ` +
        "--mode overwrite replaces them, --mode skip-if-exists leaves them, --table names others.",
    );
  }
  const skipped = mode === "skip_if_exists" ? existing : [];
  const tables = asked.filter((name) => !skipped.includes(name));
  const replaced = mode === "overwrite" ? existing : [];
  return { request: { ...request, mode }, tables, replaced, skipped };
}

/**
 * Restores, and waits for the end. On 0.2 a repeated call joins the job that the first one began, as
 * long as it goes on.
 *
 * @param key the idempotency key: the job that it began is the answer even when it has ended
 * @throws RestoreFailed with what came back and what did not, and why
 */
export async function restore(
  api: AntflyApi,
  plan: RestorePlan,
  call: Call,
  key?: string,
): Promise<Restored> {
  const { request, skipped } = plan;
  let begun = await api.restore(request, sending(call), key ?? keyOf(request));
  if (key === undefined && begun.kind === "job" && hasEnded(begun.job)) {
    // An earlier one, which has ended: what is asked now is another.
    begun = await api.restore(request, sending(call), randomUUID());
  }
  if (begun.kind === "triggered") return awaitTables(api, plan, begun.tables, call);
  call.say(
    `Restore job ${begun.job.jobId} goes on at the server, whatever becomes of this command.`,
  );
  const job = await awaitJob(api, begun.job, call);
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

async function awaitJob(api: AntflyApi, begun: RestoreJob, call: Call): Promise<RestoreJob> {
  const seen = await waitUntil({
    what: `restore job ${begun.jobId} of backup ${begun.backupId} to end`,
    poll: async () => (await api.restoreJob(begun.jobId, sending(call))) ?? "gone",
    verdict: (seen) => {
      if (seen === "gone") return { failed: "the server does not know it any more" };
      return hasEnded(seen) ? "done" : "waiting";
    },
    describe: (seen) => (seen === "gone" ? seen : seen.phase),
    progress: (text) => call.say(`Restoring ${begun.backupId}: ${text}`),
    ...call,
    afterwards: "the same command waits for the same job again",
  });
  if (seen === "gone") throw new TypeError("A job that is gone does not end a wait.");
  return seen;
}

/** v0.1 tells nothing after it has begun: a table that is listed is all that can be seen. */
async function awaitTables(
  api: AntflyApi,
  { tables, request }: RestorePlan,
  triggered: TableOutcome[],
  call: Call,
): Promise<Restored> {
  const lacking = (there: string[]) => tables.filter((name) => !there.includes(name));
  await waitUntil({
    what: `the tables of backup ${request.backupId} to be there`,
    poll: () => api.tables(sending(call)),
    verdict: (there) => (lacking(there).length === 0 ? "done" : "waiting"),
    describe: (there) => `not there: ${lacking(there).join(", ")}`,
    progress: (text) => call.say(`Restoring ${request.backupId}: ${text}`),
    ...call,
    afterwards: "look at the server's log: version 0.1 tells nothing else of a restore",
  });
  call.say(
    "The tables are there. A server of version 0.1 does not tell when their documents are: `formations backups verify` compares them.",
  );
  return { tables: triggered };
}

/** The job names those that failed only. */
function outcomes({ tables, skipped }: RestorePlan, job: RestoreJob): TableOutcome[] {
  const failures = new Map(job.result?.failures.map(({ table, error }) => [table, error]));
  // Without a result the job ended before it did anything with a table.
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
  InvalidRequest: "the server finds no such backup there",
  ClusterRestorePartialFailure: "some tables did not come back",
};

function wordsOf({ phase, error }: RestoreJob): string {
  if (error === undefined) return phase;
  const meaning = meanings[error];
  return meaning ? `${error}: ${meaning}` : error;
}

function failed(what: string, tables: TableOutcome[], skipped: string[]): RestoreFailed {
  const named = (status: string) => tables.filter((one) => one.status === status);
  const back = named("restored").map(({ name }) => name);
  const lines = named("failed").map(({ name, error }) => `\n  ${name}: ${error}`);
  const stayed = skipped.length > 0 ? ` Left as they are: ${skipped.join(", ")}.` : "";
  return new RestoreFailed(
    `${what}. Came back: ${back.join(", ") || "none"}.${stayed} Did not come back:${lines.join("")}`,
  );
}
