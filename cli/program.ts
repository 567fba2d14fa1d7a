import { Command } from "commander";
import { FormationsError } from "../provider/errors";
import { complain } from "../provider/process/output";
import { packageVersion } from "../provider/process/version";
import { addBackups } from "./backups";
import { addDiscover } from "./discover/command";
import { addEnvironments } from "./environments/command";
import { addExplain } from "./explain/command";
import { addHelp } from "./help";
import { addPrices } from "./prices/command";
import { addRecover } from "./recover/command";

/** Runs the command `formations`, and sets the process's exit code. */
export async function run(): Promise<void> {
  const program = new Command("formations")
    .description(
      "Discovery, reviews, recovery, backups and prices for stacks of pulumi-formations.",
    )
    .version(packageVersion())
    // Every error begins alike, those of the arguments too; commands inherit this.
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, "formations: ")),
    });
  addDiscover(program);
  addRecover(program);
  addPrices(program);
  addBackups(program);
  addEnvironments(program);
  addExplain(program);
  addHelp(program);
  try {
    await program.parseAsync();
  } catch (error) {
    const isExplained = error instanceof FormationsError;
    complain(`formations: ${isExplained ? error.message : (error as Error).stack}`);
    process.exitCode = 1;
  }
}
