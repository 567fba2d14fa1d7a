import { type Command, Option } from "commander";
import { complain, print } from "../../provider/process/output";
import { collected, timeoutFlag } from "../flags";
import type { FileFlags } from "./files";

/** What the user asks for. */
export interface DiscoverFlags extends FileFlags {
  system?: string[];
  name?: string[];
  region?: string;
  app?: string[];
  environment?: string;
  stack?: string[];
  cwd?: string;
  unmanaged?: boolean;
  prices?: string | true;
  json?: boolean;
  timeout: number;
}

const help = `
Lists what exists in every account that the environment configures, and with
--stack those of the stack's providers.

Exit code: 0 if everything was listed; 1 on failure; 2 if something is left to
decide; 3 if something could not be listed or read (what was found is kept).`;

/** Adds `formations discover`. */
export function addDiscover(program: Command): void {
  const command = program
    .command("discover")
    .description("list what exists in your accounts, and what no stack manages")
    .option("--system <name>", "only this system; repeatable", collected)
    .option("--name <pattern>", "only names like this, with * and ?; repeatable", collected)
    .option("--region <region>", "only this region")
    .option("--app <app>", "only this app, by name or ID; repeatable", collected)
    .option("--environment <name>", "only what is marked as this environment")
    .option("-s, --stack <name>", "a stack that may manage it; repeatable", collected)
    .option("-C, --cwd <folder>", "the project's folder; default: the current folder")
    .option("--unmanaged", "only what no stack manages, and what the stacks lack on the servers")
    .addOption(new Option("--prices [file]", "what it costs per month"))
    .option("--json", "print JSON")
    .addOption(timeoutFlag("time limit"))
    .addHelpText("after", help)
    .action(action);
  // Loaded here, so that no other command waits for it.
  void command;
}

async function action(flags: DiscoverFlags): Promise<void> {
  const { discover } = await import("./run.js");
  const { out, complaints, exitCode } = await discover(flags);
  if (out !== "") print(out);
  for (const line of complaints) complain(line);
  if (exitCode !== 0) process.exitCode = exitCode;
}
