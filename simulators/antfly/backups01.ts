import { z } from "zod";
import type { SimAnswer, SimRequest } from "../kit/route.ts";
import { spacedError, text } from "./answers.ts";
import type { SimBackup, World } from "./world.ts";

const names = z.array(z.string()).nullish();
const backupRequest = z.looseObject({
  backup_id: z.string().default(""),
  location: z.string().default(""),
  table_names: names,
});
const restoreRequest = backupRequest.extend({ restore_mode: z.string().default("") });

/**
 * `POST /backup` of v0.1: an existing ID is overwritten, and what failed is listed too. Where the
 * client leaves, the tables not done yet fail; the manifest is still written, save to a bucket.
 */
export async function backUp(world: World, request: SimRequest): Promise<SimAnswer> {
  const parsed = parse(backupRequest, request);
  if ("status" in parsed) return parsed;
  const { backup_id: id, location, table_names } = parsed.data;
  const asked = table_names?.length ? table_names : [...world.tables.keys()];
  if (asked.length === 0) return spacedError(400, "No tables to backup");
  const startedAt = world.clock.now();
  const { life } = world;
  const snapshot = world.snapshot(asked);
  await Promise.race([
    world.work(),
    new Promise((resolve) => request.signal.addEventListener("abort", resolve)),
  ]);
  if (world.life !== life) return { status: 500 };
  const isAbandoned = request.signal.aborted;
  if (isAbandoned && location.startsWith("s3://")) return { status: 500 };
  const tables = isAbandoned ? new Map() : snapshot;
  // The directory is made with a table's first file, so without a table there may be none.
  if (tables.size === 0 && isMissing(world, location)) {
    const file = `${directory(location)}/${id}-cluster-metadata.json`;
    const reason = `creating cluster metadata file: open ${file}: no such file or directory`;
    return spacedError(500, `Failed to write cluster metadata: ${reason}`);
  }
  world.publish(location, { id, startedAt, tables });
  const status =
    tables.size === asked.length ? "completed" : tables.size > 0 ? "partial" : "failed";
  const results = asked.map((name) =>
    tables.has(name)
      ? { name, status: "completed" }
      : { error: "table not found: not found", name, status: "failed" },
  );
  return { status: 200, body: { backup_id: id, status, tables: results } };
}

/** `GET /backups` of v0.1: in the order of file names; null where there are none. */
export function listBackups(world: World, request: SimRequest): SimAnswer {
  const location = request.query.get("location") ?? "";
  if (isMissing(world, location)) {
    const reason = `open ${directory(location)}: no such file or directory`;
    return spacedError(500, `Failed to read directory: ${reason}`);
  }
  const file = ({ id }: SimBackup): string => `${id}-cluster-metadata.json`;
  const backups = world
    .listed(location)
    .sort((left, right) => (file(left) < file(right) ? -1 : 1))
    .map(({ id, startedAt, tables }) => ({
      antfly_version: "0.0.1",
      backup_id: id,
      location,
      tables: [...tables.keys()],
      timestamp: nanoseconds(startedAt),
    }));
  return { status: 200, body: { backups: backups.length > 0 ? backups : null } };
}

/** `POST /restore` of v0.1: no job; a conflict is a 400, yet the other tables come back. */
export function restore(world: World, request: SimRequest): SimAnswer {
  const parsed = parse(restoreRequest, request);
  if ("status" in parsed) return parsed;
  const { backup_id: id, location, table_names, restore_mode: mode } = parsed.data;
  const backup = world.backups(location).get(id);
  if (backup === undefined || !backup.readable) {
    const file = `${directory(location)}/${id}-cluster-metadata.json`;
    const reason = `reading cluster metadata file ${file}: open ${file}: no such file or directory`;
    return spacedError(500, `Failed to read cluster backup metadata: ${reason}`);
  }
  const asked = table_names?.length ? table_names : [...backup.tables.keys()];
  if (asked.length === 0) return spacedError(400, "No tables to restore");
  const unknown = asked.find((name) => !backup.tables.has(name));
  if (unknown !== undefined) {
    return spacedError(400, `Table ${unknown} not found in backup or backup failed`);
  }
  const existing = asked.filter((name) => world.tables.has(name));
  const left = mode === "overwrite" ? [] : existing;
  for (const name of asked) if (!left.includes(name)) void bringBack(world, backup, name);
  const [conflict] = existing;
  if (conflict !== undefined && !["overwrite", "skip_if_exists"].includes(mode)) {
    return spacedError(400, `table ${conflict} already exists`);
  }
  const tables = asked.map((name) => ({
    name,
    status: left.includes(name) ? "skipped" : "triggered",
  }));
  return { status: 202, body: { status: "triggered", tables } };
}

async function bringBack(world: World, backup: SimBackup, table: string): Promise<void> {
  const { life } = world;
  await world.clock.sleep(world.restoreSeconds * 1000);
  if (world.life === life) world.restore(backup, table);
}

/** The query's check comes before the credential's. */
export function missingLocation(request: SimRequest): SimAnswer | undefined {
  if (request.query.get("location")) return undefined;
  return text(400, "Query argument location is required, but not found\n");
}

function parse<T extends z.ZodType>(schema: T, request: SimRequest) {
  const parsed = schema.safeParse(request.isJson ? request.body : undefined);
  if (parsed.success) return { data: parsed.data };
  const reason = request.text === "" ? "EOF" : "invalid character or type";
  return spacedError(400, `Failed to parse request: ${reason}`);
}

function isMissing(world: World, location: string): boolean {
  return !location.startsWith("s3://") && !world.exists(location);
}

function directory(location: string): string {
  return location.replace(/^file:\/\//, "").replace(/\/+$/, "");
}

/** Go's spelling of a time: more digits than a millisecond needs. */
export function nanoseconds(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace("Z", "456789Z");
}
