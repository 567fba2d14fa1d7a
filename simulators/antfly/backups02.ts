import { z } from "zod";
import type { SimAnswer, SimRequest } from "../kit/route.ts";
import { text } from "./answers.ts";
import { authorizeLocation } from "./connection.ts";
import type { SimBackup, World } from "./world.ts";

/** Up to 256 names, none twice. */
export const tableNames = z
  .array(z.string().min(1))
  .max(256)
  .refine((names) => new Set(names).size === names.length);

export const backupId = z
  .string()
  .regex(
    /^[A-Za-z0-9._-]{1,128}$/,
    "must be 1 to 128 of A-Z, a-z, 0-9, dot, underscore and hyphen",
  );

const backupRequest = z.strictObject({
  backup_id: backupId,
  location: z.string(),
  connection: z.string(),
  format: z.enum(["native", "portable"]).optional(),
  table_names: tableNames.optional(),
});

/** `POST /backup` of 0.2: synchronous, one at a time in a location, finished though the client left. */
export async function backUp(world: World, request: SimRequest): Promise<SimAnswer> {
  const parsed = backupRequest.safeParse(request.isJson ? request.body : undefined);
  if (!parsed.success) return text(400, "invalid backup request");
  const { backup_id: id, location, table_names } = parsed.data;
  const connection = authorizeLocation(world.connections, parsed.data, "backup.write", "backup");
  // The server's own order is no order of the names.
  const names = table_names ?? [...world.tables.keys()].reverse();
  if (names.length === 0) return text(400, "no tables to backup");
  if (!connection.reachable) return text(500, "backup failed");
  if (world.backups(location).has(id)) return text(409, "backup id already exists");
  if (world.isBusy(location)) return text(409, "backup repository is busy; retry later");
  const startedAt = world.clock.now();
  const { life } = world;
  world.hold(location);
  const tables = world.snapshot(names);
  await world.work();
  // Killed meanwhile: the location stays held, and nobody waits for this answer.
  if (world.life !== life) return { status: 500 };
  world.release(location);
  const isWhole = tables.size === names.length;
  // With a table missing the ID stays free, and nothing is listed.
  if (isWhole) world.publish(location, { id, startedAt, tables });
  const status = isWhole ? "completed" : tables.size > 0 ? "partial" : "failed";
  const results = names.map((name) =>
    tables.has(name)
      ? { name, status: "completed" }
      : { name, status: "failed", error: "not found" },
  );
  return { status: 200, body: { backup_id: id, tables: results, status } };
}

/** `GET /backups` of 0.2: in byte order of the IDs, page by page. */
export function listBackups(world: World, request: SimRequest): SimAnswer {
  const location = request.query.get("location") ?? "";
  const connection = request.query.get("connection") ?? "";
  const limit = request.query.get("limit") ?? "100";
  if (!/^\+?\d{1,9}$/.test(limit) || Number(limit) < 1 || Number(limit) > 1000) {
    return text(400, "invalid backup list limit", false);
  }
  const cursor = request.query.get("cursor");
  if (cursor !== null && !backupId.safeParse(cursor).success) {
    return text(400, "invalid backup list cursor", false);
  }
  const use = { location, connection };
  const { reachable } = authorizeLocation(world.connections, use, "restore.read", "backup");
  if (!reachable) return text(500, "backup list failed");
  const after = world
    .listed(location)
    .filter(({ id }) => cursor === null || id > cursor)
    .sort((left, right) => (left.id < right.id ? -1 : 1));
  const page = after.slice(0, Number(limit));
  const last = page.at(-1);
  const body = { backups: page.map((backup) => listed(backup, location)) };
  const isLast = page.length === after.length || last === undefined;
  return { status: 200, body: isLast ? body : { ...body, next_cursor: last.id } };
}

function listed({ id, finishedAt, tables }: SimBackup, location: string) {
  return {
    backup_id: id,
    timestamp: new Date(finishedAt).toISOString().replace(/\.\d+Z$/, "Z"),
    tables: [...tables.keys()],
    location,
    antfly_version: "zig-dev",
  };
}

/** The query is looked at before the credential. */
export function missingParameter(request: SimRequest): SimAnswer | undefined {
  const missing = ["location", "connection"].find((name) => !request.query.has(name));
  if (missing === undefined) return undefined;
  const message = `Missing required query parameter: ${missing}`;
  return { status: 400, body: { error: "missing_query_param", message } };
}
