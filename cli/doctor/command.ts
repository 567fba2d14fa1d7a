import type { Command } from "commander";
import { addDetails, type Details } from "../details";
import { cwdFlag, jsonFlag, stackFlag } from "../flags";
import type { StackOptions } from "../stack/pulumi";

/** What the user asks for. */
export interface DoctorFlags extends StackOptions {
  json?: boolean;
  clearBudget?: boolean;
}

const details: Details = {
  text: [
    'Tells what is wrong with a set-up. The first line is the gravest problem, with its cure, or "Everything is fine". It checks Node.js, Pulumi, the plugin and the SDK; the stack, its secrets and its lock; where each key is set (never its value); each server, with one request that changes nothing; the machine\'s clock; the rate budget of Citus Cloud, and schedules without a runner.',
    "Nothing is changed, except with --clear-budget. Outside of a project it checks what the environment configures.",
  ],
  examples: ["formations doctor", "formations doctor --stack production --json"],
  exitCodes: {
    "0": "everything is fine, or there are only warnings",
    "1": "the command itself failed, or the arguments are wrong",
    "2": "there is a problem",
  },
  page: "doctor",
};

/** Makes `formations doctor`. */
export function buildDoctor(command: Command): void {
  command
    .addOption(stackFlag())
    .addOption(cwdFlag())
    .option(
      "--clear-budget",
      "first forget the requests and the pause that the rate budgets of the accounts count",
    )
    .addOption(jsonFlag())
    .action(action);
  addDetails(command, details);
}

async function action(flags: DoctorFlags): Promise<void> {
  // Loaded here, so that no other command waits for it.
  const { doctor } = await import("./run.js");
  await doctor(flags);
}
