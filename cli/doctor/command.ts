import type { Command } from "commander";
import type { StackOptions } from "../stack/pulumi";

/** What the user asks for. */
export interface DoctorFlags extends StackOptions {
  json?: boolean;
  clearBudget?: boolean;
}

const help = `
Tells what is wrong with a set-up. The first line of the output is the gravest
problem, with its cure, or "Everything is fine". It checks Node.js, Pulumi, the
plugin and the SDK; the stack, its secrets and its lock; where each key is set
(never its value); each server, with one request that changes nothing; the
machine's clock; the rate budget of Citus Cloud, and schedules without a runner.

Nothing is changed, except with --clear-budget. Outside a project it checks what
the environment configures.

Examples:
  formations doctor
  formations doctor --stack production --json

Exit code: 0 if everything is fine, warnings aside; 2 if there is a problem; 1 if
the check itself failed.

Everything about it: \`formations help doctor\``;

/** Makes `formations doctor`. */
export function buildDoctor(command: Command): void {
  command
    .option("-s, --stack <name>", "the stack; default: the selected one")
    .option("-C, --cwd <folder>", "the project's folder; default: the current folder")
    .option("--json", "print JSON")
    .option(
      "--clear-budget",
      "first forget the requests and the pause that the rate budgets of the accounts count",
    )
    .addHelpText("after", help)
    .action(action);
}

async function action(flags: DoctorFlags): Promise<void> {
  // Loaded here, so that no other command waits for it.
  const { doctor } = await import("./run.js");
  await doctor(flags);
}
