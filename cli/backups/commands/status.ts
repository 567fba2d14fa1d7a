import type { Command } from "commander";
import { systemClock } from "../../../provider/process/clock";
import { complain, print } from "../../../provider/process/output";
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

const help = `
States: ok (the last backup is listed), expired (it was taken, and has been removed from the location
since), lapsed (it is not listed, and it is too late to take it: it was taken and removed, or missed), due,
overdue, waiting (for the first slot), suspended, unknown (the location can't be listed).

Exit code: 1 if a backup is overdue or a status is unknown, else 0.`;

/** Adds `formations backups status`. */
export function addStatus(backups: Command): void {
  const command = withSources(backups.command("status"))
    .description("show the status of all schedules")
    .option("--json", "print JSON")
    .option("--backups <number>", "number of backups to show per schedule", count, 3)
    .addOption(overdueAfterFlag());
  withMemory(command).addHelpText("after", help).action(action);
}

async function action(flags: Flags): Promise<void> {
  const { json, backups, overdueAfter, catchUp, stateDir, ...from } = flags;
  const { schedules, failures } = await loadSchedules(sourcesOf(from, new Connections()));
  for (const { message } of failures) complain(message);
  const statuses = await statusOf(schedules, {
    clock: systemClock,
    signal: new AbortController().signal,
    overdueAfterMs: overdueAfter,
    backups,
    catchUpMs: catchUp,
    memory: fileMemory(stateFolder(stateDir)),
  });
  if (json) print(JSON.stringify({ schedules: statuses }, undefined, 2));
  else if (statuses.length > 0) print(statusTable(statuses));
  if (failures.length > 0 || statuses.some(needsCare)) process.exitCode = 1;
}
