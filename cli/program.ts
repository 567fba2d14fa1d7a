import { Command, CommanderError, Help } from "commander";
import { FormationsError } from "../provider/errors";
import { packageVersion } from "../provider/process/version";
import { addHelp } from "./help";
import { textWidth } from "./terminal/width";

/** A command, or a group of them, whose modules are loaded when it is the one that runs. */
interface Group {
  /** As the list of commands shows it. */
  usage: string;
  description: string;
  /** Gives a command its flags, its help and its action. */
  load: () => Promise<(command: Command) => void>;
  /** Whether the list of commands leaves it out: only programs run it. */
  isHidden?: boolean;
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
  completion: {
    usage: "completion <shell>",
    description: "print a script that completes commands, flags and stacks in a shell",
    load: async () => (await import("./completion/command.js")).buildCompletion,
  },
  complete: {
    usage: "complete",
    description: "say what a command line can go on with, for the script of `completion`",
    load: async () => (await import("./completion/command.js")).buildComplete,
    isHidden: true,
  },
};

/** Runs the command `formations`, and sets the process's exit code. */
export async function run(): Promise<void> {
  const complaints: Complaints = { advice: [] };
  try {
    const program = await programOf(process.argv.slice(2), complaints);
    await program.parseAsync();
  } catch (error) {
    await explain(error, complaints);
  }
}

/**
 * Keeps the process alive when it can't write. A reader of standard output may stop (`| head`): the command
 * goes on, and its exit code stays true. Output that can't be stored, as on a full disk, is a failure.
 */
export function guardOutput({ stdout } = process): void {
  let isLost = false;
  // Without a listener, an error ends the process with a stack trace, or is not noticed at all.
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" || isLost) return;
    isLost = true;
    console.error(`formations: Standard output can't be written: ${error.message}`);
  });
  process.once("exit", () => {
    if (isLost) process.exitCode = 1;
  });
}

/** What commander says of wrong arguments, which the command says once it has loaded how. */
interface Complaints {
  problem?: string;
  advice: string[];
}

/** Says why the command ends, and sets the exit code. */
async function explain(error: unknown, { problem, advice }: Complaints): Promise<void> {
  const isOver = error instanceof CommanderError;
  process.exitCode = isOver ? error.exitCode : 1;
  // Help ends in an error too, which is none.
  if (isOver && problem === undefined) return;
  const [{ fail, note }, { toldInFull }] = [
    await import("./say.js"),
    await import("../provider/process/more.js"),
  ];
  if (problem !== undefined) fail(problemIn(problem));
  else if (error instanceof FormationsError) fail(toldInFull(error));
  else fail(String((error as Error).stack));
  if (advice.length > 0) note(advice.join("").trimEnd());
}

/**
 * The program, with what its arguments need: the list of commands needs none of them, one that runs needs
 * only itself, and help needs all.
 */
export async function programOf(
  args: readonly string[],
  complaints: Complaints = { advice: [] },
): Promise<Command> {
  const program = new Command("formations")
    .description(
      "Discovery, reviews, recovery, backups, prices and diagnosis for stacks of pulumi-formations.",
    )
    .version(packageVersion(), "-V, --version", "show the version")
    .helpOption("-h, --help", "show this help")
    .configureHelp({
      commandDescription: (command) => sentence(command.description()),
      minWidthToWrap: leastRoom,
      formatItem: itemInHelp,
    })
    // Every error begins alike, those of the arguments too; commands inherit this.
    .configureOutput({
      getOutHelpWidth: () => textWidth(process.stdout),
      getErrHelpWidth: () => textWidth(process.stderr),
      outputError: (text) => {
        complaints.problem = text;
      },
      writeErr: (text) => {
        if (complaints.problem === undefined) console.error(text.replace(/\n$/, ""));
        else complaints.advice.push(text);
      },
    })
    .exitOverride();
  const named = args.find((arg) => !arg.startsWith("-"));
  for (const [name, { usage, description, load, isHidden }] of Object.entries(groups)) {
    const isNeeded = named === name || (named !== undefined && groups[named] === undefined);
    const hidden = isHidden === true;
    const command = program.command(isNeeded ? name : usage, { hidden }).description(description);
    adviseAfterErrors(command, `formations ${name}`);
    // A command may know better what to advise.
    if (isNeeded) (await load())(command);
    for (const one of command.commands) adviseAfterErrors(one, `formations ${name} ${one.name()}`);
  }
  await addHelp(program, named === "help");
  program.showHelpAfterError("`formations --help` lists the commands.");
  return program;
}

/** The columns that a description needs beside what it is about. With fewer, it goes below. */
const leastRoom = 20;

/** A flag or a command with its description, also where a terminal is narrow. */
function itemInHelp(
  this: Help,
  ...[term, termWidth, description, helper]: Parameters<Help["formatItem"]>
): string {
  const width = this.helpWidth ?? textWidth();
  const isNarrow = width - termWidth - 4 < leastRoom;
  if (!isNarrow || !description) {
    return Help.prototype.formatItem.call(this, term, termWidth, description, helper);
  }
  const indent = " ".repeat(6);
  const below = helper.boxWrap(description, width - indent.length);
  return `  ${term}\n${below.replaceAll(/^/gm, indent)}`;
}

/** What commander says of wrong arguments, and how all other errors would say it. */
const rewordings: readonly (readonly [words: RegExp, ours: string])[] = [
  [/^error: /, ""],
  [/^option '(.+)' argument missing/, "option '$1' needs a value"],
  [/^option '(.+?)' argument '(.*?)' is invalid\. /s, "'$2' is not a valid value of '$1'. "],
  [/^command-argument value '(.*?)' is invalid for argument/s, "'$1' is not a valid value of"],
  [/\.?\n\(Did you mean (.+)\?\)$/, ". Did you mean $1?"],
];

/** What is wrong with the arguments, in sentences. */
function problemIn(text: string): string {
  const problem = rewordings.reduce(
    (said, [words, ours]) => said.replace(words, ours),
    text.trim(),
  );
  const sentences = problem.replaceAll(/(?:^|(?<=\. ))[a-z]/g, (letter) => letter.toUpperCase());
  return /[.?!]$/.test(sentences) ? sentences : `${sentences}.`;
}

/** Has an error about the arguments of a command end in where its help is. */
function adviseAfterErrors(command: Command, path: string): void {
  command.showHelpAfterError(`\`${path} --help\` shows how to use it.`);
  for (const one of command.commands) adviseAfterErrors(one, `${path} ${one.name()}`);
}

/** The description of a command in a list, as a sentence of its own. */
function sentence(description: string): string {
  return `${description.charAt(0).toUpperCase()}${description.slice(1).replace(/\.$/, "")}.`;
}
