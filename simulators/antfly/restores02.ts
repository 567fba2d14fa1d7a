import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { SimAnswer, SimRequest } from "../kit/route.ts";
import { error, text } from "./answers.ts";
import { backupId, tableNames } from "./backups02.ts";
import { authorizeLocation } from "./connection.ts";
import type { World } from "./world.ts";

const restoreRequest = z.strictObject({
  backup_id: backupId,
  location: z.string(),
  connection: z.string(),
  restore_mode: z.string().default("fail_if_exists"),
  table_names: tableNames.optional(),
});

type RestoreRequest = z.infer<typeof restoreRequest>;

/** How a job ended with its tables. */
interface RestoreResult {
  status: "completed" | "partial" | "failed";
  restored: string[];
  skipped: string[];
  /** Tables that the backup doesn't have. */
  failed: string[];
}

/** A restore under way or done (0.2). */
export interface SimRestoreJob {
  /** Up to 19 digits: more than a number can hold. */
  id: string;
  request: RestoreRequest;
  phase: "queued" | "running" | "succeeded" | "failed" | "cancelled";
  error?: string;
  result?: RestoreResult;
  /** Simulated milliseconds since the epoch. */
  createdAt: number;
  updatedAt: number;
}

/** The restores of a server of 0.2. */
export class Restores {
  /** By ID, in the order of creation. */
  readonly jobs = new Map<string, SimRestoreJob>();
  private readonly byKey = new Map<string, SimRestoreJob>();
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  /** `POST /restore`: answers a job to poll; what goes wrong later shows in the job only. */
  start(request: SimRequest): SimAnswer {
    const parsed = restoreRequest.safeParse(request.isJson ? request.body : undefined);
    if (!parsed.success) return error(400, "invalid restore request");
    if (!["fail_if_exists", "skip_if_exists", "overwrite"].includes(parsed.data.restore_mode)) {
      return error(400, "invalid restore mode");
    }
    const { connections } = this.world;
    const { reachable } = authorizeLocation(connections, parsed.data, "restore.read", "restore");
    const key = request.headers["idempotency-key"];
    if (key !== undefined && (key === "" || key.length > 256)) {
      return error(400, "invalid idempotency key");
    }
    const known = key === undefined ? undefined : this.byKey.get(key);
    if (known !== undefined) {
      const isSame = isDeepStrictEqual(known.request, parsed.data);
      return isSame
        ? accepted(known)
        : error(409, "idempotency key reused for a different restore");
    }
    const now = this.world.clock.now();
    const job: SimRestoreJob = {
      id: (randomBytes(8).readBigUInt64BE() >> 1n).toString(),
      request: parsed.data,
      phase: "queued",
      createdAt: now,
      updatedAt: now,
    };
    this.jobs.set(job.id, job);
    if (key !== undefined) this.byKey.set(key, job);
    const answer = accepted(job);
    void this.run(job, reachable);
    return answer;
  }

  /** `GET /restore/jobs/{id}`. */
  get(id: string): SimAnswer {
    if (!/^\d{1,20}$/.test(id)) return text(400, "invalid job id", false);
    const job = this.jobs.get(id);
    return job === undefined
      ? text(404, "not found", false)
      : { status: 200, body: toPayload(job) };
  }

  /** `DELETE /restore/jobs/{id}`: cancels what is not over yet. */
  cancel(id: string): SimAnswer {
    const job = this.jobs.get(id);
    if (job !== undefined && !isOver(job)) {
      Object.assign(job, { phase: "cancelled", updatedAt: this.world.clock.now() });
    }
    return this.get(id);
  }

  /** `GET /restore/jobs`: the newest first. */
  list(): SimAnswer {
    return { status: 200, body: { jobs: [...this.jobs.values()].reverse().map(toPayload) } };
  }

  private async run(job: SimRestoreJob, reachable: boolean): Promise<void> {
    const { clock } = this.world;
    const duration = this.world.restoreSeconds * 1000;
    await clock.sleep(duration / 10);
    if (isOver(job)) return;
    Object.assign(job, { phase: "running", updatedAt: clock.now() });
    await clock.sleep(duration - duration / 10);
    if (isOver(job)) return;
    const outcome = reachable ? this.apply(job.request) : { error: "InternalFailure" };
    const phase = outcome.error === undefined ? "succeeded" : "failed";
    Object.assign(job, { ...outcome, phase, updatedAt: clock.now() });
  }

  private apply(request: RestoreRequest): Pick<SimRestoreJob, "error" | "result"> {
    const { tables } = this.world;
    const backup = this.world.backups(request.location).get(request.backup_id);
    if (backup === undefined || !backup.readable) return { error: "InvalidRequest" };
    const asked = request.table_names ?? [...backup.tables.keys()];
    const existing = asked.filter((name) => tables.has(name));
    const mode = request.restore_mode;
    if (mode === "fail_if_exists" && existing.length > 0) return { error: "TableAlreadyExists" };
    const failed = asked.filter((name) => !backup.tables.has(name));
    const skipped =
      mode === "skip_if_exists" ? existing.filter((name) => !failed.includes(name)) : [];
    const restored = asked.filter((name) => !failed.includes(name) && !skipped.includes(name));
    for (const name of restored) this.world.restore(backup, name);
    if (failed.length === 0) return { result: { status: "completed", restored, skipped, failed } };
    const status = restored.length === 0 ? "failed" : "partial";
    return {
      error: "ClusterRestorePartialFailure",
      result: { status, restored, skipped, failed },
    };
  }
}

function isOver(job: SimRestoreJob): boolean {
  return ["succeeded", "failed", "cancelled"].includes(job.phase);
}

function accepted(job: SimRestoreJob): SimAnswer {
  return {
    status: 202,
    headers: { location: `/db/v1/restore/jobs/${job.id}`, "retry-after": "1" },
    body: toPayload(job),
  };
}

function toPayload(job: SimRestoreJob) {
  const { result } = job;
  const restored = result?.restored.length ?? 0;
  const week = 7 * 24 * 60 * 60 * 1000;
  return {
    job_id: job.id,
    attempt_id: job.phase === "queued" ? 0 : 1,
    scope: "cluster",
    backup_id: job.request.backup_id,
    phase: job.phase,
    cancel_requested: job.phase === "cancelled",
    durability_pending_table_count: 0,
    published_table_count: restored,
    completed_table_count: restored,
    total_table_count: job.request.table_names?.length,
    result: result && {
      status: result.status,
      triggered_table_count: 0,
      committed_table_count: restored,
      durability_pending_table_count: 0,
      skipped_table_count: result.skipped.length,
      failed_table_count: result.failed.length,
      failure_details: result.failed.map((table_name) => ({
        table_name,
        error: "backup does not include table",
        table_name_truncated: false,
      })),
      failure_details_truncated: false,
    },
    error: job.error,
    created_at_ms: Math.floor(job.createdAt),
    updated_at_ms: Math.floor(job.updatedAt),
    expires_at_ms: isOver(job) ? Math.floor(job.updatedAt) + week : undefined,
  };
}
