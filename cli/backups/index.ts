import type { Command } from "commander";
import { addExport } from "./commands/export";
import { addList } from "./commands/list";
import { addRestore } from "./commands/restore";
import { addRun } from "./commands/run";
import { addStatus } from "./commands/status";
import { addTake } from "./commands/take";
import { addVerify } from "./commands/verify";

/** Makes `formations backups`. */
export function buildBackups(backups: Command): void {
  addRun(backups);
  addStatus(backups);
  addExport(backups);
  addTake(backups);
  addList(backups);
  addRestore(backups);
  addVerify(backups);
}
