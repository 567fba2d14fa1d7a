import type { Command } from "commander";
import { systemClock } from "../../../provider/process/clock";
import { print } from "../../../provider/process/output";
import { addDetails, type Details } from "../../details";
import { jsonFlag } from "../../flags";
import { fail, printJson } from "../../say";
import { watching } from "../../terminal/progress";
import { tableWidth } from "../../terminal/width";
import { Connections } from "../connections";
import { count, overdueAfterFlag, stateFolder, withMemory } from "../flags";
import { needsCare, statusOf, statusTable } from "../reporting/status";
import { fileMemory } from "../runner/memory";
import { type SourceFlags, sourcesOf, withSources } from "../schedules/flags";
import { loadSchedules } from "../schedules/schedule";

interface Flags extends SourceFlags {
  json?: boolean;
  backups: number;
  overdueAfter: number;
  catchUp?: number;
  stateDir?: string;
}

const details: Details = {
  text: [
    "States: ok (the last backup is listed), expired (it was taken, and has been removed from the location since), lapsed (it is not listed, and it is too late to take it: it was taken and removed, or missed), due, overdue, waiting (for the first slot), suspended, unknown (the location can't be listed).",
    "Times are in each schedule's zone, beside UTC.",
  ],
  examples: [
    "formations backups status --stack production",
    "formations backups status --file schedules.json --json",
  ],
  exitCodes: {
    "0": "no backup is overdue",
    "1": "a backup is overdue, a status is unknown, or something failed",
  },
  page: "backups",
};

/** Adds `formations backups status`. */
export function addStatus(backups: Command): void {
  const command = withSources(backups.command("status"))
    .description("show the status of all schedules")
    .addOption(jsonFlag())
    .option("--backups <number>", "number of backups to show per schedule", count, 3)
    .addOption(overdueAfterFlag());
  addDetails(withMemory(command).action(action), details);
}

async function action(flags: Flags): Promise<void> {
  const { json, backups, overdueAfter, catchUp, stateDir, ...from } = flags;
  const sources = sourcesOf(from, new Connections());
  const { statuses, failures } = await watching("Looking at schedules and backups", async () => {
    const loaded = await loadSchedules(sources);
    const found = await statusOf(loaded.schedules, {
      clock: systemClock,
      signal: new AbortController().signal,
      overdueAfterMs: overdueAfter,
      backups,
      catchUpMs: catchUp,
      memory: fileMemory(stateFolder(stateDir)),
    });
    return { statuses: found, failures: loaded.failures };
  });
  for (const { message } of failures) fail(message);
  if (json) printJson({ schedules: statuses, failures: failures.map(({ message }) => message) });
  else if (statuses.length > 0) print(statusTable(statuses, tableWidth()));
  if (failures.length > 0 || statuses.some(needsCare)) process.exitCode = 1;
}
