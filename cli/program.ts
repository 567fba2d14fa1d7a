import { Command } from "commander";
import { FormationsError } from "../provider/errors";
import { toldInFull } from "../provider/process/more";
import { complain } from "../provider/process/output";
import { packageVersion } from "../provider/process/version";
import { addHelp } from "./help";

/** A command, or a group of them, whose modules are loaded when it is the one that runs. */
interface Group {
  /** As the list of commands shows it. */
  usage: string;
  description: string;
  /** Gives a command its flags, its help and its action. */
  load: () => Promise<(command: Command) => void>;
}

/** By name, in the order of the list. */
const groups: Readonly<Record<string, Group>> = {
  discover: {
    usage: "discover [options]",
    description: "list what exists in your accounts, and what no stack manages",
    load: async () => (await import("./discover/command.js")).buildDiscover,
  },
  recover: {
    usage: "recover [options]",
    description: "complete a stack's state after a killed run, or adopt what exists",
    load: async () => (await import("./recover/command.js")).buildRecover,
  },
  prices: {
    usage: "prices [options]",
    description: "show or save the prices that the systems publish",
    load: async () => (await import("./prices/command.js")).buildPrices,
  },
  backups: {
    usage: "backups",
    description: "run and manage Antfly backups",
    load: async () => (await import("./backups/index.js")).buildBackups,
  },
  environments: {
    usage: "environments [options]",
    description: "compare the stacks of a project: resources down, stacks across",
    load: async () => (await import("./environments/command.js")).buildEnvironments,
  },
  explain: {
    usage: "explain [options] [files...]",
    description: "say what the changes of a preview do to data and service",
    load: async () => (await import("./explain/command.js")).buildExplain,
  },
  doctor: {
    usage: "doctor [options]",
    description: "tell what is wrong with a set-up, and what to do about it",
    load: async () => (await import("./doctor/command.js")).buildDoctor,
  },
  simulate: {
    usage: "simulate [options] [command...]",
    description: "try a program or a test against simulators of the four systems",
    load: async () => (await import("./simulate/command.js")).buildSimulate,
  },
};

/** Runs the command `formations`, and sets the process's exit code. */
export async function run(): Promise<void> {
  try {
    const program = await programOf(process.argv.slice(2));
    await program.parseAsync();
  } catch (error) {
    const isExplained = error instanceof FormationsError;
    complain(`formations: ${isExplained ? toldInFull(error) : (error as Error).stack}`);
    process.exitCode = 1;
  }
}

/**
 * The program, with what its arguments need: the list of commands needs none of them, one that runs needs
 * only itself, and help needs all.
 */
export async function programOf(args: readonly string[]): Promise<Command> {
  const program = new Command("formations")
    .description(
      "Discovery, reviews, recovery, backups, prices and diagnosis for stacks of pulumi-formations.",
    )
    .version(packageVersion())
    // Every error begins alike, those of the arguments too; commands inherit this.
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, "formations: ")),
    });
  const named = args.find((arg) => !arg.startsWith("-"));
  for (const [name, { usage, description, load }] of Object.entries(groups)) {
    const isNeeded = named === name || (named !== undefined && groups[named] === undefined);
    const command = program.command(isNeeded ? name : usage).description(description);
    if (isNeeded) (await load())(command);
  }
  addHelp(program);
  return program;
}
