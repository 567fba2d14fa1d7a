import { randomUUID } from "node:crypto";
import { serverError } from "./refusal.ts";

/** A formation as the controller's table has it. */
export interface SimFormationRow {
  /** A UUID. */
  id: string;
  type: string;
  command: string | null;
  /** What was asked last; how many run is another matter. */
  quantity: number;
  port: number | null;
  size: string;
  healthcheck: string | null;
  oneoff: boolean;
  options: unknown;
  /** US cents a month. */
  price: number;
  /** Deleted rows stay in the table, and are found again by some of the calls. */
  deleted: boolean;
  /** RFC 3339 in UTC. */
  createdAt: string;
  updatedAt: string;
}

/** A row in the making; what is absent gets the table's default. */
export type NewRow = Pick<SimFormationRow, "type" | "quantity" | "size" | "price"> & {
  command?: unknown;
  port?: unknown;
  healthcheck?: unknown;
  oneoff?: unknown;
  options?: unknown;
};

/** Whether it is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A value as a text column takes it: numbers and objects become text.
 * @throws Refusal 500 over 1024 characters, for the controller doesn't check what its table refuses.
 */
export function toText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  if (text.length > 1024) throw serverError();
  return text;
}

/** A row as the table stores it. @throws Refusal 500 for what the table refuses. */
export function newRow(asked: NewRow, now: string): SimFormationRow {
  const { oneoff = false, options = {} } = asked;
  // Columns: type varchar(128); oneoff and options are not null.
  if (asked.type.length > 128 || typeof oneoff !== "boolean" || !options) throw serverError();
  return {
    id: randomUUID(),
    type: asked.type,
    command: toText(asked.command),
    quantity: asked.quantity,
    port: typeof asked.port === "number" ? asked.port : null,
    size: asked.size,
    healthcheck: toText(asked.healthcheck),
    oneoff,
    options,
    price: asked.price,
    deleted: false,
    createdAt: now,
    updatedAt: now,
  };
}

/**
 * A row as the API answers it; `oneoff` and `options` are never told.
 * @param appName what `app.name` says; undefined leaves it out.
 */
export function toPayload(row: SimFormationRow, appId: string, appName: string | undefined) {
  const web = row.type === "web";
  return {
    app: { name: appName, id: appId },
    command: row.command,
    created_at: row.createdAt,
    id: row.id,
    quantity: row.quantity,
    size: row.size,
    type: row.type,
    port: web ? row.port : null,
    healthcheck: web ? row.healthcheck : null,
    updated_at: row.updatedAt,
  };
}

/** A row as DELETE answers it: the table's columns. */
export function toRawRow(row: SimFormationRow, appId: string) {
  return {
    formation: row.id,
    app: appId,
    created: row.createdAt,
    updated: row.updatedAt,
    type: row.type,
    command: row.command,
    quantity: row.quantity,
    port: row.port,
    size: row.size,
    price: row.price,
    deleted: row.deleted,
    healthcheck: row.healthcheck,
    oneoff: row.oneoff,
    options: row.options,
  };
}
