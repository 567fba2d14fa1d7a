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
  /** RFC 3339 in UTC. */
  readonly createdAt: string;
  /** All rows ever, deleted ones included, in the order of their creation. */
  readonly table: SimFormationRow[] = [];

  constructor(options: {
    id?: string;
    name: string;
    space: string;
    tags: string;
    createdAt: string;
  }) {
    this.id = options.id ?? randomUUID();
    this.name = options.name;
    this.space = options.space;
    this.tags = options.tags;
    this.createdAt = options.createdAt;
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

/** IDs of what every app is in: one organization, one region. */
const organization = { id: "a7cd4e50-4d21-43a6-a3a4-5b8d2f4e9d6b", name: "engineering" };
const region = { id: "f5f1d4d9-aa4a-12aa-bec3-d44af53b59e3", name: "us-seattle" };
const stack = { id: "77777777-dddd-4444-bbbb-111111111111", name: "ds1" };

/** The order of the list of apps: by name, and then by space, the last one first. */
function byNameAndSpace(a: SimApp, b: SimApp): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.space > b.space ? -1 : 1;
}

/** The apps as `GET /apps` answers them. `archived_at` is when the app was created, whatever it says. */
export function listApps(apps: Iterable<SimApp>): object[] {
  return [...apps].sort(byNameAndSpace).map((app) => ({
    archived_at: app.createdAt,
    buildpack_provided_description: "default",
    build_stack: stack,
    created_at: app.createdAt,
    description: "",
    git_url: null,
    git_branch: null,
    id: app.id,
    labels: "",
    maintenance: app.maintenance,
    name: app.key,
    simple_name: app.name,
    key: app.key,
    owner: { email: "", id: organization.id },
    organization,
    formation: [],
    preview: null,
    region,
    released_at: null,
    repo_size: 0,
    slug_size: 0,
    space: { id: randomUUID(), name: app.space, compliance: app.tags },
    stack,
    updated_at: app.createdAt,
    web_url: `https://${app.key}.example.com`,
  }));
}
