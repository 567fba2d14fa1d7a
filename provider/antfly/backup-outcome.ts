import type { Conflict } from "../http/errors";
import type { TableOutcome } from "./responses";

/**
 * How a backup ended:
 *
 * - `completed`: it contains every table;
 * - `partial`, `failed`: some or all tables are missing. 0.2 neither lists such a backup nor keeps its
 *   ID; v0.1 lists it, with the tables that it contains;
 * - `ambiguous`: the server cannot say. Check the list before retrying;
 * - `exists`: nothing was done, since the location has a backup of that ID (0.2; v0.1 overwrites it);
 * - `busy`: nothing was done, since another backup is being written to the location (0.2).
 */
export type BackupOutcome = "completed" | "partial" | "failed" | "ambiguous" | "exists" | "busy";

/** How a backup ended, as a whole and per table. */
export interface BackupResult {
  outcome: BackupOutcome;
  /** Empty where nothing was done. */
  tables: TableOutcome[];
  /** The outcome in the server's own words. */
  serverSays: string;
}

/** What the status in a 200 means. One that is unknown means neither success nor failure. */
export function outcomeOf(status: string): BackupOutcome {
  switch (status) {
    case "completed":
    case "successful":
      return "completed";
    case "partial":
    case "failed":
      return status;
    default:
      return "ambiguous";
  }
}

/** What a 409 of 0.2 means. All are texts except `backup_outcome_ambiguous`, which is a code. */
export function conflictOf({ serverCode, serverMessage }: Conflict): BackupOutcome | undefined {
  if (serverCode === "backup_outcome_ambiguous") return "ambiguous";
  if (serverMessage?.includes("already exists")) return "exists";
  if (serverMessage?.includes("busy")) return "busy";
  return undefined;
}
