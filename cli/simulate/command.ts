import { type Command, InvalidArgumentError, Option } from "commander";
import type { SimulationCommand } from "../../simulators/index.js";
import { addDetails, type Details } from "../details";
import { collected, jsonFlag } from "../flags";

/** What the user asks for. */
export interface SimulateFlags {
  serve?: boolean;
  system?: string[];
  seed?: string;
  fault?: string[];
  speed: number;
  log?: string;
  writeEnv?: string;
  json?: boolean;
}

const details: Details = {
  text: [
    "Runs a command against simulators of the four systems, which listen on 127.0.0.1 only: nothing costs money, nothing is real. The command gets their URLs and tokens in its environment, which in a simulation takes precedence over the stack's configuration, and the provider sends requests to the simulators only. When the command ends, so does the simulation, and nothing is left of it.",
    "Its stacks are kept in a folder that ends with the simulation, unless PULUMI_BACKEND_URL names a folder (file://…): then they are kept there.",
    [
      "A fault is:",
      "  [SYSTEM] METHOD PATH: WHAT [HOW OFTEN]",
      "  METHOD     GET, POST, PUT, PATCH, DELETE, or * for any",
      "  PATH       as --log shows it; * is one segment, ** any number of them",
      "  WHAT       lost, reset, hang, slow, delay 5s, status 503 [BODY]",
      "  HOW OFTEN  once (default), twice, 3 times, always",
      "What never struck is named at the end.",
    ].join("\n"),
  ],
  examples: [
    "formations simulate -- npm test",
    "formations simulate -- sh -c 'pulumi stack init simulated && pulumi up --yes'",
    "formations simulate --seed fleet.json -- formations discover",
    "formations simulate --fault 'POST /clusters/*/replicas: lost once' -- npm test",
    "formations simulate --serve --write-env simulation.env",
  ],
  exitCodes: {
    "0": "with --serve: Ctrl-C or SIGTERM; without it, the exit code is the command's own, or 128 and the number of the signal that ended it",
    "1": "a flag or the seed is wrong",
    "126": "the command can't be run",
    "127": "there is no such command",
  },
  page: "simulating",
};

/** Makes `formations simulate` and the commands for a simulation that runs. */
export function buildSimulate(command: Command): void {
  command
    .usage("[options] -- command...\n       formations simulate [options] --serve")
    .argument("[command...]", "what to run, after `--`")
    .option("--serve", "serve until Ctrl-C, and print the environment for other shells")
    .option("--system <names>", "only these systems: citus,akkeris; repeatable", systems)
    .option("--seed <file>", "what exists beforehand, as JSON; default: a few examples")
    .option("--fault <fault>", "what goes wrong, see below; repeatable", collected)
    .addOption(
      new Option("--speed <n>", "simulated seconds per second").argParser(speed).default(60),
    )
    .option("--log <file>", "log each request, without credentials; -: to standard error")
    .addOption(
      new Option("--write-env <file>", "serve, and write the environment there").implies({
        serve: true,
      }),
    )
    .addOption(jsonFlag("print JSON: the environment with --serve, else how it ended"))
    .action(run);
  addDetails(command, details);
  addControl(command);
  command.showHelpAfterError("What to run comes after `--`: formations simulate -- npm test");
}

async function run(words: string[], flags: SimulateFlags, command: Command): Promise<void> {
  // Loaded here, so that help needs none of it.
  const { serve, simulate } = await import("./run.js");
  if ((flags.serve ?? false) === words.length > 0) {
    command.error("error: either name a command to run, after `--`, or give --serve");
  }
  await (flags.serve ? serve(flags) : simulate(words, flags));
}

/** Adds what is asked of a simulation that runs. */
function addControl(command: Command): void {
  const list = command
    .command("list")
    .description("show what exists in the simulation that runs")
    .addOption(jsonFlag())
    // `--json` after `list` counts as the flag of the same name before it.
    .action(async (_: object, own: Command) => (await control()).list(own.optsWithGlobals()));
  addDetails(list, { examples: ["formations simulate list"], page: "simulating" });
  const fault = command
    .command("fault")
    .argument("<fault>", "as for `formations simulate --fault`")
    .description("have something go wrong from now on")
    .action(async (text: string) => tell({ do: "fault", text }));
  addDetails(fault, {
    examples: ["formations simulate fault 'POST /clusters/*/replicas: lost once'"],
    page: "simulating",
  });
  const drift = command.command("drift").description("change what exists, behind the stack's back");
  addDetails(drift, {
    text: [
      "It changes the simulation that FORMATIONS_SIMULATION names or, without that, the only one that runs. A value is JSON (5, true, null) or else text.",
    ],
    examples: Object.values(driftExamples).flat(),
    page: "simulating",
  });
  addDrift(drift);
  for (const one of drift.commands) {
    const examples = driftExamples[one.name() as keyof typeof driftExamples];
    addDetails(one, { examples, page: "simulating" });
  }
}

const driftExamples = {
  set: [
    "formations simulate drift set formation/orders workerCount=4",
    "formations simulate drift set replica/reports isProtected=true",
    "formations simulate drift set replica/reports clusterId=null",
    "formations simulate drift set app-formation/shop-dev/web quantity=5",
  ],
  delete: ["formations simulate drift delete app-formation/shop-dev/web"],
  add: ["formations simulate drift add formation name=orders"],
  down: ["formations simulate drift down crunchybridge"],
  up: ["formations simulate drift up crunchybridge"],
};

function addDrift(drift: Command): void {
  drift
    .command("set")
    .argument("<what>", "what `list` shows: app-formation/shop-dev/web")
    .argument("<values...>", "such as quantity=5")
    .description("change something")
    .action(async (what: string, values: string[]) => tell({ do: "set", what, values }));
  drift
    .command("delete")
    .argument("<what>", "what `list` shows: replica/reports")
    .description("delete something at once")
    .action(async (what: string) => tell({ do: "delete", what }));
  drift
    .command("add")
    .argument("<kind>", "such as formation; `list` shows others")
    .argument("<values...>", "as a seed has them: name=orders")
    .description("add something: a rival, if the program wants its place")
    .action(async (kind: string, values: string[]) => tell({ do: "add", kind, values }));
  for (const to of ["down", "up"] as const) {
    drift
      .command(to)
      .argument("<system>", "citus, crunchybridge, akkeris or antfly")
      .description(to === "down" ? "have a server refuse connections" : "have it accept them again")
      .action(async (system: string) => tell({ do: to, system }));
  }
}

async function tell(asked: SimulationCommand): Promise<void> {
  await (await control()).ask(asked);
}

function control() {
  return import("./control.js");
}

/** Reads `citus,akkeris`. */
function systems(text: string, before: readonly string[] = []): string[] {
  return [...before, ...text.split(",").map((name) => name.trim())];
}

function speed(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value <= 100_000) return value;
  throw new InvalidArgumentError("Use a number above 0, at most 100000.");
}
