import type { Command } from "commander";
import { systemClock } from "../../../provider/process/clock";
import { complain, print } from "../../../provider/process/output";
import { Connections } from "../connections";
import { count, overdueAfterFlag } from "../flags";
import { needsCare, statusOf, statusTable } from "../reporting/status";
import { type SourceFlags, sourcesOf, withSources } from "../schedules/flags";
import { loadSchedules } from "../schedules/schedule";

interface Flags extends SourceFlags {
  json?: boolean;
  backups: number;
  overdueAfter: number;
}

const help = "\nExit code: 1 if a backup is overdue or a status is unknown, else 0.";

/** Adds `formations backups status`. */
export function addStatus(backups: Command): void {
  withSources(backups.command("status"))
    .description("show the status of all schedules")
    .option("--json", "print JSON")
    .option("--backups <number>", "number of backups to show per schedule", count, 3)
    .addOption(overdueAfterFlag())
    .addHelpText("after", help)
    .action(action);
}

async function action({ json, backups, overdueAfter, ...from }: Flags): Promise<void> {
  const { schedules, failures } = await loadSchedules(sourcesOf(from, new Connections()));
  for (const { message } of failures) complain(message);
  const statuses = await statusOf(schedules, {
    clock: systemClock,
    signal: new AbortController().signal,
    overdueAfterMs: overdueAfter,
    backups,
  });
  if (json) print(JSON.stringify({ schedules: statuses }, undefined, 2));
  else if (statuses.length > 0) print(statusTable(statuses));
  if (failures.length > 0 || statuses.some(needsCare)) process.exitCode = 1;
}
