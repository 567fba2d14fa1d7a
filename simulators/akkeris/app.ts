import { randomUUID } from "node:crypto";
import { type NewRow, newRow, type SimFormationRow, toText } from "./row.ts";

/** An app and its part of the controller's formations table. */
export class SimApp {
  /** A UUID. */
  readonly id: string;
  /** The app's own name, without a hyphen: `foo` of `foo-default`. */
  readonly name: string;
  readonly space: string;
  /** The space's tags, as text; one with `compliance=prod` in it gets sizes with `-prod`. */
  tags: string;
  /** In maintenance only GET works. */
  maintenance = false;
  /** How often the whole app was redeployed, each formation of it. */
  redeploys = 0;
  /** All rows ever, deleted ones included, in the order of their creation. */
  readonly table: SimFormationRow[] = [];

  constructor(options: { id?: string; name: string; space: string; tags: string }) {
    this.id = options.id ?? randomUUID();
    this.name = options.name;
    this.space = options.space;
    this.tags = options.tags;
  }

  /** What URLs say: `foo-default`. */
  get key(): string {
    return `${this.name}-${this.space}`;
  }

  /** The rows that are not deleted. */
  get rows(): SimFormationRow[] {
    return this.table.filter((row) => !row.deleted);
  }

  /** Rows of a type, or the row of that ID, that are not deleted. */
  select(typeOrId: string): SimFormationRow[] {
    return this.rows.filter((row) => row.type === typeOrId || row.id === typeOrId);
  }

  insert(asked: NewRow, now: string): SimFormationRow {
    const row = newRow(asked, now);
    this.table.push(row);
    return row;
  }

  /**
   * Changes the rows of a type, deleted ones too; null and undefined change nothing.
   * @returns the rows changed: the oldest first, so a deleted one wherever there is one.
   */
  update(type: string, change: Record<string, unknown>, now: string): SimFormationRow[] {
    const command = toText(change.command);
    const healthcheck = toText(change.healthcheck);
    const rows = this.table.filter((row) => row.type === type);
    for (const row of rows) {
      if (typeof change.quantity === "number") row.quantity = change.quantity;
      if (typeof change.size === "string") row.size = change.size;
      if (typeof change.price === "number") row.price = change.price;
      if (typeof change.port === "number") row.port = change.port;
      row.command = command ?? row.command;
      row.healthcheck = healthcheck ?? row.healthcheck;
      row.updatedAt = now;
    }
    return rows;
  }

  /** Empties a column of the rows of a type. */
  clear(type: string, column: "command" | "healthcheck"): void {
    for (const row of this.table) if (row.type === type) row[column] = null;
  }

  /** Marks the rows of a type (or ID) deleted, those that were already too, and returns them all. */
  delete(typeOrId: string, now: string): SimFormationRow[] {
    const rows = this.table.filter((row) => row.type === typeOrId || row.id === typeOrId);
    for (const row of rows) {
      row.deleted = true;
      row.updatedAt = now;
    }
    return rows;
  }
}
