import type { Command } from "commander";
import { systemClock } from "../../provider/process/clock";
import { complain, print } from "../../provider/process/output";
import { replaceFile } from "../../provider/process/replace-file";
import { exportSchedules } from "./export";
import { describeList } from "./list";
import { describeRestore } from "./restore-command";
import { describeRun, overdueAfter } from "./run-command";
import { loadSchedules, WrongSchedule } from "./schedules";
import { count, type SourceOptions, sourcesOf, withSources, withStacks } from "./source-options";
import { needsCare, statusOf, statusTable } from "./status";
import { describeTake } from "./take";
import { describeVerify } from "./verify-command";

/** Adds `formations backups` to the command. */
export function describeBackups(program: Command): void {
  const backups = program.command("backups").description("takes and looks after Antfly's backups");
  describeRun(backups);
  describeStatus(backups);
  describeExport(backups);
  describeTake(backups);
  describeList(backups);
  describeRestore(backups);
  describeVerify(backups);
}

interface StatusFlags extends SourceOptions {
  json?: boolean;
  backups: number;
  overdueAfter: number;
}

function describeStatus(backups: Command): void {
  withSources(backups.command("status").description("shows how the schedules stand"))
    .optionsGroup("How:")
    .option("--json", "as JSON")
    .option("--backups <number>", "how many backups of each are shown", count, 3)
    .addOption(overdueAfter())
    .addHelpText("after", "\nEnds with 1 when something is overdue, or can't be found out.")
    .action(status);
}

async function status({ json, backups, overdueAfter, ...from }: StatusFlags): Promise<void> {
  const { schedules, failures } = await loadSchedules(sourcesOf(from));
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

/** The file may have keys. */
const ownerOnly = 0o600;

interface ExportFlags {
  stack?: string[];
  cwd?: string;
  output?: string;
  showSecrets?: boolean;
}

function describeExport(backups: Command): void {
  withStacks(backups.command("export"))
    .description("writes stacks' schedules for runners that have neither Pulumi nor the state")
    .option("-o, --output <path>", "the file; default: the output")
    .option("--show-secrets", "with the API keys, which the runner else has in its environment")
    .action(exportTo);
}

async function exportTo({ stack = [], cwd, output, showSecrets }: ExportFlags): Promise<void> {
  if (stack.length === 0) throw new WrongSchedule("Say whose schedules: --stack.");
  const stacks = stack.map((name) => ({ stack: name, cwd }));
  const file = await exportSchedules(stacks, showSecrets === true);
  const text = `${JSON.stringify(file, undefined, 2)}\n`;
  if (output === undefined) process.stdout.write(text);
  else replaceFile(output, text, ownerOnly);
}
