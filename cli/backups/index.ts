import type { Command } from "commander";
import { addDetails } from "../details";
import { addExport } from "./commands/export";
import { addList } from "./commands/list";
import { addRestore } from "./commands/restore";
import { addRun } from "./commands/run";
import { addStatus } from "./commands/status";
import { addTake } from "./commands/take";
import { addVerify } from "./commands/verify";

/** Makes `formations backups`. */
export function buildBackups(backups: Command): void {
  backups.helpCommand("help [command]", "show the help of a command");
  addRun(backups);
  addStatus(backups);
  addExport(backups);
  addTake(backups);
  addList(backups);
  addRestore(backups);
  addVerify(backups);
  addDetails(backups, {
    examples: [
      "formations backups run --stack production",
      "formations backups status --stack production",
      "formations backups list --location s3://backups/production",
      "formations backups restore nightly-20310115T030000Z --table orders",
    ],
    page: "backups",
  });
}
