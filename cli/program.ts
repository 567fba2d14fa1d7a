import { Command } from "commander";
import { FormationsError } from "../provider/errors";
import { complain } from "../provider/process/output";
import { packageVersion } from "../provider/process/version";
import { describeBackups } from "./backups";
import { describeRecover } from "./recover/command";

/** Runs the command `formations`; how it ended is the process' exit code. */
export async function run(): Promise<void> {
  const program = new Command("formations")
    .description("What pulumi-formations does besides `pulumi up`.")
    .version(packageVersion());
  describeRecover(program);
  describeBackups(program);
  try {
    await program.parseAsync();
  } catch (error) {
    const isExplained = error instanceof FormationsError;
    complain(`formations: ${isExplained ? error.message : (error as Error).stack}`);
    process.exitCode = 1;
  }
}
